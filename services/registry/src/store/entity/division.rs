//! Divisions, from the statistical list.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "divisions")]
pub struct Model {
    /// Statistical code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Official name.
    pub name: String,
    /// `city`, `street`, `community` or `village`.
    pub level: String,
    /// Code of the division above.
    pub parent_code: Option<String>,
    /// Version of the division.
    pub version: i64,
    /// The division it was merged into.
    pub merged_into: Option<String>,
    /// The first day on which it is no more.
    pub merged_on: Option<Date>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
