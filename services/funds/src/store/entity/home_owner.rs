//! Who owns which home, as the registry tells of it.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "home_owners")]
pub struct Model {
    /// The home.
    #[sea_orm(primary_key, auto_increment = false)]
    pub home_id: Uuid,
    /// The owner.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
