//! Tables of who acts for owners: a row per owner and first day.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use db::StoreError;
use ids::OwnerId;
use sealing::{Sealer, mask_name};

use super::Basis;
use super::cells::{agrees, distinct, shown, without_duplicates};
use super::findings::Findings;
use super::people::{self, NAME_LENGTH_MAX, OWNER_UNKNOWN};
use super::record::Changes;
use super::sheet::Sheet;
use crate::app::owner::happened;
use crate::domain::event::Happened;
use crate::domain::owner::agent::{self, Agent, Ground, Persons, full_age_on};
use crate::domain::owner::event::OwnerEvent;
use crate::domain::owner::record::OwnerRecord;
use crate::domain::owner::refusal::Refusal;
use crate::domain::owner::{NamedOwner, Owner};
use crate::domain::row_fault::RowFault;
use crate::error::AppError;
use crate::store::owner_records::{self, Changed};
use crate::store::{Tx, owners};

/// Whoever acts is a natural person.
pub(super) const KINDS: &[&str] = &["CITIZEN_ID"];
pub(super) const GROUNDS: &[&str] = &["MINOR", "INCAPACITY", "LEGAL_PERSON"];

/// Who acts for an owner, and the line.
pub(in crate::app) struct Row {
    line: u32,
    owner_id: OwnerId,
    from_on: NaiveDate,
    agent: NamedOwner,
    ground: Ground,
    until_on: Option<NaiveDate>,
    document_digest: String,
}

/// The rows of a table.
pub(in crate::app) struct Rows {
    rows: Vec<Row>,
    /// Owners of whom a row could not be read: who acted for them is not known as a whole.
    incomplete: HashSet<OwnerId>,
}

/// What is new in a table.
pub(in crate::app) struct New {
    people: Vec<NamedOwner>,
    changed: Vec<Changed>,
    agents: Vec<(OwnerId, Vec<Agent>)>,
    happened: Vec<Happened>,
    /// Rows of the table that it is.
    pub(super) rows: usize,
}

pub(super) fn read(sheet: &Sheet, sealer: &Sealer, findings: &mut Findings) -> Rows {
    let mut incomplete = HashSet::new();
    let rows = sheet.each(findings, |cells| {
        let document = people::document(cells);
        let from_on = cells.day("from_on");
        let name = cells.text("agent_name", NAME_LENGTH_MAX);
        let own = people::document_in(cells, "agent_document_kind", KINDS, "agent_document_number");
        let grounds = [Ground::Minor, Ground::Incapacity, Ground::LegalPerson];
        let ground = cells.word("ground", GROUNDS, &grounds);
        let until_on = cells.optional_day("until_on");
        let document_digest = people::optional_digest(cells, "document_digest");
        let owner_id = sealer.derive_id(&document?.natural_key());
        let (Some(from_on), Some(name), Some(own), Some(ground), Some(until_on), Some(document_digest)) =
            (from_on, name, own, ground, until_on, document_digest)
        else {
            incomplete.insert(owner_id);
            return None;
        };
        Some(Row {
            line: cells.line(),
            owner_id,
            from_on,
            agent: NamedOwner {
                id: sealer.derive_id(&own.natural_key()),
                document: own,
                name,
            },
            ground,
            until_on,
            document_digest,
        })
    });
    let lines: Vec<_> = rows.iter().map(|row| (row.line, row.owner_id)).collect();
    let rows = without_duplicates(rows, "from_on", findings, |row| {
        (row.line, (row.owner_id, row.from_on))
    });
    let twice = lines.into_iter().filter(|(line, _)| findings.is_wrong(*line));
    incomplete.extend(twice.map(|(_, owner_id)| owner_id));
    Rows { rows, incomplete }
}

