//! Tables of what buildings' documents say.

use chrono::NaiveDate;
use db::StoreError;
use ids::BuildingId;

use super::areas::NUMBER_LENGTH_MAX as AREA_NUMBER_LENGTH_MAX;
use super::buildings::NUMBER_LENGTH_MAX as BUILDING_NUMBER_LENGTH_MAX;
use super::cells::{agrees, shown, without_duplicates};
use super::findings::Findings;
use super::places::{self, Place};
use super::record::{Changes, Held, grouped, stepwise};
use super::sheet::Sheet;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::part::event::PartEvent;
use crate::domain::part::facts::{self, BuildingFacts, DESIGN_LIFE_YEARS};
use crate::store::{Tx, building_facts, homes};

/// What a building's documents say, and its line.
pub(in crate::app) struct Row {
    line: u32,
    place: Place,
    completed_on: NaiveDate,
    design_life_years: Option<i32>,
}

/// What is new in a table.
pub(in crate::app) struct New {
    pub(super) facts: Vec<BuildingFacts>,
    held: Held,
}

pub(super) fn read(sheet: &Sheet, today: NaiveDate, findings: &mut Findings) -> Vec<Row> {
    let rows = sheet.each(findings, |cells| {
        let area_number = cells.text("area_number", AREA_NUMBER_LENGTH_MAX);
        let building_number = cells.text("building_number", BUILDING_NUMBER_LENGTH_MAX);
        let completed_on = cells.past_day("completed_on", today);
        let (least, most) = (*DESIGN_LIFE_YEARS.start(), *DESIGN_LIFE_YEARS.end());
        let design_life_years = cells.optional_integer("design_life_years", least, most);
        Some(Row {
            line: cells.line(),
            place: Place::of(&area_number?, building_number?),
            completed_on: completed_on?,
            design_life_years: design_life_years?,
        })
    });
    without_duplicates(rows, "building_number", findings, |row| {
        (row.line, row.place.clone())
    })
}

pub(super) async fn compare(
    tx: &Tx,
    rows: Vec<Row>,
    today: NaiveDate,
    findings: &mut Findings,
) -> Result<Changes, StoreError> {
    let named = rows.iter().map(|row| (row.line, &row.place));
    let found = places::find(tx, named, findings).await?;
    let ids: Vec<BuildingId> = found.held.keys().copied().collect();
    let standing = building_facts::find_many(tx.connection(), &ids).await?;
    let delivered = homes::first_deliveries(tx.connection(), &ids).await?;
    let mut new = Vec::new();
    for row in rows {
        let Some(building_id) = found.building_of(&row.place) else {
            continue;
        };
        let next = BuildingFacts {
            building_id,
            completed_on: Some(row.completed_on),
            design_life_years: row.design_life_years,
        };
        if let Some(known) = standing.get(&building_id) {
            let columns = [
                (
                    "completed_on",
                    known.completed_on == next.completed_on,
                    shown(known.completed_on),
                ),
                (
                    "design_life_years",
                    known.design_life_years == next.design_life_years,
                    shown(known.design_life_years),
                ),
            ];
            if agrees(findings, row.line, &columns) {
                findings.unchanged(1);
            }
            continue;
        }
        let nothing = BuildingFacts {
            building_id,
            completed_on: None,
            design_life_years: None,
        };
        match facts::decide(&nothing, next, delivered.get(&building_id).copied(), today) {
            Ok(facts) => new.push(facts),
            Err(refusal) => findings.fault(row.line, "completed_on", &refusal.into()),
        }
    }
    Ok(Changes::BuildingFacts(New {
        facts: new,
        held: found.held,
    }))
}

/// Records them; answers what happened.
pub(super) async fn record(tx: &Tx, new: New) -> Result<Vec<Happened>, StoreError> {
    let New { facts, held } = new;
    tx.insert_building_facts(&facts).await?;
    let by_building = grouped(facts.into_iter().map(|facts| (facts.building_id, facts)));
    stepwise(tx, held, by_building, |building, facts| {
        RegistryEvent::Part(PartEvent::FactsRecorded {
            area_id: building.area_id,
            facts,
        })
    })
    .await
}
