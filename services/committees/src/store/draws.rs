//! What is known of draws: two reactions write here, and the row makes them take turns.

use db::StoreError;
use ids::DrawId;
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::Tx;
use super::entity::draw;

impl Tx {
    /// Takes the draw until the commit; true where it was withdrawn before. The request for a vote and the withdrawal
    /// of a draw may come at one moment or in the wrong order: whichever is second sees the first.
    ///
    /// # Errors
    /// As the statements.
    pub async fn take_draw(&self, draw_id: DrawId) -> Result<bool, StoreError> {
        let row = draw::ActiveModel {
            draw_id: Set(draw_id.as_uuid()),
            withdrawn: Set(false),
        };
        draw::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(self.connection())
            .await?;
        let query = draw::Entity::find_by_id(draw_id.as_uuid()).lock(LockType::Update);
        let row = query.one(self.connection()).await?;
        Ok(row.is_some_and(|row| row.withdrawn))
    }

    /// Remembers that a draw was withdrawn.
    ///
    /// # Errors
    /// As the statement.
    pub async fn mark_draw_withdrawn(&self, draw_id: DrawId) -> Result<(), StoreError> {
        draw::Entity::update_many()
            .col_expr(draw::Column::Withdrawn, Expr::value(true))
            .filter(draw::Column::DrawId.eq(draw_id.as_uuid()))
            .exec(self.connection())
            .await?;
        Ok(())
    }
}
