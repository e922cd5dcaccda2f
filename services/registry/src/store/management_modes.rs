//! How areas are managed, as rows: one a decision, never changed.

use db::StoreError;
use ids::{AreaId, BallotId};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::management_mode::{ActiveModel, Column, Entity};
use super::{Tx, raced, text};
use crate::domain::area::Area;
use crate::domain::management_mode::{ManagementMode, Mode, ModeDecision};

/// How an area is and was managed.
///
/// # Errors
/// As the statement.
pub async fn of_area(connection: &impl ConnectionTrait, area: &Area) -> Result<ManagementMode, StoreError> {
    let rows = Entity::find()
        .filter(Column::AreaId.eq(area.id.as_uuid()))
        .order_by_asc(Column::Version)
        .all(connection)
        .await?;
    let decisions = rows.into_iter().map(|row| {
        Ok(ModeDecision {
            mode: text::read("management_modes", &row.mode)?,
            since: row.since,
            ballot_id: BallotId::from_uuid(row.ballot_id),
        })
    });
    Ok(ManagementMode {
        area_id: area.id,
        undecided: area.manager_id.map(|_| Mode::Firm),
        decisions: decisions.collect::<Result<_, StoreError>>()?,
    })
}

impl Tx {
    /// Records the decision that makes so many of an area.
    ///
    /// # Errors
    /// `Conflict` where another was recorded at the same moment.
    pub async fn insert_mode_decision(
        &self,
        area_id: AreaId,
        version: i64,
        decision: &ModeDecision,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            area_id: Set(area_id.as_uuid()),
            version: Set(version),
            mode: Set(<&str>::from(decision.mode).to_owned()),
            since: Set(decision.since),
            ballot_id: Set(decision.ballot_id.as_uuid()),
        };
        Entity::insert(row)
            .exec_without_returning(self.connection())
            .await
            .map_err(StoreError::from)
            .map_err(raced)?;
        Ok(())
    }
}
