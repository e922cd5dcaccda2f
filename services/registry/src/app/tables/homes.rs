//! Tables of homes.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, BuildingId, UnitNumber};

use super::areas::NUMBER_LENGTH_MAX as AREA_NUMBER_LENGTH_MAX;
use super::buildings::NUMBER_LENGTH_MAX as BUILDING_NUMBER_LENGTH_MAX;
use super::cells::{Cells, agrees, distinct, shown, without_duplicates};
use super::findings::Findings;
use super::record::{Changes, hold_buildings};
use super::sheet::Sheet;
use crate::domain::area::Area;
use crate::domain::building::Building;
use crate::domain::home::{Home, HomeUse, Sale};
use crate::domain::row_fault::RowFault;
use crate::store::{Tx, areas, building_areas, home_areas, homes};

const DOOR_LENGTH_MAX: usize = 32;
pub(super) const USES: &[&str] = &["RESIDENTIAL", "COMMERCIAL", "PARKING"];
pub(super) const STATES: &[&str] = &["UNSOLD", "SOLD", "DELIVERED"];
const NOT_SOLD: (&str, &str) = ("未售时", "while the home is not sold");
const NOT_HANDED_OVER: (&str, &str) = ("未交付时", "while the home is not handed over");

/// A home and its line.
pub(in crate::app) struct Row {
    line: u32,
    area_id: AreaId,
    building_id: BuildingId,
    building_number: String,
    stairwell: String,
    room: String,
    unit_number: UnitNumber,
    exclusive_area: money::Area,
    usage: HomeUse,
    sale: Sale,
    sold_on: Option<NaiveDate>,
}

pub(super) fn read(sheet: &Sheet, today: NaiveDate, findings: &mut Findings) -> Vec<Row> {
    let rows = sheet.each(findings, |cells| {
        let area_number = cells.text("area_number", AREA_NUMBER_LENGTH_MAX);
        let building_number = cells.text("building_number", BUILDING_NUMBER_LENGTH_MAX);
        let stairwell = cells.optional_text("stairwell", DOOR_LENGTH_MAX);
        let room = cells.text("room", DOOR_LENGTH_MAX);
        let unit_number = cells.unit_number("unit_number");
        let exclusive_area = cells.area("exclusive_area");
        let usage = cells.word(
            "use",
            USES,
            &[HomeUse::Residential, HomeUse::Commercial, HomeUse::Parking],
        );
        let sale = sale(cells, today);
        let sold_on = sold_on(cells, today);
        let (area_number, building_number) = (area_number?, building_number?);
        Some(Row {
            line: cells.line(),
            area_id: Area::id_of(&area_number),
            building_id: Building::id_of(&area_number, &building_number),
            building_number,
            stairwell: stairwell?,
            room: room?,
            unit_number: unit_number?,
            exclusive_area: exclusive_area?,
            usage: usage?,
            sale: sale?,
            sold_on: sold_on?,
        })
    });
    without_duplicates(rows, "unit_number", findings, |row| {
        (row.line, row.unit_number.clone())
    })
}

/// A day of hand-over goes with a home that is handed over, and with no other.
fn sale(cells: &mut Cells<'_>, today: NaiveDate) -> Option<Sale> {
    let state = cells.word("sale_state", STATES, &["unsold", "sold", "delivered"])?;
    match state {
        "delivered" => cells
            .past_day("delivered_on", today)
            .map(|on| Sale::Delivered { on }),
        "sold" => cells.empty("delivered_on", NOT_HANDED_OVER).map(|()| Sale::Sold),
        _ => cells
            .empty("delivered_on", NOT_HANDED_OVER)
            .map(|()| Sale::Unsold),
    }
}

/// A home that is the developer's was sold on no day.
#[allow(clippy::option_option)]
fn sold_on(cells: &mut Cells<'_>, today: NaiveDate) -> Option<Option<NaiveDate>> {
    if cells.holds("sale_state", "UNSOLD") {
        return cells.empty("sold_on", NOT_SOLD).map(|()| None);
    }
    cells.optional_past_day("sold_on", today)
}

