//! Boundaries (边界) of divisions and areas, each valid from a day on.

use chrono::NaiveDate;
use ids::{AreaId, DivisionCode};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// What a boundary bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A division.
    Division(DivisionCode),
    /// An area.
    Area(AreaId),
}

impl Place {
    /// The code, where it is a division.
    pub fn division(self) -> Option<DivisionCode> {
        match self {
            Place::Division(code) => Some(code),
            Place::Area(_) => None,
        }
    }

    /// The id, where it is an area.
    pub fn area(self) -> Option<AreaId> {
        match self {
            Place::Area(id) => Some(id),
            Place::Division(_) => None,
        }
    }
}

impl std::fmt::Display for Place {
    /// The code, or `area_…`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Division(code) => code.fmt(f),
            Place::Area(id) => id.fmt(f),
        }
    }
}

/// The rectangle that holds a boundary or a city, in 0.0000001 degrees, WGS 84; its edges belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// Smallest longitude.
    pub west: i64,
    /// Smallest latitude.
    pub south: i64,
    /// Largest longitude.
    pub east: i64,
    /// Largest latitude.
    pub north: i64,
}

impl Extent {
    /// Whether the other lies wholly inside.
    pub fn holds(&self, other: &Extent) -> bool {
        self.west <= other.west
            && self.south <= other.south
            && self.east >= other.east
            && self.north >= other.north
    }

    /// Whether this point lies inside.
    pub fn holds_point(&self, longitude: i64, latitude: i64) -> bool {
        self.holds(&Extent {
            west: longitude,
            south: latitude,
            east: longitude,
            north: latitude,
        })
    }
}

/// A boundary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boundary {
    /// What it bounds.
    pub place: Place,
    /// A GeoJSON Feature with a Polygon or MultiPolygon that was found valid.
    pub geojson: String,
    /// The rectangle around it.
    pub extent: Extent,
    /// From this day on.
    pub valid_from: NaiveDate,
    /// One higher with every boundary of the place.
    pub version: i64,
}

impl Boundary {
    /// The boundary that follows `before`, the latest of the place; a first one where there is none.
    ///
    /// # Errors
    /// `BOUNDARY_CHANGED_LATER` where one is recorded for this day or a later one: history is not rewritten.
    pub fn after(
        before: Option<&Boundary>,
        place: Place,
        geojson: String,
        extent: Extent,
        valid_from: NaiveDate,
    ) -> Result<Boundary, Refusal> {
        if let Some(before) = before.filter(|before| before.valid_from >= valid_from) {
            return Err(Refusal::BoundaryChangedLater {
                on: before.valid_from,
            });
        }
        Ok(Boundary {
            place,
            geojson,
            extent,
            valid_from,
            version: before.map_or(1, |before| before.version + 1),
        })
    }
}
