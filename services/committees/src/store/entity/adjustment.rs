//! Price adjustments that registry spoke of: orders a request and an end that come in any order.

use sea_orm::entity::prelude::*;

/// One adjustment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "adjustments")]
pub struct Model {
    /// The adjustment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub adjustment_id: Uuid,
    /// True once it was decided or given up: no ballot is prepared for it any more.
    pub is_over: bool,
}

/// None: rows are joined by hand where a query needs it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
