//! Which areas take part in a regrouping.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "regrouping_areas")]
pub struct Model {
    /// The regrouping.
    #[sea_orm(primary_key, auto_increment = false)]
    pub regrouping_id: Uuid,
    /// The area; of one that is open at most one row an area.
    #[sea_orm(primary_key, auto_increment = false)]
    pub area_id: Uuid,
    /// The community or village of the area.
    pub division_code: String,
    /// Whether the regrouping may still be carried out.
    pub is_open: bool,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
