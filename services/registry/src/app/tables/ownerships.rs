//! Tables of ownerships: a row per home and owner, put together into the history of each home.
//! Names and document numbers are in clear here; no error repeats them unmasked.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use ids::{HomeId, OwnerId};
use sealing::{Sealer, mask_document, mask_name};

use super::cells::{distinct, without_duplicates};
use super::findings::Findings;
use super::people::{self, NAME_LENGTH_MAX};
use super::record::{Changes, hold_buildings};
use super::sheet::Sheet;
use crate::domain::home::{Home, Sale};
use crate::domain::owner::NamedOwner;
use crate::domain::ownership::{History, HistoryFault, Ownership};
use crate::domain::row_fault::RowFault;
use crate::error::AppError;
use crate::store::{Tx, homes, ownerships};

/// More owners than any home has one after the other.
const TURN_MAX: i32 = 10_000;
/// More owners than any home has together.
const OWNERS_MAX: i32 = 1_000;

/// The rows of a table.
pub(in crate::app) struct Rows {
    rows: Vec<Row>,
    /// Homes of which a row could not be read: who owns them is not known as a whole.
    incomplete: HashSet<HomeId>,
}

/// One owner of one home, and its line.
struct Row {
    line: u32,
    home_id: HomeId,
    owner: NamedOwner,
    owned_since: NaiveDate,
    owned_until: Option<NaiveDate>,
    /// Tells ownerships apart that began and ended on the same day: what was put right on the very day, twice.
    turn: Option<i32>,
    /// How many own it together, where the table says it.
    owner_count: Option<i32>,
}

/// First day, whether it lasts, end and turn: rows of a home that agree in it are co-owners, and in its order ownerships
/// follow one another.
type Span = (NaiveDate, bool, Option<NaiveDate>, Option<i32>);

impl Row {
    fn span(&self) -> Span {
        let lasts = self.owned_until.is_none();
        (self.owned_since, lasts, self.owned_until, self.turn)
    }
}

pub(super) fn read(sheet: &Sheet, today: NaiveDate, sealer: &Sealer, findings: &mut Findings) -> Rows {
    let mut incomplete = HashSet::new();
    let rows =
        sheet.each(findings, |cells| {
            let unit_number = cells.unit_number("unit_number");
            let name = cells.text("owner_name", NAME_LENGTH_MAX);
            let document = people::document(cells);
            let owned_since = cells.past_day("owned_since", today);
            let owned_until = cells.optional_past_day("owned_until", today);
            let turn = cells.optional_integer("owned_turn", 1, TURN_MAX);
            let owner_count = cells.optional_integer("owner_count", 1, OWNERS_MAX);
            let home_id = Home::id_of(&unit_number?);
            let (
                Some(name),
                Some(document),
                Some(owned_since),
                Some(owned_until),
                Some(turn),
                Some(owner_count),
            ) = (name, document, owned_since, owned_until, turn, owner_count)
            else {
                incomplete.insert(home_id);
                return None;
            };
            Some(Row {
                line: cells.line(),
                home_id,
                owner: NamedOwner {
                    id: sealer.derive_id(&document.natural_key()),
                    document,
                    name,
                },
                owned_since,
                owned_until,
                turn,
                owner_count,
            })
        });
    let lines: Vec<_> = rows.iter().map(|row| (row.line, row.home_id)).collect();
    // Who sold a home may buy it again.
    let has_history = sheet.has("owned_until");
    let rows = without_duplicates(rows, "document_number", findings, |row| {
        let span = has_history.then(|| row.span());
        (row.line, (row.home_id, row.owner.id, span))
    });
    // A row that has too few cells, or names an owner twice, may be the row of a co-owner.
    incomplete.extend(sheet.left_out().map(|unit_number| Home::id_of(&unit_number)));
    let twice = lines.into_iter().filter(|(line, _)| findings.is_wrong(*line));
    incomplete.extend(twice.map(|(_, home_id)| home_id));
    Rows { rows, incomplete }
}

