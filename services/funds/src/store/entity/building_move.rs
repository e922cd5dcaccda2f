//! Buildings that moved from one area to another.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "building_moves")]
pub struct Model {
    /// The building.
    #[sea_orm(primary_key, auto_increment = false)]
    pub building_id: Uuid,
    /// When the registry moved it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub moved_at: DateTimeUtc,
    /// The area it left.
    pub from_area_id: Uuid,
    /// The area it came to.
    pub to_area_id: Uuid,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
