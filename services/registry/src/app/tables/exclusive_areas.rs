//! Tables of exclusive areas through time: a row for each area that a home had, put together into its history.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use db::StoreError;
use ids::{BuildingId, HomeId};

use super::cells::{Cells, agrees, distinct, shown, without_duplicates};
use super::findings::Findings;
use super::record::{Changes, Held, grouped, hold_buildings, stepwise};
use super::sheet::Sheet;
use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::home::Home;
use crate::domain::part::correction::{self, AreaSource, Correction, HomeArea, Reasoned};
use crate::domain::part::event::PartEvent;
use crate::domain::part::refusal::Refusal;
use crate::domain::row_fault::RowFault;
use crate::store::{Tx, home_areas, homes};

/// More corrections than any home has.
const TURN_MAX: i32 = 1_000;
const REASON_LENGTH_MAX: usize = 500;
pub(super) const SOURCES: &[&str] = &["CONTRACT", "SURVEY", "REGISTER"];
const FIRST: (&str, &str) = ("首次登记的面积", "for the area that the home was recorded with");

/// The rows of a table.
pub(in crate::app) struct Rows {
    rows: Vec<Row>,
    /// Homes of which a row could not be read: their history is not known as a whole.
    incomplete: HashSet<HomeId>,
}

/// One area of a home, and its line.
struct Row {
    line: u32,
    home_id: HomeId,
    turn: i32,
    area: Reasoned,
}

/// What is new in a table.
pub(in crate::app) struct New {
    held: Held,
    histories: Vec<(Home, Vec<Reasoned>)>,
}

impl New {
    /// How many rows of the table it is.
    pub(super) fn rows(&self) -> usize {
        self.histories.iter().map(|(_, areas)| areas.len()).sum()
    }
}

pub(super) fn read(sheet: &Sheet, today: NaiveDate, findings: &mut Findings) -> Rows {
    let mut incomplete = HashSet::new();
    let rows = sheet.each(findings, |cells| {
        let home_id = Home::id_of(&cells.unit_number("unit_number")?);
        let row = row(cells, home_id, today);
        if row.is_none() {
            incomplete.insert(home_id);
        }
        row
    });
    incomplete.extend(sheet.left_out().map(|unit_number| Home::id_of(&unit_number)));
    let rows = without_duplicates(rows, "area_turn", findings, |row| {
        (row.line, (row.home_id, row.turn))
    });
    Rows { rows, incomplete }
}

fn row(cells: &mut Cells<'_>, home_id: HomeId, today: NaiveDate) -> Option<Row> {
    let turn = cells.integer("area_turn", 0, TURN_MAX);
    let area = cells.area("exclusive_area");
    let sources = [AreaSource::Contract, AreaSource::Survey, AreaSource::Register];
    let source = cells.word("source", SOURCES, &sources);
    let is_first = turn? == 0;
    let (since, document_digest) = if is_first {
        let empty = cells.empty("counts_since", FIRST);
        (
            empty.map(|()| None),
            cells.empty("document_digest", FIRST).map(|()| None),
        )
    } else {
        (
            cells.past_day("counts_since", today).map(Some),
            cells.digest("document_digest").map(Some),
        )
    };
    let reason = cells.optional_free_text("reason", REASON_LENGTH_MAX);
    Some(Row {
        line: cells.line(),
        home_id,
        turn: turn?,
        area: Reasoned {
            area: HomeArea {
                area: area?,
                source: source?,
                since: since?,
                document_digest: document_digest?,
            },
            reason: reason?,
        },
    })
}

pub(super) async fn compare(
    tx: &Tx,
    Rows { rows, incomplete }: Rows,
    findings: &mut Findings,
) -> Result<Changes, StoreError> {
    let home_ids = distinct(rows.iter().map(|row| row.home_id));
    let known = homes::find_many(tx.connection(), &home_ids).await?;
    let held = hold_buildings(tx, distinct(known.values().map(|home| home.building_id))).await?;
    // Read after the buildings are held: nobody else corrects these homes from here on.
    let known = homes::find_many(tx.connection(), &distinct(known.into_keys())).await?;
    let standing = home_areas::histories(tx.connection(), &home_ids).await?;
    let mut by_home: BTreeMap<HomeId, Vec<Row>> = BTreeMap::new();
    for row in rows {
        by_home.entry(row.home_id).or_default().push(row);
    }
    let mut histories = Vec::new();
    for (home_id, mut rows) in by_home {
        rows.sort_by_key(|row| row.turn);
        let Some(home) = known.get(&home_id) else {
            let fault = RowFault::ReferenceUnknown {
                cure: ("请先导入房屋表", "import the table of homes first"),
            };
            for row in rows {
                findings.fault(row.line, "unit_number", &fault);
            }
            continue;
        };
        if incomplete.contains(&home_id) {
            for row in rows {
                findings.fault(row.line, "unit_number", &RowFault::RowsIncomplete);
            }
            continue;
        }
        if let Some(known) = standing.get(&home_id) {
            compare_with(known, &rows, findings);
        } else if is_right(home, &rows, findings) {
            histories.push((home.clone(), rows.into_iter().map(|row| row.area).collect()));
        } else {
            for row in rows {
                if !findings.is_wrong(row.line) {
                    findings.fault(row.line, "unit_number", &RowFault::RowsIncomplete);
                }
            }
        }
    }
    Ok(Changes::ExclusiveAreas(New { held, histories }))
}

