//! Tables of buildings.

use db::StoreError;
use ids::{AreaId, BuildingId};

use super::areas::NUMBER_LENGTH_MAX as AREA_NUMBER_LENGTH_MAX;
use super::cells::{agrees, distinct, without_duplicates};
use super::findings::Findings;
use super::record::Changes;
use super::sheet::Sheet;
use crate::domain::area::Area;
use crate::domain::building::Building;
use crate::domain::row_fault::RowFault;
use crate::store::{Tx, building_areas, buildings};

/// Longest number of a building.
pub(super) const NUMBER_LENGTH_MAX: usize = 32;
/// Most storeys: more than any building on earth has.
const FLOORS_MAX: i32 = 200;

/// A building and its line.
pub(in crate::app) struct Row {
    line: u32,
    area_id: AreaId,
    area_number: String,
    number: String,
    floors: i32,
    /// The id under which it is known elsewhere, where that does not follow from area and number.
    known_as: Option<BuildingId>,
}

pub(super) fn read(sheet: &Sheet, findings: &mut Findings) -> Vec<Row> {
    let rows = sheet.each(findings, |cells| {
        let area_number = cells.text("area_number", AREA_NUMBER_LENGTH_MAX);
        let number = cells.text("number", NUMBER_LENGTH_MAX);
        let floors = cells.integer("floors", 1, FLOORS_MAX);
        let known_as = cells.optional_id("building_id");
        let area_number = area_number?;
        Some(Row {
            line: cells.line(),
            area_id: Area::id_of(&area_number),
            area_number,
            number: number?,
            floors: floors?,
            known_as: known_as?,
        })
    });
    let rows = without_duplicates(rows, "number", findings, |row| {
        (row.line, (row.area_id, row.number.clone()))
    });
    without_duplicates(rows, "building_id", findings, |row| {
        let own = Building::id_of(&row.area_number, &row.number);
        (row.line, row.known_as.unwrap_or(own))
    })
}

pub(super) async fn compare(tx: &Tx, rows: Vec<Row>, findings: &mut Findings) -> Result<Changes, StoreError> {
    let area_ids = distinct(rows.iter().map(|row| row.area_id));
    // Held, so that no regrouping ends one of them while buildings are recorded in it.
    let known_areas = tx.hold_areas(area_ids.iter().copied()).await?;
    let come = building_areas::come_to(tx.connection(), &area_ids).await?;
    let id_of = |row: &Row| {
        let come = come.get(&(row.area_id, row.number.clone())).copied();
        come.or(row.known_as)
            .unwrap_or_else(|| Building::id_of(&row.area_number, &row.number))
    };
    let ids: Vec<_> = rows.iter().map(id_of).collect();
    let standing = buildings::find_many(tx.connection(), &ids).await?;
    let (mut new, mut came) = (Vec::new(), Vec::new());
    for row in rows {
        let Some(area) = known_areas.get(&row.area_id) else {
            let fault = RowFault::ReferenceUnknown {
                cure: ("请先导入区域表", "import the table of areas first"),
            };
            findings.fault(row.line, "area_number", &fault);
            continue;
        };
        let id = id_of(&row);
        let Some(known) = standing.get(&id) else {
            if area.ended.is_some() {
                let fault = RowFault::ReferenceUnknown {
                    cure: ("该区域已并入其他区域", "the area merged into another one"),
                };
                findings.fault(row.line, "area_number", &fault);
                continue;
            }
            let building = Building {
                id,
                area_id: area.id,
                number: row.number,
                floors: row.floors,
                version: 1,
            };
            came.extend(row.known_as.map(|_| building.clone()));
            new.push((building, area.division));
            continue;
        };
        let columns = [
            // It may have moved to another area since the table was written.
            ("area_number", known.area_id == area.id, known.area_id.to_string()),
            // It may have come back under another number.
            ("number", known.number == row.number, known.number.clone()),
            ("floors", known.floors == row.floors, known.floors.to_string()),
            (
                "building_id",
                row.known_as.is_none_or(|id| id == known.id),
                known.id.to_string(),
            ),
        ];
        if agrees(findings, row.line, &columns) {
            findings.unchanged(1);
        }
    }
    Ok(Changes::Buildings { new, came })
}
