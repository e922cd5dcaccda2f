//! Homes, as the registry tells of them.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "homes")]
pub struct Model {
    /// `home_…`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The area.
    pub area_id: Uuid,
    /// The building.
    pub building_id: Uuid,
    /// The stairwell.
    pub stairwell: String,
    /// The room number.
    pub room: String,
    /// Real-estate unit number.
    pub unit_number: String,
    /// In 0.01 m².
    pub exclusive_area: i64,
    /// `residential`, `commercial` or `parking`.
    pub home_use: String,
    /// `unsold`, `sold` or `delivered`.
    pub sale_state: String,
    /// Day of the hand-over.
    pub delivered_on: Option<Date>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
