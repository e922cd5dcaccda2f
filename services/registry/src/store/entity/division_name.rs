//! Names that divisions got since they were listed.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "division_names")]
pub struct Model {
    /// The division.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// The first day on which the name holds.
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Date,
    /// The name.
    pub name: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
