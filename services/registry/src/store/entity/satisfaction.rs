//! Scores of the owners' satisfaction.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "satisfactions")]
pub struct Model {
    /// Derived from area, source and period.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Version of the score.
    pub version: i64,
    /// Area.
    pub area_id: Uuid,
    /// Community or village of the area.
    pub division_code: String,
    /// `owner_survey`, `street_assessment` or `third_party`.
    pub source: String,
    /// First day of the time it is about.
    pub from_on: Date,
    /// Last day of it.
    pub until_on: Date,
    /// 0 to 1,000.
    pub per_mille: i16,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