pub(super) async fn compare(
    tx: &Tx,
    sealer: &Sealer,
    Rows { rows, incomplete }: Rows,
    findings: &mut Findings,
) -> Result<Changes, AppError> {
    let home_ids = distinct(rows.iter().map(|row| row.home_id));
    let known_homes = homes::find_many(tx.connection(), &home_ids).await?;
    let held = hold_buildings(tx, distinct(known_homes.values().map(|home| home.building_id))).await?;
    // Read after the buildings are held: nobody else gives these homes owners from here on.
    let histories = ownerships::histories(tx.connection(), &home_ids).await?;
    let rows = of_known_homes(rows, &known_homes, findings);
    let owners = new_owners(tx, sealer, &rows, findings).await?;

    let mut by_home: BTreeMap<HomeId, Vec<Row>> = BTreeMap::new();
    for row in rows {
        by_home.entry(row.home_id).or_default().push(row);
    }
    let mut new = Vec::new();
    let mut recorded = 0;
    for (home_id, rows) in by_home {
        // Some of the owners are not all of them: the home waits for a table in which they are right.
        let is_complete = !incomplete.contains(&home_id) && has_all_owners(&rows, findings);
        if !is_complete || rows.iter().any(|row| findings.is_wrong(row.line)) {
            refuse_whole(&rows, findings);
            continue;
        }
        let Some(history) = together(home_id, &rows, findings) else {
            refuse_whole(&rows, findings);
            continue;
        };
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let known = histories.get(&home_id).map(Vec::as_slice).unwrap_or_default();
        let new_to_us = history.all().find(|ownership| !stands(known, ownership));
        match (new_to_us, known.last(), known_homes.get(&home_id)) {
            (None, ..) => findings.unchanged(count),
            (Some(ownership), Some(known), _) => differs(known, ownership, &rows, findings),
            (Some(_), None, Some(home)) => {
                recorded += count;
                new.push((home.building_id, history));
            }
            (Some(_), None, None) => {}
        }
    }
    let named: HashSet<OwnerId> = new
        .iter()
        .flat_map(|(_, history)| history.all())
        .flat_map(|ownership| ownership.owner_ids.iter().copied())
        .collect();
    let owners = owners.into_iter().filter(|owner| named.contains(&owner.id));
    Ok(Changes::Ownerships {
        held,
        owners: owners.collect(),
        histories: new,
        rows: recorded,
    })
}

/// Leaves out rows of homes that are not registered or not sold. A buyer who waits for the hand-over is recorded, and counts with the developer till then.
fn of_known_homes(rows: Vec<Row>, known: &HashMap<HomeId, Home>, findings: &mut Findings) -> Vec<Row> {
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let fault = match known.get(&row.home_id).map(|home| home.sale) {
            Some(Sale::Sold | Sale::Delivered { .. }) => {
                kept.push(row);
                continue;
            }
            Some(Sale::Unsold) => RowFault::HomeUnsold,
            None => RowFault::ReferenceUnknown {
                cure: ("请先导入房屋表", "import the table of homes first"),
            },
        };
        findings.fault(row.line, "unit_number", &fault);
    }
    kept
}

/// The owners that are not recorded yet; notes a document that stands, or occurs above, with another name.
async fn new_owners(
    tx: &Tx,
    sealer: &Sealer,
    rows: &[Row],
    findings: &mut Findings,
) -> Result<Vec<NamedOwner>, AppError> {
    let standing = tx
        .names_of(sealer, &distinct(rows.iter().map(|row| row.owner.id)))
        .await?;
    let mut new: BTreeMap<OwnerId, NamedOwner> = BTreeMap::new();
    for row in rows {
        let known = standing
            .get(&row.owner.id)
            .or_else(|| new.get(&row.owner.id).map(|owner| &owner.name));
        match known {
            None => {
                new.insert(row.owner.id, row.owner.clone());
            }
            Some(name) if *name != row.owner.name => {
                let document = &row.owner.document;
                let legal_person = document.is_of_legal_person();
                let name = if legal_person {
                    name.clone()
                } else {
                    mask_name(name)
                };
                let number = if legal_person {
                    document.number().to_owned()
                } else {
                    mask_document(document.number())
                };
                let fault = RowFault::ValueDiffers {
                    standing: format!("{name} ({number})"),
                };
                findings.fault(row.line, "owner_name", &fault);
            }
            Some(_) => {}
        }
    }
    Ok(new.into_values().collect())
}

