//! Exclusive areas of homes through time.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "home_areas")]
pub struct Model {
    /// The home.
    #[sea_orm(primary_key, auto_increment = false)]
    pub home_id: Uuid,
    /// 0 for the one it was recorded with, then one higher each.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i32,
    /// In 0.01 m².
    pub exclusive_area: i64,
    /// `contract`, `survey` or `register`.
    pub source: String,
    /// First day on which it counts.
    pub since: Option<Date>,
    /// SHA-256 of the document, in hexadecimal.
    pub document_digest: Option<String>,
    /// Why it was corrected.
    pub reason: Option<String>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
