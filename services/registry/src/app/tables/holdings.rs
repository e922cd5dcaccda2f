//! Tables of how homes are held: a row per home, first day and owner, put together into one holding.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use db::StoreError;
use ids::{DivisionCode, HomeId, OwnerId};
use sealing::Sealer;

use super::cells::{agrees, distinct, shown, without_duplicates};
use super::findings::Findings;
use super::people;
use super::record::Changes;
use super::sheet::Sheet;
use crate::app::owner::happened;
use crate::domain::event::Happened;
use crate::domain::home::Home;
use crate::domain::owner::event::OwnerEvent;
use crate::domain::owner::holding::{DENOMINATOR_MAX, Form, Holding, Share, Title};
use crate::domain::owner::refusal::Refusal;
use crate::domain::ownership::Ownership;
use crate::domain::row_fault::RowFault;
use crate::store::{Tx, areas, holdings, homes, ownerships};

/// Characters of a share: more than a fraction of small numbers has.
const SHARE_LENGTH_MAX: usize = 32;
pub(super) const TITLES: &[&str] = &["REGISTERED", "POSSESSION"];

/// The rows of a table.
pub(in crate::app) struct Rows {
    rows: Vec<Row>,
    /// Homes of which a row could not be read: how they are held is not known as a whole.
    incomplete: HashSet<HomeId>,
}

/// One owner of one home, and its line.
struct Row {
    line: u32,
    home_id: HomeId,
    owned_since: NaiveDate,
    owner_id: OwnerId,
    share: Option<Share>,
    title: Title,
}

/// What is new in a table.
pub(in crate::app) struct New {
    held: Vec<(DivisionCode, Holding)>,
    /// Rows of the table that it is.
    pub(super) rows: usize,
}

/// What is registered where a row must not say when.
const NOT_REGISTERED: (&str, &str) = ("未登记", "where the home is not registered");

pub(super) fn read(sheet: &Sheet, today: NaiveDate, sealer: &Sealer, findings: &mut Findings) -> Rows {
    let mut incomplete = HashSet::new();
    let rows = sheet.each(findings, |cells| {
        let unit_number = cells.unit_number("unit_number");
        let owned_since = cells.past_day("owned_since", today);
        let document = people::document(cells);
        let share_text = cells.optional_text("share", SHARE_LENGTH_MAX);
        let title = match cells.word("title", TITLES, &[true, false]) {
            Some(true) => {
                let on = cells.optional_past_day("registered_on", today);
                on.map(|on| Title::Registered { on })
            }
            Some(false) => {
                let empty = cells.empty("registered_on", NOT_REGISTERED);
                empty.map(|()| Title::Possession)
            }
            None => None,
        };
        let home_id = Home::id_of(&unit_number?);
        let owner_id = document.map(|document| sealer.derive_id(&document.natural_key()));
        let share = match (owner_id, share_text) {
            (Some(_), Some(text)) if text.is_empty() => Some(None),
            (Some(owner_id), Some(text)) => {
                let share = Share::read(owner_id, &text);
                if share.is_none() {
                    let refusal = Refusal::ShareMalformed { max: DENOMINATOR_MAX };
                    cells.fault("share", &refusal.into());
                }
                share.map(Some)
            }
            _ => None,
        };
        let (Some(owned_since), Some(owner_id), Some(share), Some(title)) =
            (owned_since, owner_id, share, title)
        else {
            incomplete.insert(home_id);
            return None;
        };
        Some(Row {
            line: cells.line(),
            home_id,
            owned_since,
            owner_id,
            share,
            title,
        })
    });
    let lines: Vec<_> = rows.iter().map(|row| (row.line, row.home_id)).collect();
    let rows = without_duplicates(rows, "document_number", findings, |row| {
        (row.line, (row.home_id, row.owned_since, row.owner_id))
    });
    // A row that has too few cells, or names an owner twice, may be the row of a co-owner.
    incomplete.extend(sheet.left_out().map(|unit_number| Home::id_of(&unit_number)));
    let twice = lines.into_iter().filter(|(line, _)| findings.is_wrong(*line));
    incomplete.extend(twice.map(|(_, home_id)| home_id));
    Rows { rows, incomplete }
}

pub(super) async fn compare(
    tx: &Tx,
    Rows { rows, incomplete }: Rows,
    today: NaiveDate,
    findings: &mut Findings,
) -> Result<Changes, StoreError> {
    let connection = tx.connection();
    let home_ids = distinct(rows.iter().map(|row| row.home_id));
    let known_homes = homes::find_many(connection, &home_ids).await?;
    tx.hold_buildings(&distinct(known_homes.values().map(|home| home.building_id)))
        .await?;
    // Read again after the buildings are held: nobody else moves or passes these homes from here on.
    let known_homes = homes::find_many(connection, &home_ids).await?;
    let area_ids = distinct(known_homes.values().map(|home| home.area_id));
    let known_areas = areas::find_many(connection, &area_ids).await?;
    let histories = ownerships::histories(connection, &home_ids).await?;
    let mut groups: BTreeMap<(HomeId, NaiveDate), Vec<Row>> = BTreeMap::new();
    for row in rows {
        groups
            .entry((row.home_id, row.owned_since))
            .or_default()
            .push(row);
    }
    let mut told = Vec::new();
    for ((home_id, _), rows) in groups {
        let Some(home) = known_homes.get(&home_id) else {
            let cure = ("请先导入房屋表", "import the table of homes first");
            fault_all(
                &rows,
                "unit_number",
                &RowFault::ReferenceUnknown { cure },
                findings,
            );
            continue;
        };
        // Some of the owners are not all of them: the home waits for a table in which they are right.
        let is_whole = !incomplete.contains(&home_id) && agree_on_title(&rows, findings);
        let ownership = is_whole.then(|| owned(&histories, &rows, findings)).flatten();
        match ownership {
            Some(ownership) => told.push((home, ownership, rows)),
            None => refuse_whole(&rows, findings),
        }
    }
    let held = told.iter().map(|(_, ownership, _)| ownership.clone()).collect();
    let standing = holdings::find_many(connection, held).await?;
    let mut new = New {
        held: Vec::new(),
        rows: 0,
    };
    for ((home, _, rows), known) in told.into_iter().zip(standing) {
        if known.version > 0 {
            compare_with(&known, &rows, findings);
            continue;
        }
        let Some(title) = rows.first().map(|row| row.title) else {
            continue;
        };
        match known.with(form_of(&rows), title, home, today) {
            Ok(held) => {
                let area = known_areas.get(&home.area_id);
                let area = area.ok_or_else(|| StoreError::Corrupt("a home is in no area".into()))?;
                new.held.push((area.division, held));
                new.rows += rows.len();
            }
            Err(refusal) => fault_all(&rows, column_of(&refusal), &refusal.into(), findings),
        }
    }
    Ok(Changes::Holdings(new))
}

