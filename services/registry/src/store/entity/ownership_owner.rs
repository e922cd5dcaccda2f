//! One row per owner of an ownership: finds an owner's homes.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ownership_owners")]
pub struct Model {
    /// Ownership.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ownership_id: Uuid,
    /// Owner.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
