//! Tables of shared equipment.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::{BuildingId, DivisionCode, EquipmentId};
use rpc::CallContext;

use super::areas::NUMBER_LENGTH_MAX as AREA_NUMBER_LENGTH_MAX;
use super::buildings::NUMBER_LENGTH_MAX as BUILDING_NUMBER_LENGTH_MAX;
use super::cells::{Cells, agrees, distinct, shown, without_duplicates};
use super::findings::Findings;
use super::held_areas;
use super::periods::{Alarm, Periods};
use super::places::{self, Place};
use super::record::Changes;
use super::sheet::Sheet;
use crate::domain::area::Area;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::part::equipment::{Equipment, EquipmentKind};
use crate::domain::part::event::PartEvent;
use crate::domain::part::refusal::Refusal;
use crate::store::equipment::Key;
use crate::store::{Tx, buildings};

/// Longest number of equipment.
pub(super) const CODE_LENGTH_MAX: usize = 60;
const LOCATION_LENGTH_MAX: usize = 100;

/// Words of the column `kind`.
pub(super) const KINDS: &[&str] = &["LIFT", "FIRE", "WATER_SUPPLY", "POWER", "SURVEILLANCE", "OTHER"];

/// Equipment and its line.
pub(in crate::app) struct Row {
    line: u32,
    key: Key,
    /// None where it serves the whole area.
    place: Option<Place>,
    location: String,
    installed_on: NaiveDate,
    retired_on: Option<NaiveDate>,
}

/// What is new in a table.
pub(in crate::app) struct New {
    pub(super) equipment: Vec<Equipment>,
    happened: Vec<Happened>,
    alarms: Vec<Alarm>,
}

/// The kind that a cell names.
pub(super) fn kind(cells: &mut Cells<'_>, column: &str) -> Option<EquipmentKind> {
    let kinds = [
        EquipmentKind::Lift,
        EquipmentKind::Fire,
        EquipmentKind::WaterSupply,
        EquipmentKind::Power,
        EquipmentKind::Surveillance,
        EquipmentKind::Other,
    ];
    cells.word(column, KINDS, &kinds)
}

pub(super) fn read(sheet: &Sheet, today: NaiveDate, findings: &mut Findings) -> Vec<Row> {
    let rows = sheet.each(findings, |cells| {
        let area_number = cells.text("area_number", AREA_NUMBER_LENGTH_MAX);
        let kind = kind(cells, "kind");
        let code = cells.free_text("code", CODE_LENGTH_MAX);
        let building_number = cells.optional_text("building_number", BUILDING_NUMBER_LENGTH_MAX);
        let location = cells.free_text("location", LOCATION_LENGTH_MAX);
        let installed_on = cells.past_day("installed_on", today);
        let retired_on = cells.optional_past_day("retired_on", today);
        let (area_number, building_number) = (area_number?, building_number?);
        Some(Row {
            line: cells.line(),
            key: Key {
                area_id: Area::id_of(&area_number),
                kind: kind?,
                code: code?,
            },
            place: (!building_number.is_empty()).then(|| Place::of(&area_number, building_number)),
            location: location?,
            installed_on: installed_on?,
            retired_on: retired_on?,
        })
    });
    without_duplicates(rows, "code", findings, |row| (row.line, row.key.clone()))
}

