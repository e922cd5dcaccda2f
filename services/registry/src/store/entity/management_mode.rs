//! How areas are managed, a row for each decision.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "management_modes")]
pub struct Model {
    /// Area.
    #[sea_orm(primary_key, auto_increment = false)]
    pub area_id: Uuid,
    /// How many decisions it makes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// `owners`, `firm` or `specialists`.
    pub mode: String,
    /// From which day.
    pub since: Date,
    /// By which ballot.
    pub ballot_id: Uuid,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
