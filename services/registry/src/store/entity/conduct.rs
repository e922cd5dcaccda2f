//! Self-discipline records.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conducts")]
pub struct Model {
    /// Made when recorded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The firm.
    pub firm_id: Uuid,
    /// What is said.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// The day.
    pub recorded_on: Date,
    /// Who decided it.
    pub organiser: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
