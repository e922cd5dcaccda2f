//! Lines of published rolls, masked and frozen.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roll_lines")]
pub struct Model {
    /// Roll.
    #[sea_orm(primary_key, auto_increment = false)]
    pub roll_id: Uuid,
    /// Place, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i32,
    /// Number of the building.
    pub building_number: String,
    /// Stairwell; may be empty.
    pub stairwell: String,
    /// Room.
    pub room: String,
    /// Masked names, as a JSON list.
    pub names: String,
    /// In 0.01 m².
    pub exclusive_area: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
