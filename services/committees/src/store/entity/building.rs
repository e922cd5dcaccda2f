//! Replica of registry: which area a building belongs to.

use sea_orm::entity::prelude::*;

/// One building.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "buildings")]
pub struct Model {
    /// The building.
    #[sea_orm(primary_key, auto_increment = false)]
    pub building_id: Uuid,
    /// Its area.
    pub area_id: Uuid,
    /// Its number on the site plan (幢号).
    pub number: String,
}

/// None: rows are joined by hand where a query needs it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
