//! Heads of frozen rolls; never changed once written.

use sea_orm::entity::prelude::*;

/// One head.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roll_heads")]
pub struct Model {
    /// The ballot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ballot_id: Uuid,
    /// The head's name on this roll.
    #[sea_orm(primary_key, auto_increment = false)]
    pub head_key: String,
    /// All its area in 0.01 m².
    pub area: i64,
    /// Its homes, as a JSON list of ids; found by `roll_homes`.
    pub homes: String,
    /// Its owners, as a JSON list of ids; found by `roll_owners`.
    pub owner_ids: String,
    /// Who may cast its vote, as a JSON list; found by `roll_voters`. Null on rolls frozen before it was kept: each owner
    /// then may.
    pub voters: Option<String>,
    /// The developer that votes for it.
    pub developer_id: Option<Uuid>,
}

/// None: rows are joined by hand where a query needs it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
