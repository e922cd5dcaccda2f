//! Tables of parking that is no exclusive part, a row a version.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use db::StoreError;
use ids::{AreaId, DivisionCode, ParkingId};

use super::areas::NUMBER_LENGTH_MAX as AREA_NUMBER_LENGTH_MAX;
use super::cells::{TURN_MAX, agrees, missing_turn, shown, without_duplicates};
use super::findings::Findings;
use super::held_areas;
use super::record::Changes;
use super::sheet::Sheet;
use crate::domain::area::Area;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::part::event::PartEvent;
use crate::domain::part::parking::{self as domain, Parking, ParkingKind, SPACES_MAX, Version};
use crate::domain::part::refusal::Refusal;
use crate::domain::row_fault::RowFault;
use crate::store::Tx;
use crate::store::parking::{self, Key};

const NAME_LENGTH_MAX: usize = 100;
const NUMBERS_LENGTH_MAX: usize = 2_000;

/// Words of the column `kind`.
pub(super) const KINDS: &[&str] = &["PLANNED", "COMMON_GROUND"];

/// A version of a lot, and its line.
pub(in crate::app) struct Row {
    line: u32,
    key: Key,
    /// None where it counts for as long as anything is known.
    since: Option<NaiveDate>,
    spaces: i32,
    leased: i32,
    numbers: String,
    /// Which of the lot's versions of that day it is, where there are several.
    turn: Option<i32>,
}

/// What is new in a table.
#[derive(Default)]
pub(in crate::app) struct New {
    /// The lots after all their rows.
    lots: Vec<Parking>,
    pub(super) versions: Vec<Version>,
    happened: Vec<Happened>,
}

pub(super) fn read(sheet: &Sheet, today: NaiveDate, findings: &mut Findings) -> Vec<Row> {
    let rows = sheet.each(findings, |cells| {
        let area_number = cells.text("area_number", AREA_NUMBER_LENGTH_MAX);
        let kinds = [ParkingKind::Planned, ParkingKind::CommonGround];
        let kind = cells.word("kind", KINDS, &kinds);
        let name = cells.free_text("name", NAME_LENGTH_MAX);
        let since = cells.optional_past_day("since", today);
        let spaces = cells.integer("spaces", 1, SPACES_MAX);
        let leased = cells.integer("leased", 0, SPACES_MAX);
        let numbers = cells.optional_free_text("numbers", NUMBERS_LENGTH_MAX);
        let turn = cells.optional_integer("turn", 1, TURN_MAX);
        Some(Row {
            line: cells.line(),
            key: Key {
                area_id: Area::id_of(&area_number?),
                kind: kind?,
                name: name?,
            },
            since: since?,
            spaces: spaces?,
            leased: leased?,
            numbers: numbers?,
            turn: turn?,
        })
    });
    without_duplicates(rows, "since", findings, |row| {
        (row.line, (row.key.clone(), row.since, row.turn))
    })
}

pub(super) async fn compare(tx: &Tx, rows: Vec<Row>, findings: &mut Findings) -> Result<Changes, StoreError> {
    let named = rows.iter().map(|row| (row.line, row.key.area_id));
    let areas = held_areas::hold(tx, named, findings).await?;
    let mut present = parking::find_many(tx.connection(), rows.iter().map(|row| &row.key)).await?;
    let lots: Vec<Parking> = present.values().cloned().collect();
    // What stands before all that the rows tell is of no concern, but where a row says no day.
    let from = rows.iter().map(|row| row.since).min().flatten();
    let mut standing = parking::histories(tx.connection(), &lots, from).await?;
    let mut new = New::default();
    for (key, mut rows) in by_lot(rows, &areas) {
        let Some(area) = areas.get(&key.area_id) else {
            continue;
        };
        // Of one day in the order in which they were recorded.
        rows.sort_by_key(|row| (row.since, row.turn, row.line));
        let lot = present.remove(&key);
        let known = lot.as_ref().and_then(|lot| standing.remove(&lot.id));
        new.take(lot, rows, &known.unwrap_or_default(), area.division, findings);
    }
    Ok(Changes::Parking(new))
}

/// Rows of areas that stand, by lot.
fn by_lot(rows: Vec<Row>, areas: &BTreeMap<AreaId, Area>) -> BTreeMap<Key, Vec<Row>> {
    let mut groups: BTreeMap<Key, Vec<Row>> = BTreeMap::new();
    for row in rows {
        if areas.contains_key(&row.key.area_id) {
            groups.entry(row.key.clone()).or_default().push(row);
        }
    }
    groups
}

