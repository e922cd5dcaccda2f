//! Tables of inspections of shared equipment.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, DivisionCode, EquipmentId};
use rpc::CallContext;

use super::areas::NUMBER_LENGTH_MAX as AREA_NUMBER_LENGTH_MAX;
use super::cells::{TURN_MAX, agrees, missing_turn, shown, without_duplicates};
use super::equipment::{CODE_LENGTH_MAX, kind};
use super::findings::Findings;
use super::held_areas;
use super::periods::{Alarm, Periods};
use super::record::Changes;
use super::sheet::Sheet;
use crate::app::part::equipment::{INSPECTION_DUE, INSPECTION_OVERDUE};
use crate::domain::area::Area;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::part::equipment::{Equipment, Inspection, InspectionResult};
use crate::domain::part::event::PartEvent;
use crate::domain::part::refusal::Refusal;
use crate::domain::row_fault::RowFault;
use crate::store::Tx;
use crate::store::equipment::{self, Key};

const INSPECTOR_LENGTH_MAX: usize = 100;

/// Words of the column `result`.
pub(super) const RESULTS: &[&str] = &["PASSED", "FAILED"];

/// An inspection and its line.
pub(in crate::app) struct Row {
    line: u32,
    key: Key,
    inspection: Inspection,
    /// Which of the equipment's inspections of that day it is, where there are several.
    turn: Option<i32>,
}

/// What is new in a table.
#[derive(Default)]
pub(in crate::app) struct New {
    /// The equipment after all its rows.
    equipment: Vec<Equipment>,
    pub(super) inspections: Vec<(EquipmentId, Inspection)>,
    happened: Vec<Happened>,
    /// Whose clock begins anew.
    begun_anew: Vec<EquipmentId>,
    alarms: Vec<Alarm>,
}

pub(super) fn read(sheet: &Sheet, today: NaiveDate, findings: &mut Findings) -> Vec<Row> {
    let rows = sheet.each(findings, |cells| {
        let area_number = cells.text("area_number", AREA_NUMBER_LENGTH_MAX);
        let kind = kind(cells, "equipment_kind");
        let code = cells.free_text("equipment_code", CODE_LENGTH_MAX);
        let inspected_on = cells.past_day("inspected_on", today);
        let inspector = cells.free_text("inspector", INSPECTOR_LENGTH_MAX);
        let results = [InspectionResult::Passed, InspectionResult::Failed];
        let result = cells.word("result", RESULTS, &results);
        let valid_until = match result {
            Some(InspectionResult::Failed) => {
                let when = ("检验不合格", "where the inspection failed");
                cells.empty("valid_until", when).map(|()| None)
            }
            Some(InspectionResult::Passed) | None => cells.optional_day("valid_until"),
        };
        let turn = cells.optional_integer("turn", 1, TURN_MAX);
        Some(Row {
            line: cells.line(),
            key: Key {
                area_id: Area::id_of(&area_number?),
                kind: kind?,
                code: code?,
            },
            inspection: Inspection {
                on: inspected_on?,
                inspector: inspector?,
                result: result?,
                valid_until: valid_until?,
            },
            turn: turn?,
        })
    });
    without_duplicates(rows, "inspected_on", findings, |row| {
        let Inspection { on, result, .. } = row.inspection;
        (row.line, (row.key.clone(), on, result, row.turn))
    })
}

pub(super) async fn compare(
    tx: &Tx,
    rows: Vec<Row>,
    periods: &Periods,
    findings: &mut Findings,
) -> Result<Changes, StoreError> {
    let named = rows.iter().map(|row| (row.line, row.key.area_id));
    let areas = held_areas::hold(tx, named, findings).await?;
    let mut held = tx.hold_equipment(rows.iter().map(|row| &row.key)).await?;
    let standing = standing(tx, &rows, held.values()).await?;
    let mut new = New::default();
    for (key, rows) in by_equipment(rows, &areas) {
        let Some(before) = held.remove(&key) else {
            let cure = ("请先导入设施设备表", "import the table of equipment first");
            for row in rows {
                findings.fault(row.line, "equipment_code", &RowFault::ReferenceUnknown { cure });
            }
            continue;
        };
        let Some(area) = areas.get(&key.area_id) else {
            continue;
        };
        let mut rows = rows;
        // Of one day in the order in which they were recorded.
        rows.sort_by_key(|row| (row.inspection.on, row.turn, row.line));
        let known = standing.get(&before.id).map(Vec::as_slice).unwrap_or_default();
        new.take(before, rows, known, area.division, periods, findings);
    }
    Ok(Changes::Inspections(new))
}

