//! What decided ballots were used for.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_uses")]
pub struct Model {
    /// The ballot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ballot_id: Uuid,
    /// `hire`, `dismiss`, `mode` or `price`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub purpose: String,
    /// The contract, mode or price adjustment that hangs on it, by its id in text form.
    pub used_by: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
