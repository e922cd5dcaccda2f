//! What is known of price adjustments: two reactions write here, and the row makes them take turns.

use db::StoreError;
use ids::PriceAdjustmentId;
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::Tx;
use super::entity::adjustment;

impl Tx {
    /// Takes the adjustment until the commit; true where it was over before. The request for a ballot and the end of an
    /// adjustment may come at one moment or in the wrong order: whichever is second sees the first.
    ///
    /// # Errors
    /// As the statements.
    pub async fn take_adjustment(&self, id: PriceAdjustmentId) -> Result<bool, StoreError> {
        let row = adjustment::ActiveModel {
            adjustment_id: Set(id.as_uuid()),
            is_over: Set(false),
        };
        adjustment::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(self.connection())
            .await?;
        let query = adjustment::Entity::find_by_id(id.as_uuid()).lock(LockType::Update);
        let row = query.one(self.connection()).await?;
        Ok(row.is_some_and(|row| row.is_over))
    }

    /// Remembers that an adjustment is over.
    ///
    /// # Errors
    /// As the statement.
    pub async fn mark_adjustment_over(&self, id: PriceAdjustmentId) -> Result<(), StoreError> {
        adjustment::Entity::update_many()
            .col_expr(adjustment::Column::IsOver, Expr::value(true))
            .filter(adjustment::Column::AdjustmentId.eq(id.as_uuid()))
            .exec(self.connection())
            .await?;
        Ok(())
    }
}
