//! Versions of certificates.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificate_versions")]
pub struct Model {
    /// Certificate.
    #[sea_orm(primary_key, auto_increment = false)]
    pub certificate_id: Uuid,
    /// Its version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// Day from which it counts; none for as long as anything is known.
    pub since: Option<Date>,
    /// Last day.
    pub valid_until: Date,
    /// Whether it was withdrawn.
    pub is_withdrawn: bool,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
