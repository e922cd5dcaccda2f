//! Which heads of a roll an owner belongs to, whoever casts their votes.

use sea_orm::entity::prelude::*;

/// One owner of one head.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roll_owners")]
pub struct Model {
    /// The ballot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ballot_id: Uuid,
    /// The owner.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    /// The head.
    #[sea_orm(primary_key, auto_increment = false)]
    pub head_key: String,
}

/// None: rows are joined by hand where a query needs it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