/// The inspections that stand, of the days that rows tell of: not all of every piece of equipment for each portion of a file.
async fn standing(
    tx: &Tx,
    rows: &[Row],
    held: impl Iterator<Item = &Equipment>,
) -> Result<HashMap<EquipmentId, Vec<Inspection>>, StoreError> {
    let days = rows.iter().map(|row| row.inspection.on);
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else {
        return Ok(HashMap::new());
    };
    let ids: Vec<EquipmentId> = held.map(|one| one.id).collect();
    equipment::inspections_within(tx.connection(), &ids, first..=last).await
}

/// Rows of areas that stand, by equipment.
fn by_equipment(rows: Vec<Row>, areas: &BTreeMap<AreaId, Area>) -> BTreeMap<Key, Vec<Row>> {
    let mut groups: BTreeMap<Key, Vec<Row>> = BTreeMap::new();
    for row in rows {
        if areas.contains_key(&row.key.area_id) {
            groups.entry(row.key.clone()).or_default().push(row);
        }
    }
    groups
}

/// The inspection that a row names, where it stands: by its turn within the day, else by its result.
fn named<'a>(known: &[&'a Inspection], row: &Row) -> Option<&'a Inspection> {
    match row.turn.map(usize::try_from) {
        Some(turn) => known.get(turn.ok()?.checked_sub(1)?).copied(),
        None => {
            let same = known.iter().filter(|known| known.result == row.inspection.result);
            let mut same = same.copied();
            same.clone()
                .find(|known| is_same(known, row))
                .or_else(|| same.next_back())
        }
    }
}

/// Whether an inspection is the one of a row. A row that does not say until when it holds agrees with what was taken then.
fn is_same(known: &Inspection, row: &Row) -> bool {
    let told = &row.inspection;
    let until = told.valid_until.is_none() || told.valid_until == known.valid_until;
    (known.result, &known.inspector) == (told.result, &told.inspector) && until
}

/// Notes how a row differs from the inspection that it names; true where it does not.
fn stands(known: &Inspection, row: &Row, findings: &mut Findings) -> bool {
    let told = &row.inspection;
    let result = <&str>::from(known.result).to_uppercase();
    let until = told.valid_until.is_none() || told.valid_until == known.valid_until;
    let columns = [
        ("result", known.result == told.result, result),
        (
            "inspector",
            known.inspector == told.inspector,
            known.inspector.clone(),
        ),
        ("valid_until", until, shown(known.valid_until)),
    ];
    agrees(findings, row.line, &columns)
}

/// The column that a refusal speaks of.
fn column_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::ValidityReversed { .. } => "valid_until",
        _ => "inspected_on",
    }
}

impl New {
    /// Takes the rows of one piece of equipment, the oldest first.
    fn take(
        &mut self,
        before: Equipment,
        rows: Vec<Row>,
        known: &[Inspection],
        division: DivisionCode,
        periods: &Periods,
        findings: &mut Findings,
    ) {
        let (mut now, mut is_anew) = (before.clone(), false);
        for row in rows {
            let of_day: Vec<&Inspection> = known.iter().filter(|one| one.on == row.inspection.on).collect();
            if let Some(known) = named(&of_day, &row) {
                if stands(known, &row, findings) {
                    findings.unchanged(1);
                }
                continue;
            }
            let taken = self
                .inspections
                .iter()
                .filter(|(id, taken)| *id == now.id && taken.on == row.inspection.on);
            if let Some(turn) = missing_turn(row.turn, of_day.len() + taken.count()) {
                findings.fault(row.line, "turn", &RowFault::TurnMissing { turn });
                continue;
            }
            let months = periods.months(now.kind);
            match now.clone().recall(row.inspection, months, periods.today) {
                Ok((after, inspection)) => {
                    is_anew |= after.next_inspection_on != now.next_inspection_on;
                    self.inspections.push((after.id, inspection.clone()));
                    self.happened.push(Happened {
                        division,
                        version: after.version,
                        event: RegistryEvent::Part(PartEvent::EquipmentInspected {
                            equipment: after.clone(),
                            inspection,
                        }),
                    });
                    now = after;
                }
                Err(refusal) => findings.fault(row.line, column_of(&refusal), &refusal.into()),
            }
        }
        if is_anew {
            self.begun_anew.push(now.id);
            self.alarms.extend(periods.alarms(&now));
        }
        if now.version != before.version {
            self.equipment.push(now);
        }
    }
}

/// Records them and begins clocks anew; answers what happened.
pub(super) async fn record(tx: &mut Tx, ctx: &CallContext, new: New) -> Result<Vec<Happened>, StoreError> {
    tx.save_held_equipment(&new.equipment).await?;
    tx.insert_inspections(&new.inspections).await?;
    for kind in [INSPECTION_DUE, INSPECTION_OVERDUE] {
        tx.unschedule_all(kind, &new.begun_anew).await?;
    }
    tx.schedule_all(ctx, new.alarms).await?;
    Ok(new.happened)
}
