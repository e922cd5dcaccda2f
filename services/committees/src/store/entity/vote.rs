//! Votes; never changed once cast.

use sea_orm::entity::prelude::*;

/// One vote.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "votes")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The ballot.
    pub ballot_id: Uuid,
    /// The head: one vote each.
    pub head_key: String,
    /// What was said. Read by the count, and by the voter's own list; by nothing else.
    pub choice: String,
    /// The account that cast it.
    pub voter: String,
    /// The owner that cast it, or whoever acts for one; null for the developer.
    pub voter_owner_id: Option<Uuid>,
    /// In which capacity: `owner`, `representative`, `guardian`, `authorised` or `developer`.
    pub capacity: String,
    /// The head's area in 0.01 m², so that the count is one query.
    pub area: i64,
    /// When.
    pub cast_at: DateTimeUtc,
}

/// None: rows are joined by hand where a query needs it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
