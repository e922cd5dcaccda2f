//! Which heads of a roll somebody may vote for, and in which capacity; never changed once written.

use sea_orm::entity::prelude::*;

/// One voter of one head.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roll_voters")]
pub struct Model {
    /// The ballot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ballot_id: Uuid,
    /// The voter: an owner, or whoever acts for one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub voter_id: Uuid,
    /// The head.
    #[sea_orm(primary_key, auto_increment = false)]
    pub head_key: String,
    /// `owner`, `representative`, `guardian` or `authorised`.
    pub capacity: String,
}

/// None: rows are joined by hand where a query needs it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
