//! Price adjustments.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price_adjustments")]
pub struct Model {
    /// In the order of proposing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Version of the adjustment.
    pub version: i64,
    /// Area.
    pub area_id: Uuid,
    /// `proposed`, `published`, `ballot_requested`, `decided`, `effective`, `rejected` or `withdrawn`.
    pub state: String,
    /// The adjustment as JSON; the columns beside it are what is searched by.
    pub detail: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
