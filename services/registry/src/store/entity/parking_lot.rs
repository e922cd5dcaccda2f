//! Parking that is no exclusive part.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "parking_lots")]
pub struct Model {
    /// Made when recorded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The area.
    pub area_id: Uuid,
    /// `planned` or `common_ground`.
    pub kind: String,
    /// What it is called, unique by kind within the area.
    pub name: String,
    /// Spaces.
    pub spaces: i32,
    /// Spaces that are let.
    pub leased: i32,
    /// Numbers of the spaces; may be empty.
    pub numbers: String,
    /// One higher each time it is recorded anew.
    pub version: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
