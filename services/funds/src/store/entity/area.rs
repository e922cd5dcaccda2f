//! Areas, as the registry tells of them.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "areas")]
pub struct Model {
    /// `area_…`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Filing number.
    pub number: String,
    /// Name.
    pub name: String,
    /// Division code of the community.
    pub division: String,
    /// Who built it.
    pub developer_id: Option<Uuid>,
    /// Who manages it.
    pub manager_id: Option<Uuid>,
    /// Version in the registry.
    pub version: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
