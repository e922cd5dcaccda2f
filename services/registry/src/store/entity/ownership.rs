//! Ownerships, valid in time.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ownerships")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Home.
    pub home_id: Uuid,
    /// Sorted JSON list of `owner_…`: the set as a whole, never searched.
    pub owner_ids: String,
    /// First day.
    pub valid_from: Date,
    /// First day on which others own it; null while they still do.
    pub valid_to: Option<Date>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
