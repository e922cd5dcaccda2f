//! Accounts of the ledger with their balances.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    /// Derived from kind and holder.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `bank`, `available` or `reserved`.
    pub kind: String,
    /// The area.
    pub area_id: Uuid,
    /// The home; null for the bank.
    pub home_id: Option<Uuid>,
    /// In fen, never negative.
    pub balance: i64,
    /// Sum of first deposits in fen, on the available account.
    pub first_deposit: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
