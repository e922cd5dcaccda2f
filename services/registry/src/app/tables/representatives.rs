//! Tables of whom several owners chose to cast their vote: a row per set of owners and first day.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use ids::{AreaId, DivisionCode, HomeId, OwnerId};
use sealing::Sealer;

use super::areas::NUMBER_LENGTH_MAX as AREA_NUMBER_LENGTH_MAX;
use super::cells::{agrees, distinct, without_duplicates};
use super::findings::Findings;
use super::people::{self, Known, OWNER_UNKNOWN};
use super::record::Changes;
use super::sheet::Sheet;
use crate::app::owner::happened;
use crate::domain::area::Area;
use crate::domain::event::Happened;
use crate::domain::owner::event::OwnerEvent;
use crate::domain::owner::refusal::Refusal;
use crate::domain::owner::representation::Representation;
use crate::domain::ownership::Ownership;
use crate::domain::roll::head_of_owners;
use crate::domain::row_fault::RowFault;
use crate::error::AppError;
use crate::store::{Tx, areas, holdings, homes, ownerships};

/// Most owners of a home.
const OWNERS_MAX: usize = 50;

/// Whom several owners chose, and the line.
pub(in crate::app) struct Row {
    line: u32,
    area_id: AreaId,
    /// The set, in the order of ids.
    owner_ids: Vec<OwnerId>,
    from_on: NaiveDate,
    owner_id: OwnerId,
    document_digest: String,
}

impl Row {
    fn id(&self) -> ids::RepresentationId {
        Representation::id_of(self.area_id, head_of_owners(&self.owner_ids))
    }
}

/// What is new in a table.
pub(in crate::app) struct New {
    pub(super) chosen: Vec<(DivisionCode, Vec<OwnerId>, Representation)>,
}

pub(super) fn read(sheet: &Sheet, sealer: &Sealer, findings: &mut Findings) -> Vec<Row> {
    let rows = sheet.each(findings, |cells| {
        let area_number = cells.text("area_number", AREA_NUMBER_LENGTH_MAX);
        let owners = people::documents(cells, "owners", OWNERS_MAX);
        let from_on = cells.day("from_on");
        let document = people::document(cells);
        let document_digest = people::optional_digest(cells, "document_digest");
        let owner_ids = owners?
            .iter()
            .map(|owner| sealer.derive_id(&owner.natural_key()))
            .collect::<Vec<_>>();
        Some(Row {
            line: cells.line(),
            area_id: Area::id_of(&area_number?),
            owner_ids: distinct(owner_ids),
            from_on: from_on?,
            owner_id: sealer.derive_id(&document?.natural_key()),
            document_digest: document_digest?,
        })
    });
    without_duplicates(rows, "from_on", findings, |row| {
        (row.line, (row.area_id, row.owner_ids.clone(), row.from_on))
    })
}

pub(super) async fn compare(
    tx: &Tx,
    mut rows: Vec<Row>,
    findings: &mut Findings,
) -> Result<Changes, AppError> {
    let area_ids = distinct(rows.iter().map(|row| row.area_id));
    let known_areas = areas::find_many(tx.connection(), &area_ids).await?;
    let owner_ids = distinct(rows.iter().flat_map(|row| row.owner_ids.iter().copied()));
    let known = people::find(tx, &owner_ids).await?;
    let heads = heads_of(tx, &rows).await?;
    let ids = distinct(rows.iter().map(Row::id));
    let mut choices = holdings::choices_of(tx.connection(), &ids).await?;
    rows.sort_by_key(|row| row.from_on);
    let mut chosen = Vec::new();
    for row in rows {
        let Some(area) = known_areas.get(&row.area_id) else {
            let cure = ("请先导入区域表", "import the table of areas first");
            findings.fault(row.line, "area_number", &RowFault::ReferenceUnknown { cure });
            continue;
        };
        let Some(ownership) = ownership_of(&row, &known, &heads, findings) else {
            continue;
        };
        let standing = choices.entry(row.id()).or_default();
        if let Some(standing) = standing.iter().find(|choice| choice.from_on == row.from_on) {
            if agrees(findings, row.line, &columns(standing, &known, &row)) {
                findings.unchanged(1);
            }
            continue;
        }
        let choice = Representation::choose(
            row.area_id,
            &ownership,
            row.owner_id,
            row.from_on,
            row.document_digest,
            standing.last(),
        );
        match choice {
            Ok(choice) => {
                standing.push(choice.clone());
                chosen.push((area.division, ownership.owner_ids, choice));
            }
            Err(refusal) => findings.fault(row.line, column_of(&refusal), &refusal.into()),
        }
    }
    Ok(Changes::Representatives(New { chosen }))
}