pub(super) async fn compare(tx: &Tx, rows: Vec<Row>, findings: &mut Findings) -> Result<Changes, StoreError> {
    let area_ids = distinct(rows.iter().map(|row| row.area_id));
    let come = building_areas::come_to(tx.connection(), &area_ids).await?;
    let mut rows = rows;
    for row in &mut rows {
        // A building that moved here has another id than its number would give it.
        if let Some(id) = come.get(&(row.area_id, row.building_number.clone())) {
            row.building_id = *id;
        }
    }
    let held = hold_buildings(tx, distinct(rows.iter().map(|row| row.building_id))).await?;
    let lost: Vec<_> = rows
        .iter()
        .filter(|row| !held.contains_key(&row.building_id))
        .map(|row| row.area_id)
        .collect();
    let known_areas: HashSet<_> = areas::find_many(tx.connection(), &distinct(lost))
        .await?
        .into_keys()
        .collect();
    let ids: Vec<_> = rows.iter().map(|row| Home::id_of(&row.unit_number)).collect();
    let standing = homes::find_many(tx.connection(), &ids).await?;
    let known_sales = home_areas::sales(tx.connection(), &ids).await?;
    let (mut new, mut sales) = (Vec::new(), HashMap::new());
    for row in rows {
        if !held.contains_key(&row.building_id) {
            let (column, cure) = if known_areas.contains(&row.area_id) {
                (
                    "building_number",
                    ("请先导入幢表", "import the table of buildings first"),
                )
            } else {
                (
                    "area_number",
                    ("请先导入区域表", "import the table of areas first"),
                )
            };
            findings.fault(row.line, column, &RowFault::ReferenceUnknown { cure });
            continue;
        }
        let line = row.line;
        let present = held.get(&row.building_id).map(|(building, _)| building.area_id);
        if present != Some(row.area_id) {
            // It moved to another area since the table was written.
            let present = present.map(|id| id.to_string()).unwrap_or_default();
            agrees(findings, line, &[("area_number", false, present)]);
            continue;
        }
        if let Some((building, _)) = held.get(&row.building_id)
            && building.number != row.building_number
        {
            // It came back to the area under another number.
            let columns = [("building_number", false, building.number.clone())];
            agrees(findings, line, &columns);
            continue;
        }
        let sold_on = row.sold_on;
        let home = home_of(row);
        match standing.get(&home.id) {
            None => {
                sales.extend(sold_on.map(|on| (home.id, on)));
                new.push(home);
            }
            Some(known) => {
                let known_on = known_sales.get(&home.id).copied();
                // A table that does not tell the day says nothing against it.
                let sale = (
                    "sold_on",
                    sold_on.is_none() || sold_on == known_on,
                    shown(known_on),
                );
                if agrees(findings, line, &differences(known, &home)) && agrees(findings, line, &[sale]) {
                    findings.unchanged(1);
                }
            }
        }
    }
    Ok(Changes::Homes {
        held,
        homes: new,
        sales,
    })
}

fn home_of(row: Row) -> Home {
    Home {
        id: Home::id_of(&row.unit_number),
        area_id: row.area_id,
        building_id: row.building_id,
        stairwell: row.stairwell,
        room: row.room,
        unit_number: row.unit_number,
        exclusive_area: row.exclusive_area,
        usage: row.usage,
        sale: row.sale,
    }
}

fn differences(known: &Home, home: &Home) -> [(&'static str, bool, String); 7] {
    let state = |sale: Sale| match sale {
        Sale::Unsold => "UNSOLD",
        Sale::Sold => "SOLD",
        Sale::Delivered { .. } => "DELIVERED",
    };
    let delivered_on = match known.sale {
        Sale::Unsold | Sale::Sold => String::new(),
        Sale::Delivered { on } => on.to_string(),
    };
    [
        (
            "building_number",
            known.building_id == home.building_id,
            known.building_id.to_string(),
        ),
        (
            "stairwell",
            known.stairwell == home.stairwell,
            known.stairwell.clone(),
        ),
        ("room", known.room == home.room, known.room.clone()),
        (
            "exclusive_area",
            known.exclusive_area == home.exclusive_area,
            known.exclusive_area.to_string(),
        ),
        (
            "use",
            known.usage == home.usage,
            <&str>::from(known.usage).to_uppercase(),
        ),
        (
            "sale_state",
            home.sale.leads_to(known.sale) || state(known.sale) == state(home.sale),
            state(known.sale).to_owned(),
        ),
        ("delivered_on", home.sale.leads_to(known.sale), delivered_on),
    ]
}
