//! Rows that name a building by its area's filing number and its own.

use std::collections::{HashMap, HashSet};

use db::StoreError;
use ids::{AreaId, BuildingId};

use super::cells::distinct;
use super::findings::Findings;
use super::record::{Held, hold_buildings};
use crate::domain::area::Area;
use crate::domain::building::Building;
use crate::domain::row_fault::RowFault;
use crate::store::{Tx, areas, building_areas, buildings};

/// A building as a row names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) area_id: AreaId,
    /// Where it was recorded under this area and number.
    recorded: BuildingId,
    number: String,
}

impl Place {
    /// The building of this number in the area of that one.
    pub(super) fn of(area_number: &str, building_number: String) -> Self {
        Place {
            area_id: Area::id_of(area_number),
            recorded: Building::id_of(area_number, &building_number),
            number: building_number,
        }
    }

    /// The id of the building that is there, if any is.
    fn id(&self, come: &Come) -> BuildingId {
        let come = come.get(&(self.area_id, self.number.clone()));
        come.copied().unwrap_or(self.recorded)
    }

    fn is_of(&self, building: &Building) -> bool {
        building.area_id == self.area_id && building.number == self.number
    }
}

/// The buildings that rows name.
pub(super) struct Found {
    /// They, held until the commit.
    pub(super) held: Held,
    /// Those that came to their area under their number.
    come: Come,
}

impl Found {
    /// The building; none where there is none, which was noted.
    pub(super) fn building_of(&self, place: &Place) -> Option<BuildingId> {
        let id = place.id(&self.come);
        let (building, _) = self.held.get(&id)?;
        place.is_of(building).then_some(id)
    }
}

/// The buildings of these places where they are there, of areas that are held: so none of them moves before the commit.
pub(super) async fn look_up<'a>(
    tx: &Tx,
    places: impl Iterator<Item = &'a Place>,
) -> Result<HashMap<Place, BuildingId>, StoreError> {
    let places: Vec<&Place> = places.collect();
    let come = come_to(tx, places.iter().map(|place| place.area_id)).await?;
    let ids = distinct(places.iter().map(|place| place.id(&come)));
    let standing = buildings::find_many(tx.connection(), &ids).await?;
    Ok(places
        .into_iter()
        .filter(|place| {
            let standing = standing.get(&place.id(&come));
            standing.is_some_and(|building| place.is_of(building))
        })
        .map(|place| (place.clone(), place.id(&come)))
        .collect())
}

/// Buildings that came to areas, by area and number.
type Come = HashMap<(AreaId, String), BuildingId>;

/// A building that moved has another id than its number would give it.
async fn come_to(tx: &Tx, area_ids: impl Iterator<Item = AreaId>) -> Result<Come, StoreError> {
    building_areas::come_to(tx.connection(), &distinct(area_ids)).await
}

/// What is wrong with a row that names a building that is not in its area.
pub(super) fn building_unknown() -> RowFault {
    RowFault::ReferenceUnknown {
        cure: (
            "请先导入幢表，或核对该幢现属的区域和幢号",
            "import the table of buildings first, or look up its present area and number",
        ),
    }
}

/// Finds and holds the buildings that rows name, and notes which are not there under this area and number.
pub(super) async fn find<'a>(
    tx: &Tx,
    named: impl Iterator<Item = (u32, &'a Place)>,
    findings: &mut Findings,
) -> Result<Found, StoreError> {
    let named: Vec<(u32, &Place)> = named.collect();
    let area_ids = distinct(named.iter().map(|(_, place)| place.area_id));
    let come = come_to(tx, area_ids.iter().copied()).await?;
    let mut found = Found {
        held: Held::new(),
        come,
    };
    let ids = distinct(named.iter().map(|(_, place)| place.id(&found.come)));
    found.held = hold_buildings(tx, ids).await?;
    let known: HashSet<AreaId> = areas::find_many(tx.connection(), &area_ids)
        .await?
        .into_keys()
        .collect();
    for (line, place) in named {
        if found.building_of(place).is_some() {
            continue;
        }
        if known.contains(&place.area_id) {
            findings.fault(line, "building_number", &building_unknown());
        } else {
            let cure = ("请先导入区域表", "import the table of areas first");
            findings.fault(line, "area_number", &RowFault::ReferenceUnknown { cure });
        }
    }
    Ok(found)
}
