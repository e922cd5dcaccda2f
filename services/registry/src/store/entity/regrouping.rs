//! Regroupings of areas.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "regroupings")]
pub struct Model {
    /// `regrouping_…`, in the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// One higher with every change.
    pub version: i64,
    /// `adjust`, `merge` or `split`.
    pub kind: String,
    /// The state in a word.
    pub state: String,
    /// The whole record, as JSON; never queried.
    #[sea_orm(column_type = "Text")]
    pub detail: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
