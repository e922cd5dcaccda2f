//! Versions of parking lots.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "parking_versions")]
pub struct Model {
    /// Parking lot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub parking_id: Uuid,
    /// Its version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// Day from which it counts; none for as long as anything is known.
    pub since: Option<Date>,
    /// Spaces.
    pub spaces: i32,
    /// Spaces that are let.
    pub leased: i32,
    /// Numbers of the spaces; may be empty.
    pub numbers: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
