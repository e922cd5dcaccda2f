//! Buildings (幢): the aggregate that a building forms with its homes and who owns them.

use ids::{AreaId, BuildingId};
use serde::{Deserialize, Serialize};

/// A building.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Building {
    /// Derived from the area's number and its own.
    pub id: BuildingId,
    /// The area it belongs to.
    pub area_id: AreaId,
    /// Its number on the site plan (幢号), unique in the area.
    pub number: String,
    /// Storeys above ground.
    pub floors: i32,
    /// One higher with every event of the building, its homes or their owners.
    pub version: i64,
}

impl Building {
    /// The id of the building with this number in the area with that number.
    pub fn id_of(area_number: &str, number: &str) -> BuildingId {
        BuildingId::derive(&format!("{area_number}/{number}"))
    }
}
