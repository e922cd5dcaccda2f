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
use crate::store::{Tx, areas, building_areas};

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
}

/// The buildings that rows name.
pub(super) struct Found {
    /// They, held until the commit.
    pub(super) held: Held,
    /// Those that came to their area under their number.
    come: HashMap<(AreaId, String), BuildingId>,
}

impl Found {
    /// The building; none where there is none, which was noted.
    pub(super) fn building_of(&self, place: &Place) -> Option<BuildingId> {
        let id = self.id_of(place);
        let (building, _) = self.held.get(&id)?;
        (building.area_id == place.area_id && building.number == place.number).then_some(id)
    }

    fn id_of(&self, place: &Place) -> BuildingId {
        let come = self.come.get(&(place.area_id, place.number.clone()));
        come.copied().unwrap_or(place.recorded)
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
    // A building that moved here has another id than its number would give it.
    let come = building_areas::come_to(tx.connection(), &area_ids).await?;
    let mut found = Found {
        held: Held::new(),
        come,
    };
    let ids = distinct(named.iter().map(|(_, place)| found.id_of(place)));
    found.held = hold_buildings(tx, ids).await?;
    let known: HashSet<AreaId> = areas::find_many(tx.connection(), &area_ids)
        .await?
        .into_keys()
        .collect();
    for (line, place) in named {
        if found.building_of(place).is_some() {
            continue;
        }
        let (column, cure) = if known.contains(&place.area_id) {
            (
                "building_number",
                (
                    "请先导入幢表，或核对该幢现属的区域和幢号",
                    "import the table of buildings first, or look up its present area and number",
                ),
            )
        } else {
            (
                "area_number",
                ("请先导入区域表", "import the table of areas first"),
            )
        };
        findings.fault(line, column, &RowFault::ReferenceUnknown { cure });
    }
    Ok(found)
}
