//! Homes.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "homes")]
pub struct Model {
    /// Derived from the unit number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Area.
    pub area_id: Uuid,
    /// Building.
    pub building_id: Uuid,
    /// Stairwell; may be empty.
    pub stairwell: String,
    /// Room.
    pub room: String,
    /// Natural key.
    pub unit_number: String,
    /// In 0.01 m².
    pub exclusive_area: i64,
    /// `residential`, `commercial` or `parking`.
    pub usage: String,
    /// `unsold`, `sold` or `delivered`.
    pub sale_state: String,
    /// Set exactly where delivered.
    pub delivered_on: Option<Date>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
