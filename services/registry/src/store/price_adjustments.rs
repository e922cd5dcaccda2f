//! Price adjustments as rows.

use db::StoreError;
use ids::{AreaId, PriceAdjustmentId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entity::price_adjustment::{ActiveModel, Column, Entity, Model};
use super::{Tx, raced};
use crate::domain::price::{Adjustment, State};

/// A page of the adjustments of an area, newest first, proposed before `after`.
///
/// # Errors
/// As the statement.
pub async fn list(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
    after: Option<PriceAdjustmentId>,
    limit: u64,
) -> Result<Vec<Adjustment>, StoreError> {
    let mut select = Entity::find().filter(Column::AreaId.eq(area_id.as_uuid()));
    if let Some(after) = after {
        select = select.filter(Column::Id.lt(after.as_uuid()));
    }
    let rows = select
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// The adjustment, where it exists.
///
/// # Errors
/// As the statement.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: PriceAdjustmentId,
) -> Result<Option<Adjustment>, StoreError> {
    let row = Entity::find_by_id(id.as_uuid()).one(connection).await?;
    row.map(from_row).transpose()
}

/// The adjustment of an area that is under way, where there is one.
///
/// # Errors
/// As the statement.
pub async fn open_of(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<Option<Adjustment>, StoreError> {
    let row = Entity::find()
        .filter(Column::AreaId.eq(area_id.as_uuid()))
        .filter(Column::State.is_in(State::OPEN))
        .one(connection)
        .await?;
    row.map(from_row).transpose()
}

impl Tx {
    /// Records an adjustment.
    ///
    /// # Errors
    /// `Conflict` where another one of the area was recorded at the same moment.
    pub async fn insert_adjustment(&self, adjustment: &Adjustment) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(adjustment.id.as_uuid()),
            version: Set(adjustment.version),
            area_id: Set(adjustment.area_id.as_uuid()),
            state: Set(adjustment.state.name().to_owned()),
            detail: Set(serde_json::to_string(adjustment)?),
        };
        Entity::insert(row)
            .exec_without_returning(self.connection())
            .await
            .map_err(StoreError::from)
            .map_err(raced)?;
        Ok(())
    }

    /// Saves an adjustment, which was one version lower when it was read.
    ///
    /// # Errors
    /// `Conflict` where somebody else changed it since.
    pub async fn save_adjustment(&self, after: &Adjustment) -> Result<(), StoreError> {
        let saved = Entity::update_many()
            .col_expr(Column::Version, Expr::value(after.version))
            .col_expr(Column::State, Expr::value(after.state.name()))
            .col_expr(Column::Detail, Expr::value(serde_json::to_string(after)?))
            .filter(Column::Id.eq(after.id.as_uuid()))
            .filter(Column::Version.eq(after.version - 1))
            .exec(self.connection())
            .await?;
        if saved.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }
}

fn from_row(row: Model) -> Result<Adjustment, StoreError> {
    Ok(serde_json::from_str(&row.detail)?)
}