/// Records them; answers what happened.
pub(super) async fn record(tx: &Tx, new: New) -> Result<Vec<Happened>, StoreError> {
    let (divisions, held): (Vec<_>, Vec<_>) = new.held.into_iter().unzip();
    tx.insert_holdings(&held).await?;
    let happen = divisions.into_iter().zip(held).map(|(division, held)| {
        let version = held.version;
        happened(division, version, OwnerEvent::HoldingRecorded(held))
    });
    Ok(happen.collect())
}

/// The ownership of a home that rows name the owners of; where there is none it is noted why.
fn owned(
    histories: &HashMap<HomeId, Vec<Ownership>>,
    rows: &[Row],
    findings: &mut Findings,
) -> Option<Ownership> {
    let first = rows.first()?;
    let history = histories.get(&first.home_id).map(Vec::as_slice);
    let began: Vec<&Ownership> = history
        .unwrap_or_default()
        .iter()
        .filter(|held| held.valid_from == first.owned_since)
        .collect();
    let named = distinct(rows.iter().map(|row| row.owner_id));
    if let Some(held) = began.iter().rfind(|held| held.owner_ids == named) {
        return Some((*held).clone());
    }
    let (column, fault) = match began.last() {
        Some(last) => {
            let owners = last.owner_ids.len();
            ("document_number", RowFault::OwnersDiffer { owners })
        }
        None => {
            let cure = (
                "请先导入产权表，或核对产权起始日",
                "import the table of ownerships first, or compare the day with it",
            );
            ("owned_since", RowFault::ReferenceUnknown { cure })
        }
    };
    fault_all(rows, column, &fault, findings);
    None
}

/// Whether the rows tell one title; notes those that tell another than the first.
fn agree_on_title(rows: &[Row], findings: &mut Findings) -> bool {
    let Some(first) = rows.first() else { return false };
    let mut agree = true;
    for row in rows {
        agree &= agrees(findings, row.line, &title_columns(first.title, row.title));
    }
    agree
}

/// The form that rows tell: jointly where none has a share.
fn form_of(rows: &[Row]) -> Form {
    let shares: Vec<Share> = rows.iter().filter_map(|row| row.share).collect();
    if shares.is_empty() {
        Form::Joint
    } else {
        Form::Shares(shares)
    }
}

/// Compares rows with the holding that stands.
fn compare_with(known: &Holding, rows: &[Row], findings: &mut Findings) {
    let mut same = 0;
    for row in rows {
        let share = known.share_of(row.owner_id);
        let same_share = match (share, &row.share) {
            (None, None) => true,
            (Some(known), Some(told)) => known.is_as_large_as(told),
            (Some(_), None) | (None, Some(_)) => false,
        };
        let [word, day] = title_columns(known.title, row.title);
        let columns = [("share", same_share, shown(share)), word, day];
        same += u32::from(agrees(findings, row.line, &columns));
    }
    if usize::try_from(same) == Ok(rows.len()) {
        findings.unchanged(same);
    } else {
        refuse_whole(rows, findings);
    }
}

/// How a title compares with the one that stands, column by column.
fn title_columns(standing: Title, told: Title) -> [(&'static str, bool, String); 2] {
    let (word, on) = title_cells(standing);
    let (told_word, told_on) = title_cells(told);
    [
        ("title", word == told_word, word.to_owned()),
        ("registered_on", on == told_on, shown(on)),
    ]
}

/// The word of a title, and the day of the registration.
pub(in crate::app) fn title_cells(title: Title) -> (&'static str, Option<NaiveDate>) {
    match title {
        Title::Registered { on } => ("REGISTERED", on),
        Title::Possession => ("POSSESSION", None),
    }
}

/// The column whose content is refused.
fn column_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::TitleInTheFuture { .. } | Refusal::TitleBeforeOwnership { .. } => "registered_on",
        Refusal::HomeNotDelivered | Refusal::TitleRegistered { .. } => "title",
        _ => "share",
    }
}

fn fault_all(rows: &[Row], column: &str, fault: &RowFault, findings: &mut Findings) {
    for row in rows {
        findings.fault(row.line, column, fault);
    }
}

/// Notes rows that are right in themselves, of a home of which another is not. Where all rows are refused together that
/// need not be said.
fn refuse_whole(rows: &[Row], findings: &mut Findings) {
    for row in rows {
        if findings.is_lenient() && !findings.is_wrong(row.line) {
            findings.fault(row.line, "", &RowFault::HoldingIncomplete);
        }
    }
}
