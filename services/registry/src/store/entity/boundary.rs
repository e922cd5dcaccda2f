//! Boundaries of divisions and areas, each valid from a day on.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "boundaries")]
pub struct Model {
    /// A division's code, or `area_…`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: String,
    /// One higher with every boundary of the place.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// True for a division, false for an area.
    pub is_division: bool,
    /// The first day on which it holds.
    pub valid_from: Date,
    /// Smallest longitude, in 0.0000001 degrees.
    pub west: i64,
    /// Smallest latitude.
    pub south: i64,
    /// Largest longitude.
    pub east: i64,
    /// Largest latitude.
    pub north: i64,
    /// A GeoJSON Feature.
    #[sea_orm(column_type = "Text")]
    pub geojson: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
