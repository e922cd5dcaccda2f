//! Delineations.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delineations")]
pub struct Model {
    /// `delineation_…`, in the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// One higher with every change.
    pub version: i64,
    /// The community or village.
    pub division_code: String,
    /// The developer.
    pub developer_id: Uuid,
    /// The state in a word.
    pub state: String,
    /// The area that was registered.
    pub area_id: Option<Uuid>,
    /// The whole record, as JSON; never queried.
    #[sea_orm(column_type = "Text")]
    pub detail: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