pub(super) async fn compare(
    tx: &Tx,
    rows: Vec<Row>,
    periods: &Periods,
    findings: &mut Findings,
) -> Result<Changes, StoreError> {
    let named = rows.iter().map(|row| (row.line, row.key.area_id));
    let areas = held_areas::hold(tx, named, findings).await?;
    let places = rows.iter().filter_map(|row| row.place.as_ref());
    let found = places::look_up(tx, places).await?;
    let standing = tx.hold_equipment(rows.iter().map(|row| &row.key)).await?;
    let numbers = numbers_of(tx, standing.values()).await?;
    let mut new = New {
        equipment: Vec::new(),
        happened: Vec::new(),
        alarms: Vec::new(),
    };
    for row in rows {
        let Some(area) = areas.get(&row.key.area_id) else {
            continue;
        };
        let building_id = match &row.place {
            None => None,
            Some(place) => match found.get(place) {
                Some(id) => Some(*id),
                None => {
                    findings.fault(row.line, "building_number", &places::building_unknown());
                    continue;
                }
            },
        };
        if let Some(known) = standing.get(&row.key) {
            if stands(known, &row, building_id, &numbers, findings) {
                findings.unchanged(1);
            }
            continue;
        }
        match registered(&row, building_id, periods) {
            Ok(steps) => new.take(steps, area.division, periods),
            Err((column, refusal)) => findings.fault(row.line, column, &refusal.into()),
        }
    }
    Ok(Changes::Equipment(new))
}

/// The numbers of the buildings that equipment stands in.
async fn numbers_of(
    tx: &Tx,
    equipment: impl Iterator<Item = &Equipment>,
) -> Result<HashMap<BuildingId, String>, StoreError> {
    let ids = distinct(equipment.filter_map(|one| one.building_id));
    let buildings = buildings::find_many(tx.connection(), &ids).await?;
    Ok(buildings
        .into_iter()
        .map(|(id, building)| (id, building.number))
        .collect())
}

/// Whether a row tells of equipment what is recorded of it; notes what it tells otherwise.
fn stands(
    known: &Equipment,
    row: &Row,
    building_id: Option<BuildingId>,
    numbers: &HashMap<BuildingId, String>,
    findings: &mut Findings,
) -> bool {
    let number = known.building_id.and_then(|id| numbers.get(&id));
    let columns = [
        ("building_number", known.building_id == building_id, shown(number)),
        ("location", known.location == row.location, known.location.clone()),
        (
            "installed_on",
            known.installed_on == row.installed_on,
            known.installed_on.to_string(),
        ),
        (
            "retired_on",
            known.retired_on == row.retired_on,
            shown(known.retired_on),
        ),
    ];
    agrees(findings, row.line, &columns)
}

/// The equipment of a row as the calls would record it: put into use, and where the row says so out of it.
fn registered(
    row: &Row,
    building_id: Option<BuildingId>,
    periods: &Periods,
) -> Result<(Equipment, Option<Equipment>), (&'static str, Refusal)> {
    let new = Equipment {
        id: EquipmentId::generate(),
        area_id: row.key.area_id,
        building_id,
        kind: row.key.kind,
        code: row.key.code.clone(),
        location: row.location.clone(),
        installed_on: row.installed_on,
        next_inspection_on: row.installed_on,
        last: None,
        retired_on: None,
        version: 1,
    };
    let new = new
        .watched(periods.months(row.key.kind), periods.today)
        .map_err(|refusal| ("installed_on", refusal))?;
    let retired = row.retired_on.map(|on| new.clone().retire(on, periods.today));
    let retired = retired.transpose().map_err(|refusal| ("retired_on", refusal))?;
    Ok((new, retired))
}

impl New {
    fn take(
        &mut self,
        (new, retired): (Equipment, Option<Equipment>),
        division: DivisionCode,
        periods: &Periods,
    ) {
        let mut tell = |version, event| {
            self.happened.push(Happened {
                division,
                version,
                event: RegistryEvent::Part(event),
            });
        };
        tell(new.version, PartEvent::EquipmentRegistered(new.clone()));
        if let Some(retired) = &retired {
            tell(retired.version, PartEvent::EquipmentRetired(retired.clone()));
        }
        let last = retired.unwrap_or(new);
        self.alarms.extend(periods.alarms(&last));
        self.equipment.push(last);
    }
}

/// Records it and sets its clock; answers what happened.
pub(super) async fn record(tx: &mut Tx, ctx: &CallContext, new: New) -> Result<Vec<Happened>, StoreError> {
    tx.insert_equipment(&new.equipment).await?;
    tx.schedule_all(ctx, new.alarms).await?;
    Ok(new.happened)
}