/// Records them; answers what happened.
pub(super) async fn record(tx: &Tx, new: New) -> Result<Vec<Happened>, db::StoreError> {
    let choices: Vec<_> = new.chosen.iter().map(|(_, _, choice)| choice.clone()).collect();
    tx.insert_choices(&choices).await?;
    let happen = new
        .chosen
        .into_iter()
        .map(|(division, owner_ids, representation)| {
            let version = representation.version;
            let event = OwnerEvent::RepresentativeChosen {
                representation,
                owner_ids,
            };
            happened(division, version, event)
        });
    Ok(happen.collect())
}

/// The sets of owners that rows name, as far as they own a home of the area together, or once did.
async fn heads_of(tx: &Tx, rows: &[Row]) -> Result<HashMap<(AreaId, Vec<OwnerId>), Ownership>, AppError> {
    let sets: HashSet<&[OwnerId]> = rows.iter().map(|row| row.owner_ids.as_slice()).collect();
    let firsts = distinct(sets.iter().filter_map(|set| set.first().copied()));
    let held = ownerships::of_owners(tx.connection(), &firsts).await?;
    let held: Vec<_> = held
        .into_iter()
        .filter(|held| sets.contains(held.owner_ids.as_slice()))
        .collect();
    let home_ids: Vec<HomeId> = distinct(held.iter().map(|held| held.home_id));
    let homes = homes::find_many(tx.connection(), &home_ids).await?;
    let found = held.into_iter().filter_map(|held| {
        let home = homes.get(&held.home_id)?;
        Some(((home.area_id, held.owner_ids.clone()), held))
    });
    Ok(found.collect())
}

/// An ownership of the owners that a row names; where there is none it is noted why.
fn ownership_of(
    row: &Row,
    known: &Known,
    heads: &HashMap<(AreaId, Vec<OwnerId>), Ownership>,
    findings: &mut Findings,
) -> Option<Ownership> {
    if row.owner_ids.iter().any(|id| known.owner(*id).is_none()) {
        findings.fault(row.line, "owners", &OWNER_UNKNOWN);
        return None;
    }
    let found = heads.get(&(row.area_id, row.owner_ids.clone()));
    if found.is_none() {
        let cure = (
            "这些业主须在该区域共有一套房屋，请核对产权表",
            "these owners must own a home of the area together; compare with the table of ownerships",
        );
        findings.fault(row.line, "owners", &RowFault::ReferenceUnknown { cure });
    }
    found.cloned()
}

/// How a row compares with the choice that stands, column by column.
fn columns(standing: &Representation, known: &Known, row: &Row) -> [(&'static str, bool, String); 2] {
    let number = known
        .owner(standing.owner_id)
        .map(|owner| owner.document_number.clone());
    [
        (
            "document_number",
            standing.owner_id == row.owner_id,
            number.unwrap_or_default(),
        ),
        (
            "document_digest",
            standing.document_digest == row.document_digest,
            standing.document_digest.clone(),
        ),
    ]
}

/// The column whose content is refused.
fn column_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::OwnerAlone => "owners",
        Refusal::RepresentativeNotOwner => "document_number",
        _ => "from_on",
    }
}
