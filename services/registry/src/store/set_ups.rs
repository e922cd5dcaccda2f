//! Areas whose first assembly is to be prepared, as rows: one an area, written once.

use chrono::NaiveDate;
use db::StoreError;
use ids::AreaId;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::entity::set_up::{ActiveModel, Entity};
use super::{Tx, raced, text};
use crate::domain::set_up::Condition;

/// Which condition was found met on which day; none before.
///
/// # Errors
/// As the statement.
pub async fn find(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<Option<(Condition, NaiveDate)>, StoreError> {
    let row = Entity::find_by_id(area_id.as_uuid()).one(connection).await?;
    row.map(|row| Ok((text::read("set_ups", &row.condition)?, row.due_on)))
        .transpose()
}

impl Tx {
    /// Records that a condition was found met.
    ///
    /// # Errors
    /// `Conflict` where it was recorded at the same moment.
    pub async fn insert_set_up(
        &self,
        area_id: AreaId,
        condition: Condition,
        due_on: NaiveDate,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            area_id: Set(area_id.as_uuid()),
            condition: Set(<&str>::from(condition).to_owned()),
            due_on: Set(due_on),
        };
        db::insert_chunked(self.connection(), [row], None)
            .await
            .map_err(raced)?;
        Ok(())
    }
}
