//! Tables of what is known of owners beside name and document: mobile number, and the comparison with the register.

use chrono::NaiveDate;
use ids::{DivisionCode, OwnerId};
use sealing::{Sealer, mask_mobile};

use super::Basis;
use super::cells::{Cells, agrees, distinct, shown, without_duplicates};
use super::findings::Findings;
use super::people::{self, Known, OWNER_UNKNOWN};
use super::record::Changes;
use super::sheet::Sheet;
use crate::app::owner::happened;
use crate::domain::event::Happened;
use crate::domain::owner::event::OwnerEvent;
use crate::domain::owner::record::{Mismatch, Mobile, OwnerRecord, Verification};
use crate::domain::owner::refusal::Refusal;
use crate::error::AppError;
use crate::store::Tx;
use crate::store::owner_records::{self, Changed};

pub(super) const RESULTS: &[&str] = &["OPEN", "VERIFIED", "MISMATCH"];
pub(super) const MISMATCHES: &[&str] = &["NOT_REGISTERED", "NAME", "DOCUMENT", "CO_OWNERS", "HOME"];

/// What is known of an owner, and its line.
pub(in crate::app) struct Row {
    line: u32,
    owner_id: OwnerId,
    mobile: Option<Mobile>,
    verification: Verification,
}

/// What is new in a table.
pub(in crate::app) struct New {
    changed: Vec<Changed>,
    happened: Vec<Happened>,
    /// Rows of the table that it is.
    pub(super) rows: usize,
}

/// A result that a row tells.
#[derive(Clone, Copy)]
enum Told {
    Open,
    Verified,
    Mismatch,
}

pub(super) fn read(sheet: &Sheet, today: NaiveDate, sealer: &Sealer, findings: &mut Findings) -> Vec<Row> {
    let rows = sheet.each(findings, |cells| {
        let document = people::document(cells);
        let mobile = people::optional_mobile(cells, "mobile");
        let verification = verification(cells, today);
        Some(Row {
            line: cells.line(),
            owner_id: sealer.derive_id(&document?.natural_key()),
            mobile: mobile?,
            verification: verification?,
        })
    });
    without_duplicates(rows, "document_number", findings, |row| (row.line, row.owner_id))
}

fn verification(cells: &mut Cells<'_>, today: NaiveDate) -> Option<Verification> {
    let told = cells.word(
        "verification",
        RESULTS,
        &[Told::Open, Told::Verified, Told::Mismatch],
    )?;
    let agrees = ("核验一致或未核验时", "unless the owner differs from the register");
    match told {
        Told::Open => {
            let on = cells.empty("verified_on", ("未核验", "where the owner was not compared"));
            let what = cells.empty("mismatch", agrees);
            on.and(what).map(|()| Verification::Open)
        }
        Told::Verified => {
            let on = cells.past_day("verified_on", today);
            let what = cells.empty("mismatch", agrees);
            what.and(on).map(|on| Verification::Verified { on })
        }
        Told::Mismatch => {
            let on = cells.past_day("verified_on", today);
            let what = [
                Mismatch::NotRegistered,
                Mismatch::Name,
                Mismatch::Document,
                Mismatch::CoOwners,
                Mismatch::Home,
            ];
            let what = cells.word("mismatch", MISMATCHES, &what);
            on.zip(what).map(|(on, what)| Verification::Mismatch { on, what })
        }
    }
}

