//! Buildings, as the registry tells of them.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "buildings")]
pub struct Model {
    /// `building_…`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The area.
    pub area_id: Uuid,
    /// Number on the site plan.
    pub number: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