/// Counts the rows that stand, and notes the others.
fn compare_with(known: &[Reasoned], rows: &[Row], findings: &mut Findings) {
    for row in rows {
        let turn = usize::try_from(row.turn).unwrap_or(usize::MAX);
        let Some(stands) = known.get(turn) else {
            let last = known.len().saturating_sub(1).to_string();
            agrees(findings, row.line, &[("area_turn", false, last)]);
            continue;
        };
        let (ours, theirs) = (&row.area, stands);
        let columns = [
            (
                "exclusive_area",
                ours.area.area == theirs.area.area,
                theirs.area.area.to_string(),
            ),
            (
                "source",
                ours.area.source == theirs.area.source,
                <&str>::from(theirs.area.source).to_uppercase(),
            ),
            (
                "counts_since",
                ours.area.since == theirs.area.since,
                shown(theirs.area.since),
            ),
            (
                "document_digest",
                ours.area.document_digest == theirs.area.document_digest,
                shown(theirs.area.document_digest.as_deref()),
            ),
            ("reason", ours.reason == theirs.reason, theirs.reason.clone()),
        ];
        if agrees(findings, row.line, &columns) {
            findings.unchanged(1);
        }
    }
}

/// Whether the rows are a history that corrections could have made, and that ends with the area that the home has.
fn is_right(home: &Home, rows: &[Row], findings: &mut Findings) -> bool {
    let mut before: Option<&HomeArea> = None;
    for (row, expected) in rows.iter().zip(0..) {
        if row.turn != expected {
            findings.fault(row.line, "area_turn", &RowFault::TurnMissing { turn: expected });
            return false;
        }
        let since = before.and_then(|before| before.since);
        if let Some(earliest) = since.filter(|since| row.area.area.since < Some(*since)) {
            findings.fault(row.line, "counts_since", &RowFault::DayTooEarly { earliest });
            return false;
        }
        if let Some(before) = before
            && let Err(refusal) = correction::follows(before, &row.area)
        {
            findings.fault(row.line, "exclusive_area", &refusal.into());
            return false;
        }
        before = Some(&row.area.area);
    }
    let (Some(last), Some(area)) = (rows.last(), before) else {
        return false;
    };
    if rows.len() == 1 {
        findings.fault(last.line, "area_turn", &Refusal::ExclusiveAreaUnchanged.into());
        return false;
    }
    let ends_right = area.area == home.exclusive_area;
    agrees(
        findings,
        last.line,
        &[("exclusive_area", ends_right, home.exclusive_area.to_string())],
    )
}

/// Records them; answers what happened.
pub(super) async fn record(tx: &Tx, new: New) -> Result<Vec<Happened>, StoreError> {
    let New { held, histories } = new;
    let rows: HashMap<HomeId, Vec<Reasoned>> = histories
        .iter()
        .map(|(home, areas)| (home.id, areas.clone()))
        .collect();
    tx.insert_area_histories(&rows).await?;
    let corrections: Vec<(BuildingId, Correction)> = histories
        .iter()
        .flat_map(|(home, areas)| {
            let pairs = areas.iter().zip(areas.iter().skip(1));
            pairs.map(|(before, after)| {
                let correction = Correction {
                    building_id: home.building_id,
                    area_id: home.area_id,
                    home_id: home.id,
                    before: before.area.area,
                    after: after.area.clone(),
                };
                (home.building_id, correction)
            })
        })
        .collect();
    stepwise(tx, held, grouped(corrections), |_, correction| {
        RegistryEvent::Part(PartEvent::HomeCorrected(correction))
    })
    .await
}
