//! Checks of service rooms, as rows.

use chrono::NaiveDate;
use db::StoreError;
use ids::AreaId;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::service_room_check::{ActiveModel, Column, Entity};
use super::{Tx, raced};
use crate::domain::service_rooms::ServiceRooms;

/// The latest check of an area, or the latest of a day and before; none where it was not checked.
///
/// # Errors
/// As the statement.
pub async fn latest(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    by: Option<NaiveDate>,
) -> Result<Option<ServiceRooms>, StoreError> {
    let mut select = Entity::find().filter(Column::AreaId.eq(area_id.as_uuid()));
    if let Some(by) = by {
        select = select.filter(Column::CheckedOn.lte(by));
    }
    let row = select.order_by_desc(Column::Version).one(connection).await?;
    row.map(|row| Ok(serde_json::from_str(&row.detail)?)).transpose()
}

impl Tx {
    /// Records a check; earlier ones stay.
    ///
    /// # Errors
    /// `Conflict` where another check of the area was recorded at the same moment.
    pub async fn insert_service_rooms(&self, rooms: &ServiceRooms) -> Result<(), StoreError> {
        let row = ActiveModel {
            area_id: Set(rooms.area_id.as_uuid()),
            version: Set(rooms.version),
            checked_on: Set(rooms.checked_on),
            detail: Set(serde_json::to_string(rooms)?),
        };
        db::insert_chunked(self.connection(), [row], None)
            .await
            .map_err(raced)?;
        Ok(())
    }
}
