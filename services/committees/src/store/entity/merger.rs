//! Replica of registry: which division ended in which.

use sea_orm::entity::prelude::*;

/// One division that ended; it ends once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mergers")]
pub struct Model {
    /// The one that ended.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_code: String,
    /// The one that survived.
    pub into_code: String,
    /// The first day without it.
    pub merged_on: Date,
}

/// None: rows are joined by hand where a query needs it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