pub(super) async fn compare(
    tx: &Tx,
    basis: &Basis<'_>,
    rows: Vec<Row>,
    findings: &mut Findings,
) -> Result<Changes, AppError> {
    let ids = distinct(rows.iter().map(|row| row.owner_id));
    let known = people::find(tx, &ids).await?;
    let standing = owner_records::find_many(tx.connection(), &ids).await?;
    let mobiles = owner_records::mobiles_in_clear(tx.connection(), basis.sealer, &ids).await?;
    let mut new = New {
        changed: Vec::new(),
        happened: Vec::new(),
        rows: 0,
    };
    for row in rows {
        let Some(owner) = known.owner(row.owner_id) else {
            findings.fault(row.line, "document_number", &OWNER_UNKNOWN);
            continue;
        };
        if row.mobile.is_some() && owner.legal_person {
            findings.fault(row.line, "mobile", &Refusal::MobileOfLegalPerson.into());
            continue;
        }
        let record = standing.get(&row.owner_id).cloned();
        let record = record.unwrap_or_else(|| OwnerRecord::empty(row.owner_id));
        let mobile = mobiles.get(&row.owner_id).map(String::as_str);
        if !fits(&record, mobile, &row, findings) {
            continue;
        }
        match step(record, &known, &row, mobile.is_none(), basis.today) {
            Ok((_, events)) if events.is_empty() => findings.unchanged(1),
            Ok((changed, events)) => {
                new.changed.push(changed);
                new.happened.extend(events);
                new.rows += 1;
            }
            Err(refusal) => findings.fault(row.line, "verified_on", &refusal.into()),
        }
    }
    Ok(Changes::OwnerRecords(new))
}

/// Whether what stands says nothing else than the row; notes what does. An empty mobile number says nothing.
fn fits(record: &OwnerRecord, mobile: Option<&str>, row: &Row, findings: &mut Findings) -> bool {
    let same_mobile = match (mobile, &row.mobile) {
        (Some(standing), Some(told)) => standing == told.as_str(),
        (None, _) | (_, None) => true,
    };
    let (word, on, what) = verification_cells(record.verification);
    let (told_word, told_on, told_what) = verification_cells(row.verification);
    let is_open = record.verification == Verification::Open;
    let columns = [
        ("mobile", same_mobile, mobile.map(mask_mobile).unwrap_or_default()),
        ("verification", is_open || word == told_word, word.to_owned()),
        ("verified_on", is_open || on == told_on, shown(on)),
        ("mismatch", is_open || what == told_what, what),
    ];
    agrees(findings, row.line, &columns)
}

/// Records what a row says beyond what stands, step by step as the calls do.
fn step(
    mut record: OwnerRecord,
    known: &Known,
    row: &Row,
    has_no_mobile: bool,
    today: NaiveDate,
) -> Result<(Changed, Vec<Happened>), Refusal> {
    let (owner_id, division): (OwnerId, DivisionCode) = (row.owner_id, known.division_of(row.owner_id));
    let before = record.version;
    let mut events = Vec::new();
    let mobile = row.mobile.clone().filter(|_| has_no_mobile);
    if let Some(mobile) = &mobile {
        record.version += 1;
        record.mobile = Some(mask_mobile(mobile.as_str()));
        let event = OwnerEvent::MobileSet {
            owner_id,
            recorded: true,
        };
        events.push(happened(division, record.version, event));
    }
    if record.verification != row.verification {
        record = record.verify(row.verification, today)?;
        let event = OwnerEvent::Verified {
            owner_id,
            verification: record.verification,
        };
        events.push(happened(division, record.version, event));
    }
    let changed = Changed {
        steps: record.version - before,
        record,
        mobile,
    };
    Ok((changed, events))
}

/// The word of a verification, its day, and the word of what differs.
pub(in crate::app) fn verification_cells(
    verification: Verification,
) -> (&'static str, Option<NaiveDate>, String) {
    let (word, what) = match verification {
        Verification::Open => ("OPEN", String::new()),
        Verification::Verified { .. } => ("VERIFIED", String::new()),
        Verification::Mismatch { what, .. } => ("MISMATCH", <&str>::from(what).to_uppercase()),
    };
    (word, verification.on(), what)
}

/// Records them; answers what happened.
pub(super) async fn record(tx: &Tx, sealer: &Sealer, new: New) -> Result<Vec<Happened>, db::StoreError> {
    tx.save_owner_records(sealer, &new.changed).await?;
    Ok(new.happened)
}
