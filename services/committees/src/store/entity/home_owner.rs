//! Replica of registry: in which areas an owner has homes.

use sea_orm::entity::prelude::*;

/// One owner of one home.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "home_owners")]
pub struct Model {
    /// The home.
    #[sea_orm(primary_key, auto_increment = false)]
    pub home_id: Uuid,
    /// An owner of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    /// The area it lies in.
    pub area_id: Uuid,
}

/// None: rows are joined by hand where a query needs it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
