//! Replica of registry: areas, as far as permissions need them.

use sea_orm::entity::prelude::*;

/// One area.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "areas")]
pub struct Model {
    /// The area.
    #[sea_orm(primary_key, auto_increment = false)]
    pub area_id: Uuid,
    /// The community or village it lies in.
    pub division: String,
    /// The property firm that manages it.
    pub manager_id: Option<Uuid>,
    /// Its developer.
    pub developer_id: Option<Uuid>,
}

/// None: rows are joined by hand where a query needs it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
