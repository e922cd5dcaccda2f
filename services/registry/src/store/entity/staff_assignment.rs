//! Who is and was project manager of an area.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_assignments")]
pub struct Model {
    /// Made when recorded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// They.
    pub staff_id: Uuid,
    /// Their firm.
    pub firm_id: Uuid,
    /// The area.
    pub area_id: Uuid,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Option<Date>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
