//! Shared equipment.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "equipment")]
pub struct Model {
    /// Made when recorded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The area.
    pub area_id: Uuid,
    /// The building.
    pub building_id: Option<Uuid>,
    /// What it is.
    pub kind: String,
    /// Its number, unique by kind within the area.
    pub code: String,
    /// Where it stands.
    pub location: String,
    /// Day of its installation.
    pub installed_on: Date,
    /// Day by which it is to be inspected next.
    pub next_inspection_on: Date,
    /// Day of the last inspection.
    pub last_inspected_on: Option<Date>,
    /// `passed` or `failed`.
    pub last_result: Option<String>,
    /// Day on which it went out of use.
    pub retired_on: Option<Date>,
    /// One higher with every change.
    pub version: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
