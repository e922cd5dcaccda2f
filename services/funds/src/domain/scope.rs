//! The part of an area that benefits from a repair, and therefore votes and pays (列支范围, 165号令 article 22).

use ids::{AreaId, BuildingId};
use serde::{Deserialize, Serialize};

/// A part of an area. Without buildings it is the whole area; stairwells narrow its one building.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The area.
    pub area_id: AreaId,
    /// Only these buildings, in order, each once.
    pub building_ids: Vec<BuildingId>,
    /// Only these stairwells of the one building, in order, each once.
    pub stairwells: Vec<String>,
}

impl Scope {
    /// The whole area.
    pub fn whole(area_id: AreaId) -> Self {
        Scope {
            area_id,
            building_ids: Vec::new(),
            stairwells: Vec::new(),
        }
    }

    /// These buildings of the area.
    pub fn buildings(area_id: AreaId, building_ids: impl IntoIterator<Item = BuildingId>) -> Self {
        Scope {
            area_id,
            building_ids: building_ids.into_iter().collect(),
            stairwells: Vec::new(),
        }
    }

    /// The scope as pairs of building and stairwell, of which any one has to fit; `None` fits all.
    pub fn parts(&self) -> Vec<(Option<BuildingId>, Option<&str>)> {
        match (self.building_ids.as_slice(), self.stairwells.as_slice()) {
            ([], _) => vec![(None, None)],
            (buildings, []) => buildings.iter().map(|id| (Some(*id), None)).collect(),
            (buildings, stairwells) => buildings
                .iter()
                .flat_map(|id| {
                    stairwells
                        .iter()
                        .map(|stairwell| (Some(*id), Some(stairwell.as_str())))
                })
                .collect(),
        }
    }
}
