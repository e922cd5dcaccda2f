//! Fee standards.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fee_standards")]
pub struct Model {
    /// In the order of recording.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Version of the standard.
    pub version: i64,
    /// Area.
    pub area_id: Uuid,
    /// Community or village of the area.
    pub division_code: String,
    /// For which homes: `residential/high_rise/ordinary`, `commercial` or `parking`.
    pub homes: String,
    /// Grade of service.
    pub grade: i16,
    /// First day on which it holds.
    pub effective_from: Date,
    /// Last day on which it holds; none until another follows.
    pub effective_until: Option<Date>,
    /// The standard as JSON; the columns beside it are what is searched by.
    pub detail: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
