//! What buildings' documents say, as the registry tells of it.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "building_facts")]
pub struct Model {
    /// `building_…`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub building_id: Uuid,
    /// Version of the building at which it was recorded.
    pub version: i64,
    /// Day of the completion acceptance.
    pub completed_on: Option<Date>,
    /// Design life in years.
    pub design_life_years: Option<i32>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
