//! On which day homes were sold.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "home_sales")]
pub struct Model {
    /// The home.
    #[sea_orm(primary_key, auto_increment = false)]
    pub home_id: Uuid,
    /// The day.
    pub sold_on: Date,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
