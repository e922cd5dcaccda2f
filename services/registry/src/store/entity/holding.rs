//! How the owners of a time hold a home; none where nothing was recorded.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "holdings")]
pub struct Model {
    /// Derived from the home and the first day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Home.
    pub home_id: Uuid,
    /// First day of the ownership.
    pub since: Date,
    /// Shares as a JSON list; null where it is held jointly.
    pub shares: Option<String>,
    /// `registered` or `possession`.
    pub title: String,
    /// Day of the registration, where known.
    pub registered_on: Option<Date>,
    /// One higher with every change.
    pub version: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