/// Whether each ownership of a home has as many rows as it is said to have owners; notes those that have not. A row whose
/// unit number is mistyped counts with another home or with none, which nothing else in a table can show.
fn has_all_owners(rows: &[Row], findings: &mut Findings) -> bool {
    let mut spans: BTreeMap<Span, usize> = BTreeMap::new();
    for row in rows {
        *spans.entry(row.span()).or_default() += 1;
    }
    let mut has_all = true;
    for row in rows {
        let found = spans.get(&row.span()).copied().unwrap_or_default();
        let is_so = |count: i32| usize::try_from(count) == Ok(found);
        if row.owner_count.is_some_and(|count| !is_so(count)) {
            findings.fault(
                row.line,
                "owner_count",
                &RowFault::OwnerCountDiffers { rows: found },
            );
            has_all = false;
        }
    }
    has_all
}

/// Notes rows that are right in themselves, of a home of which another is not: nobody is recorded as its owner. Where all
/// rows are refused together that need not be said.
fn refuse_whole(rows: &[Row], findings: &mut Findings) {
    for row in rows {
        if findings.is_lenient() && !findings.is_wrong(row.line) {
            findings.fault(row.line, "", &RowFault::OwnershipIncomplete);
        }
    }
}

/// Whether an ownership is recorded. One that lasts in a table from before a transfer still agrees with what was true then.
fn stands(known: &[Ownership], ownership: &Ownership) -> bool {
    known.iter().any(|known| {
        known.owner_ids == ownership.owner_ids
            && known.valid_from == ownership.valid_from
            && (ownership.valid_to.is_none() || ownership.valid_to == known.valid_to)
    })
}

/// The history that the rows of one home say together; notes rows whose days do not fit.
fn together(home_id: HomeId, rows: &[Row], findings: &mut Findings) -> Option<History> {
    let first = rows.first()?;
    if rows.iter().all(|row| row.owned_until.is_none()) {
        return together_now(home_id, rows, first, findings);
    }
    let mut spans: BTreeMap<Span, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        spans.entry(row.span()).or_default().push(row);
    }
    let ownerships = spans.iter().map(|((since, _, until, _), rows)| Ownership {
        valid_to: *until,
        ..Ownership::since(home_id, rows.iter().map(|row| row.owner.id).collect(), *since)
    });
    let (index, fault) = match History::of(ownerships.collect()) {
        Ok(history) => return history,
        Err(HistoryFault::Broken { index, next }) => (index, RowFault::HistoryBroken { next }),
        Err(HistoryFault::Ended { index }) => (index, RowFault::HistoryEnded),
    };
    for row in spans.values().nth(index).into_iter().flatten() {
        findings.fault(row.line, "owned_until", &fault);
    }
    None
}

/// The one ownership that rows without ends say together; notes rows that begin it on another day.
fn together_now(home_id: HomeId, rows: &[Row], first: &Row, findings: &mut Findings) -> Option<History> {
    let mut agree = true;
    for row in rows.iter().filter(|row| row.owned_since != first.owned_since) {
        let fault = RowFault::ValueDiffers {
            standing: first.owned_since.to_string(),
        };
        findings.fault(row.line, "owned_since", &fault);
        agree = false;
    }
    let owner_ids = rows.iter().map(|row| row.owner.id).collect();
    agree.then(|| History {
        past: Vec::new(),
        lasting: Ownership::since(home_id, owner_ids, first.owned_since),
    })
}

/// Notes how an ownership differs from the one that stands.
fn differs(known: &Ownership, ownership: &Ownership, rows: &[Row], findings: &mut Findings) {
    let (column, standing) = if known.owner_ids == ownership.owner_ids {
        ("owned_since", known.valid_from.to_string())
    } else {
        (
            "document_number",
            format!("{} owner(s) since {}", known.owner_ids.len(), known.valid_from),
        )
    };
    for row in rows {
        findings.fault(
            row.line,
            column,
            &RowFault::ValueDiffers {
                standing: standing.clone(),
            },
        );
    }
}
