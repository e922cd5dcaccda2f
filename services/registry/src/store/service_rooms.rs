//! Checks of service rooms, as rows.

use db::StoreError;
use ids::AreaId;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::service_room_check::{ActiveModel, Column, Entity};
use super::{Tx, raced};
use crate::domain::service_rooms::ServiceRooms;

/// The latest check of an area; none where it was never checked.
///
/// # Errors
/// As the statement.
pub async fn latest(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<Option<ServiceRooms>, StoreError> {
    let row = Entity::find()
        .filter(Column::AreaId.eq(area_id.as_uuid()))
        .order_by_desc(Column::Version)
        .one(connection)
        .await?;
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
