//! Areas whose first assembly is to be prepared.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "set_ups")]
pub struct Model {
    /// Area.
    #[sea_orm(primary_key, auto_increment = false)]
    pub area_id: Uuid,
    /// `share` or `time`.
    pub condition: String,
    /// Day on which it was found met.
    pub due_on: Date,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
