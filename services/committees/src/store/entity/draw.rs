//! Draws that funds spoke of: orders a request and a withdrawal that come in any order.

use sea_orm::entity::prelude::*;

/// One draw.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draws")]
pub struct Model {
    /// The draw.
    #[sea_orm(primary_key, auto_increment = false)]
    pub draw_id: Uuid,
    /// True once it was withdrawn: no ballot is prepared for it any more.
    pub withdrawn: bool,
}

/// None: rows are joined by hand where a query needs it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