pub(super) async fn compare(
    tx: &Tx,
    basis: &Basis<'_>,
    Rows { rows, incomplete }: Rows,
    findings: &mut Findings,
) -> Result<Changes, AppError> {
    let ids = distinct(rows.iter().map(|row| row.owner_id));
    let known = people::find(tx, &ids).await?;
    let agents = owner_records::agents_of_many(tx.connection(), &ids).await?;
    let acting = agents.values().flatten().map(|agent| agent.agent_id);
    let acting = distinct(acting.chain(rows.iter().map(|row| row.agent.id)));
    let standing = Standing {
        records: owner_records::find_many(tx.connection(), &ids).await?,
        agents,
        born: owners::born_on(tx.connection(), basis.sealer, &ids).await?,
        people: owners::find_many(tx.connection(), &acting).await?,
    };
    let mut names = tx.names_of(basis.sealer, &acting).await?;
    let mut people: BTreeMap<OwnerId, NamedOwner> = BTreeMap::new();
    let mut by_owner: BTreeMap<OwnerId, Vec<Row>> = BTreeMap::new();
    for row in rows {
        by_owner.entry(row.owner_id).or_default().push(row);
    }
    let mut new = New {
        people: Vec::new(),
        changed: Vec::new(),
        agents: Vec::new(),
        happened: Vec::new(),
        rows: 0,
    };
    for (owner_id, mut rows) in by_owner {
        let Some(owner) = known.owner(owner_id) else {
            for row in &rows {
                findings.fault(row.line, "document_number", &OWNER_UNKNOWN);
            }
            continue;
        };
        rows.sort_by_key(|row| row.from_on);
        note_overlaps(&rows, findings);
        let (record, mut agents) = standing.of(owner_id);
        let (mut events, mut taken, mut come) = (Vec::new(), Vec::new(), Vec::new());
        let mut is_whole = !incomplete.contains(&owner_id);
        for row in rows {
            let name = names
                .entry(row.agent.id)
                .or_insert_with(|| row.agent.name.clone());
            let named_otherwise = *name != row.agent.name;
            if findings.is_wrong(row.line) {
                is_whole = false;
                continue;
            }
            if let Some(known) = agents.iter().find(|agent| agent.from_on == row.from_on) {
                if agrees(findings, row.line, &standing.columns(known, &row)) {
                    if named_otherwise {
                        findings.fault(row.line, "agent_name", &Refusal::AgentNamedOtherwise.into());
                    } else {
                        findings.unchanged(1);
                    }
                }
                continue;
            }
            let named = Agent {
                agent_id: row.agent.id,
                name: mask_name(&row.agent.name),
                ground: row.ground,
                from_on: row.from_on,
                until_on: row.until_on,
                document_digest: row.document_digest.clone(),
            };
            let persons = standing.persons(owner, &row, basis.full_age_years);
            match agent::name(agents.clone(), &persons, named.clone()) {
                Ok(_) if named_otherwise => {
                    is_whole = false;
                    findings.fault(row.line, "agent_name", &Refusal::AgentNamedOtherwise.into());
                }
                Ok(after) => {
                    agents = after;
                    let version = record.version + i64::try_from(events.len()).unwrap_or(i64::MAX) + 1;
                    let event = OwnerEvent::AgentNamed {
                        owner_id,
                        agent: named,
                    };
                    events.push(happened(known.division_of(owner_id), version, event));
                    taken.push(row.line);
                    if !standing.people.contains_key(&row.agent.id) {
                        come.push(row.agent);
                    }
                }
                Err(refusal) => {
                    is_whole = false;
                    findings.fault(row.line, column_of(&refusal), &refusal.into());
                }
            }
        }
        if !is_whole {
            // Who acts next ends who acted before: what is recorded without a row could not be put right by it.
            for line in taken {
                findings.fault(line, "document_number", &RowFault::RowsIncomplete);
            }
            continue;
        }
        people.extend(come.into_iter().map(|agent| (agent.id, agent)));
        let steps = i64::try_from(events.len()).unwrap_or(i64::MAX);
        if steps > 0 {
            let record = OwnerRecord {
                version: record.version + steps,
                ..record
            };
            new.changed.push(Changed {
                record,
                steps,
                mobile: None,
            });
            new.agents.push((owner_id, agents));
            new.rows += events.len();
            new.happened.extend(events);
        }
    }
    new.people = people.into_values().collect();
    Ok(Changes::Agents(new))
}

/// Records them; answers what happened.
pub(super) async fn record(tx: &Tx, sealer: &Sealer, new: New) -> Result<Vec<Happened>, StoreError> {
    tx.insert_owners(sealer, &new.people).await?;
    tx.save_owner_records(sealer, &new.changed).await?;
    tx.save_agents_of_many(&new.agents).await?;
    Ok(new.happened)
}

/// What is known of the owners and the agents that rows name.
struct Standing {
    records: HashMap<OwnerId, OwnerRecord>,
    agents: HashMap<OwnerId, Vec<Agent>>,
    /// Days of birth of owners.
    born: HashMap<OwnerId, NaiveDate>,
    /// Those of all agents who are known as owners are.
    people: HashMap<OwnerId, Owner>,
}

impl Standing {
    fn of(&self, owner_id: OwnerId) -> (OwnerRecord, Vec<Agent>) {
        let record = self.records.get(&owner_id).cloned();
        let agents = self.agents.get(&owner_id).cloned();
        (
            record.unwrap_or_else(|| OwnerRecord::empty(owner_id)),
            agents.unwrap_or_default(),
        )
    }

    fn persons(&self, owner: &Owner, row: &Row, years: i32) -> Persons {
        let minor = |born_on: &NaiveDate| full_age_on(*born_on, years) > row.from_on;
        Persons {
            owner_id: owner.id,
            legal_person: owner.legal_person,
            owner_under_age: self.born.get(&owner.id).is_some_and(minor),
            agent_under_age: row.agent.document.born_on().as_ref().is_some_and(minor),
        }
    }

    /// How a row compares with the agent that stands, column by column. A table from before an agency ended still agrees.
    fn columns(&self, known: &Agent, row: &Row) -> [(&'static str, bool, String); 4] {
        let agent = self.people.get(&known.agent_id);
        let number = agent.map(|agent| agent.document_number.clone());
        [
            (
                "agent_document_number",
                known.agent_id == row.agent.id,
                number.unwrap_or_default(),
            ),
            (
                "ground",
                known.ground == row.ground,
                <&str>::from(known.ground).to_uppercase(),
            ),
            (
                "until_on",
                row.until_on.is_none() || known.until_on == row.until_on,
                shown(known.until_on),
            ),
            (
                "document_digest",
                known.document_digest == row.document_digest,
                known.document_digest.clone(),
            ),
        ]
    }
}

/// Notes agents of one owner, by first day, who would act beyond the first day of the next.
fn note_overlaps(rows: &[Row], findings: &mut Findings) {
    for pair in rows.windows(2) {
        let [row, next] = pair else { continue };
        if row.until_on.is_some_and(|until| until > next.from_on) {
            let fault = RowFault::AgentsOverlap { next: next.from_on };
            findings.fault(row.line, "until_on", &fault);
        }
    }
}

/// The column whose content is refused.
fn column_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::AgentGroundOfOtherOwner | Refusal::OwnerOfFullAge => "ground",
        Refusal::AgentSpanInvalid { .. } => "until_on",
        Refusal::AgentBeforeLast { .. } => "from_on",
        _ => "agent_document_number",
    }
}
