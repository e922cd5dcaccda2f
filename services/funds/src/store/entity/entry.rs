//! Entries of the postings: debit positive, credit negative, each posting sums to zero.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entries")]
pub struct Model {
    /// Order of booking.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The posting.
    pub posting_id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// In fen; debit positive, credit negative.
    pub amount: i64,
    /// The account's balance after it, in fen.
    pub balance_after: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
