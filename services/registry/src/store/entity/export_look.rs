//! Who took the owners of an area away in clear.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "export_looks")]
pub struct Model {
    /// In the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Area.
    pub area_id: Uuid,
    /// Only this building of it.
    pub building_id: Option<Uuid>,
    /// When.
    pub looked_at: DateTimeUtc,
    /// Whose account.
    pub subject: String,
    /// In which role.
    pub role: String,
    /// By which call.
    pub action: String,
    /// Why.
    pub reason: String,
    /// Rows that name an owner.
    pub row_count: i64,
    /// The trace of the call.
    pub trace_parent: Option<String>,
    /// Whether the file named every owner of its place.
    pub names_owners: bool,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
