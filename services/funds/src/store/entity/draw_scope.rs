//! The scope of a draw, a row for each part of which any one has to fit.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draw_scopes")]
pub struct Model {
    /// The draw.
    #[sea_orm(primary_key, auto_increment = false)]
    pub draw_id: Uuid,
    /// Order of the parts.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i32,
    /// Only this building.
    pub building_id: Option<Uuid>,
    /// Only this stairwell of it.
    pub stairwell: Option<String>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
