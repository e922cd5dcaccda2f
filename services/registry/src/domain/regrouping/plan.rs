//! What a regrouping moves where.

use std::collections::{BTreeMap, BTreeSet};

use ids::{AreaId, BuildingId, DivisionCode};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use crate::domain::area::Area;
use crate::domain::building::Building;

/// The area that a split makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewArea {
    /// Its filing number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The community or village it lies in.
    pub division: DivisionCode,
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// Buildings move from one area to another (调整).
    Adjust {
        /// The area they leave.
        from: AreaId,
        /// The area they come to.
        to: AreaId,
        /// They, in order, each once.
        building_ids: Vec<BuildingId>,
    },
    /// All buildings of areas move into another, and those areas end (合并).
    Merge {
        /// The areas that end, in order, each once.
        ended: Vec<AreaId>,
        /// The area that goes on.
        survivor: AreaId,
    },
    /// Buildings of an area form a new one (分立).
    Split {
        /// The area they leave.
        from: AreaId,
        /// They, in order, each once.
        building_ids: Vec<BuildingId>,
        /// The new area.
        new: NewArea,
    },
}

/// Another number for a building where it comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbering {
    /// The building.
    pub building_id: BuildingId,
    /// Its number from then on.
    pub number: String,
}

/// An area with its buildings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaFacts {
    /// The area.
    pub area: Area,
    /// All its buildings.
    pub buildings: Vec<Building>,
}

/// The areas of a plan as they stand; one that is not there is not known.
pub type Facts = BTreeMap<AreaId, AreaFacts>;

/// A building and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The building as it stands.
    pub before: Building,
    /// The area it comes to.
    pub to: AreaId,
    /// Its number there.
    pub number: String,
}

impl Move {
    /// The building after it, at the version of its first event.
    pub fn after(&self) -> Building {
        Building {
            area_id: self.to,
            number: self.number.clone(),
            version: self.before.version + 1,
            ..self.before.clone()
        }
    }
}

impl Plan {
    /// What sort of plan it is, as columns spell it.
    pub fn kind(&self) -> &'static str {
        match self {
            Plan::Adjust { .. } => "adjust",
            Plan::Merge { .. } => "merge",
            Plan::Split { .. } => "split",
        }
    }

    /// The areas concerned, whose consent it needs.
    pub fn area_ids(&self) -> BTreeSet<AreaId> {
        match self {
            Plan::Adjust { from, to, .. } => [*from, *to].into(),
            Plan::Merge { ended, survivor } => ended.iter().copied().chain([*survivor]).collect(),
            Plan::Split { from, .. } => [*from].into(),
        }
    }

    /// The areas that end.
    pub fn ended(&self) -> &[AreaId] {
        match self {
            Plan::Merge { ended, .. } => ended,
            Plan::Adjust { .. } | Plan::Split { .. } => &[],
        }
    }

    /// The area that buildings come to.
    pub fn receiver(&self) -> AreaId {
        match self {
            Plan::Adjust { to, .. } => *to,
            Plan::Merge { survivor, .. } => *survivor,
            Plan::Split { new, .. } => Area::id_of(&new.number),
        }
    }

    /// The id of the area that it makes.
    pub fn new_area_id(&self) -> Option<AreaId> {
        match self {
            Plan::Split { new, .. } => Some(Area::id_of(&new.number)),
            Plan::Adjust { .. } | Plan::Merge { .. } => None,
        }
    }

    /// The moves that it makes, as its areas stand.
    ///
    /// # Errors
    /// `REGROUPING_AREA_TWICE`, `REGROUPING_WITHOUT_BUILDINGS`, `REGROUPING_BUILDING_TWICE` where the plan is wrong in
    /// itself; `BUILDING_NOT_IN_AREA`, `AREA_LEFT_EMPTY`, `BUILDING_NUMBER_TAKEN` where it does not fit its areas.
    pub fn moves(&self, numbers: &[Numbering], facts: &Facts) -> Result<Vec<Move>, Refusal> {
        let all_of = |id: &AreaId| {
            facts
                .get(id)
                .map(|facts| facts.buildings.as_slice())
                .unwrap_or_default()
        };
        let moving: Vec<&Building> = match self {
            Plan::Adjust { from, to, .. } if from == to => return Err(Refusal::RegroupingAreaTwice),
            Plan::Merge { ended, survivor } => {
                let distinct: BTreeSet<_> = ended.iter().chain([survivor]).collect();
                if distinct.len() != ended.len() + 1 {
                    return Err(Refusal::RegroupingAreaTwice);
                }
                if ended.is_empty() {
                    return Err(Refusal::RegroupingWithoutBuildings);
                }
                ended.iter().flat_map(all_of).collect()
            }
            Plan::Adjust {
                from, building_ids, ..
            }
            | Plan::Split {
                from, building_ids, ..
            } => some_of(all_of(from), building_ids)?,
        };
        let renumbered = renumbered(numbers, &moving)?;
        let to = self.receiver();
        let mut taken: BTreeSet<&str> = all_of(&to).iter().map(|there| there.number.as_str()).collect();
        let mut moves = Vec::with_capacity(moving.len());
        for building in moving {
            let number = renumbered.get(&building.id).copied();
            let number = number.unwrap_or(building.number.as_str());
            if !taken.insert(number) {
                return Err(Refusal::BuildingNumberTaken {
                    number: number.to_owned(),
                });
            }
            moves.push(Move {
                before: building.clone(),
                to,
                number: number.to_owned(),
            });
        }
        Ok(moves)
    }
}

/// The named buildings, which must be there and leave another behind.
fn some_of<'a>(all: &'a [Building], building_ids: &[BuildingId]) -> Result<Vec<&'a Building>, Refusal> {
    if building_ids.is_empty() {
        return Err(Refusal::RegroupingWithoutBuildings);
    }
    let wanted: BTreeSet<&BuildingId> = building_ids.iter().collect();
    if wanted.len() != building_ids.len() {
        return Err(Refusal::RegroupingBuildingTwice);
    }
    let found: Vec<&Building> = all.iter().filter(|one| wanted.contains(&one.id)).collect();
    if found.len() != wanted.len() {
        return Err(Refusal::BuildingNotInArea);
    }
    if found.len() == all.len() {
        return Err(Refusal::AreaLeftEmpty);
    }
    Ok(found)
}

/// The new numbers, each of a building that moves.
fn renumbered<'a>(
    numbers: &'a [Numbering],
    moving: &[&Building],
) -> Result<BTreeMap<BuildingId, &'a str>, Refusal> {
    let moving: BTreeSet<BuildingId> = moving.iter().map(|building| building.id).collect();
    let mut found = BTreeMap::new();
    for numbering in numbers {
        if !moving.contains(&numbering.building_id) {
            return Err(Refusal::BuildingNotInArea);
        }
        if found
            .insert(numbering.building_id, numbering.number.as_str())
            .is_some()
        {
            return Err(Refusal::RegroupingBuildingTwice);
        }
    }
    Ok(found)
}