/// The version that a row names, where it stands: by its turn within the day, else the one of the day that is as it says,
/// else the last of the day.
fn named<'a>(known: &'a [Version], row: &Row) -> Option<&'a Version> {
    let mut of_day = known.iter().filter(|known| known.since == row.since);
    match row.turn.map(usize::try_from) {
        Some(turn) => of_day.nth(turn.ok()?.checked_sub(1)?),
        None => of_day
            .clone()
            .find(|known| is_same(&known.parking, row))
            .or_else(|| of_day.next_back()),
    }
}

fn is_same(lot: &Parking, row: &Row) -> bool {
    (lot.spaces, lot.leased, &lot.numbers) == (row.spaces, row.leased, &row.numbers)
}

/// Notes how a row differs from the version that it names; true where it does not.
fn stands(known: &Version, row: &Row, findings: &mut Findings) -> bool {
    let lot = &known.parking;
    let columns = [
        ("since", known.since == row.since, shown(known.since)),
        ("spaces", lot.spaces == row.spaces, lot.spaces.to_string()),
        ("leased", lot.leased == row.leased, lot.leased.to_string()),
        ("numbers", lot.numbers == row.numbers, lot.numbers.clone()),
    ];
    agrees(findings, row.line, &columns)
}

/// The column that a refusal speaks of.
fn column_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::SpacesOutOfRange => "spaces",
        Refusal::LeasedMoreThanSpaces => "leased",
        Refusal::ParkingUnchanged => "",
        _ => "since",
    }
}

impl New {
    /// Takes the rows of one lot, the oldest first; `known` are its versions that they may speak of.
    fn take(
        &mut self,
        present: Option<Parking>,
        rows: Vec<Row>,
        known: &[Version],
        division: DivisionCode,
        findings: &mut Findings,
    ) {
        let had = present.as_ref().map_or(0, |lot| lot.version);
        let mut last = present.map(|parking| Version {
            since: known.last().and_then(|last| last.since),
            parking,
        });
        for row in rows {
            // A lot has one beginning, with a day or without.
            let first = known.first().filter(|_| row.since.is_none());
            if let Some(known) = named(known, &row).or(first) {
                if stands(known, &row, findings) {
                    findings.unchanged(1);
                }
                continue;
            }
            if last.is_some() && row.since.is_none() {
                findings.fault(row.line, "since", &RowFault::ValueMissing);
                continue;
            }
            let of_day = known.iter().filter(|known| known.since == row.since).count();
            let taken = self.versions.iter().filter(|taken| {
                taken.since == row.since
                    && last
                        .as_ref()
                        .is_some_and(|last| last.parking.id == taken.parking.id)
            });
            if let Some(turn) = missing_turn(row.turn, of_day + taken.count()) {
                findings.fault(row.line, "turn", &RowFault::TurnMissing { turn });
                continue;
            }
            let line = row.line;
            match domain::recall(last.as_ref(), version(row, last.as_ref())) {
                Ok(next) => {
                    self.happened.push(Happened {
                        division,
                        version: next.parking.version,
                        event: RegistryEvent::Part(PartEvent::ParkingRecorded(next.parking.clone())),
                    });
                    self.versions.push(next.clone());
                    last = Some(next);
                }
                Err(refusal) => findings.fault(line, column_of(&refusal), &refusal.into()),
            }
        }
        let changed = last.filter(|last| last.parking.version != had);
        self.lots.extend(changed.map(|last| last.parking));
    }
}

/// What a row says of a lot of which that is recorded last.
fn version(row: Row, last: Option<&Version>) -> Version {
    let Row {
        key,
        since,
        spaces,
        leased,
        numbers,
        ..
    } = row;
    Version {
        since,
        parking: Parking {
            id: last.map_or_else(ParkingId::generate, |last| last.parking.id),
            area_id: key.area_id,
            kind: key.kind,
            name: key.name,
            spaces,
            leased,
            numbers,
            version: 1,
        },
    }
}

/// Records them; answers what happened.
pub(super) async fn record(tx: &Tx, new: New) -> Result<Vec<Happened>, StoreError> {
    tx.put_parking(&new.lots).await?;
    tx.insert_parking_versions(&new.versions).await?;
    Ok(new.happened)
}
