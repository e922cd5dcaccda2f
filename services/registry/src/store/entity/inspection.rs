//! Inspections of equipment.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inspections")]
pub struct Model {
    /// Made when recorded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The equipment.
    pub equipment_id: Uuid,
    /// The day.
    pub inspected_on: Date,
    /// Who inspected.
    pub inspector: String,
    /// `passed` or `failed`.
    pub result: String,
    /// Until when the report holds.
    pub valid_until: Option<Date>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
