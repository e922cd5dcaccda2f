//! Firms.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "firms")]
pub struct Model {
    /// Derived from the credit code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Natural key.
    pub credit_code: String,
    /// Registered name.
    pub name: String,
    /// `property` or `developer`.
    pub kind: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
