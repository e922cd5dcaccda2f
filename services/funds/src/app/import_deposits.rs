//! Loads first deposits from the bank's table (首期交存; 165号令 articles 7 and 10).

use std::collections::{BTreeMap, HashMap};

use access::Resource;
use calendar::today;
use ids::{AreaId, BuildingId, DivisionCode, HomeId, PostingId};
use money::Fen;
use rpc::CallContext;
use serde::Serialize;

use super::App;
use super::deposit_table::{self, DepositTable, Limits};
use crate::domain::deposit::{Deposit, DepositReport, DepositRow, RowError};
use crate::domain::event::DepositsPosted;
use crate::domain::home::Home;
use crate::domain::ledger::{Account, Posting};
use crate::domain::refusal::Refusal;
use crate::error::{AppError, rules_missing};
use crate::store::{StoreError, Tx, reads};

/// Errors that a report tells; the rest are counted.
const ERRORS_MAX: usize = 100;
/// Deposits of one event, which keeps it far below the message limit.
const DEPOSITS_PER_EVENT: usize = 200;

/// Deposits to load.
#[derive(Debug, Clone, Serialize)]
pub struct ImportDeposits {
    /// The CSV.
    #[serde(serialize_with = "as_text")]
    pub content: Vec<u8>,
    /// True to check only and change nothing.
    pub dry_run: bool,
}

/// Bytes as one text: as a list of numbers, eight megabytes would be thirty. The text is only hashed.
fn as_text<S: serde::Serializer>(content: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    let mut text = String::with_capacity(content.len() * 2);
    text.extend(content.iter().map(|byte| char::from(*byte)));
    serializer.serialize_str(&text)
}

impl App {
    /// Posts every deposit whose reference does not stand yet, or nothing where a row is in error.
    ///
    /// # Errors
    /// `TABLE_…` for the table as a whole; `NOT_ALLOWED` by policy.
    pub async fn import_deposits(
        &self,
        ctx: &CallContext,
        command: ImportDeposits,
    ) -> Result<DepositReport, AppError> {
        let nowhere = AreaId::from_uuid(uuid::Uuid::nil());
        ctx.permit(&self.access, &Resource::city(), || Refusal::AreaNotFound {
            area_id: nowhere,
        })?;
        let now = self.clock.now();
        let fund = self.rules.at(today(now)).map_err(rules_missing)?.fund;
        // Read before the transaction: on SQLite every other writer would wait for it.
        let limits = Limits {
            amount_max: fund.draw_max_fen.value,
            now,
        };
        let DepositTable {
            rows,
            deposits,
            mut errors,
        } = deposit_table::read(&command.content, &limits)?;

        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay::<DepositReport>(ctx, &command).await? {
            return Ok(first);
        }
        let new = new_deposits(&tx, &deposits, &mut errors).await?;
        if !errors.is_empty() || command.dry_run {
            // Nothing changed, so nothing is remembered: the same table may be sent again under the same key.
            return Ok(report(rows, deposits.len(), &new, errors, false));
        }
        let events = self.post(&tx, &new, now).await?;
        let report = report(rows, deposits.len(), &new, errors, true);
        tx.publish(ctx, &events).await?;
        tx.remember(ctx, &command, "deposits", &report).await?;
        tx.commit().await?;
        Ok(report)
    }

    /// One posting for each deposit, all in a few statements; an event for each building's 200.
    async fn post(
        &self,
        tx: &Tx,
        new: &[Deposit],
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Vec<DepositsPosted>, AppError> {
        let postings: Vec<Posting> = new
            .iter()
            .map(|deposit| Posting::deposit(PostingId::generate(), deposit, now))
            .collect();
        let mut home_ids: Vec<HomeId> = new.iter().map(|deposit| deposit.home_id).collect();
        home_ids.sort_unstable();
        home_ids.dedup();
        let banks = new.iter().map(|deposit| Account::Bank(deposit.area_id));
        let (mut balances, ledgers) = tx.lock_with_banks(&home_ids, banks).await?;
        let stands = |deposit: &Deposit| ledgers.get(&deposit.home_id) == Some(&deposit.area_id);
        if !new.iter().all(stands) {
            // It moved between the read and the lock; the repeat finds it in the other area.
            return Err(StoreError::Conflict.into());
        }
        tx.book(&mut balances, &postings).await?;

        let mut by_building: BTreeMap<(AreaId, BuildingId), Vec<(PostingId, &Deposit)>> = BTreeMap::new();
        for (deposit, posting) in new.iter().zip(&postings) {
            by_building
                .entry((deposit.area_id, deposit.building_id))
                .or_default()
                .push((posting.id, deposit));
        }
        let mut divisions: HashMap<AreaId, DivisionCode> = HashMap::new();
        let mut events = Vec::new();
        for ((area_id, _), deposits) in by_building {
            let division = match divisions.get(&area_id) {
                Some(division) => *division,
                None => self.area(tx.connection(), area_id).await?.division,
            };
            divisions.insert(area_id, division);
            events.extend(deposits.chunks(DEPOSITS_PER_EVENT).map(|chunk| {
                DepositsPosted {
                    posting_id: chunk[0].0,
                    area_id,
                    division,
                    deposits: chunk
                        .iter()
                        .map(|(_, deposit)| (deposit.home_id, deposit.amount, deposit.paid_on))
                        .collect(),
                }
            }));
        }
        Ok(events)
    }
}

/// The deposits of known homes whose reference does not stand yet; everything else is an error.
async fn new_deposits(
    tx: &Tx,
    rows: &[DepositRow],
    errors: &mut Vec<RowError>,
) -> Result<Vec<Deposit>, AppError> {
    let mut unit_numbers: Vec<&str> = rows.iter().map(|row| row.unit_number.as_str()).collect();
    unit_numbers.sort_unstable();
    unit_numbers.dedup();
    let homes = reads::homes_by_unit_number(tx.connection(), &unit_numbers).await?;
    let references: Vec<&str> = rows.iter().map(|row| row.reference.as_str()).collect();
    let known = reads::deposits_by_reference(tx.connection(), &references).await?;
    let mut new = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(home) = homes.get(&row.unit_number) else {
            errors.push(unknown_home(row));
            continue;
        };
        match known.get(&row.reference) {
            None => new.push(deposit(row, home)),
            Some((home_id, amount)) if *home_id == home.id && *amount == row.amount => {}
            Some(_) => errors.push(reused(row)),
        }
    }
    Ok(new)
}

fn deposit(row: &DepositRow, home: &Home) -> Deposit {
    Deposit {
        home_id: home.id,
        building_id: home.building_id,
        area_id: home.area_id,
        amount: row.amount,
        paid_on: row.paid_on,
        reference: row.reference.clone(),
    }
}

fn unknown_home(row: &DepositRow) -> RowError {
    RowError {
        line: row.line,
        column: "unit_number".into(),
        reason: "REFERENCE_UNKNOWN".into(),
        zh: "登记簿中没有该不动产单元号；若刚刚登记，其消息可能尚未到达，请稍后重试。".into(),
        en: "The registry has not told of this unit number; where it was just recorded, its event may still be on its \
             way: try again in a moment."
            .into(),
    }
}

fn reused(row: &DepositRow) -> RowError {
    RowError {
        line: row.line,
        column: "reference".into(),
        reason: "REFERENCE_REUSED".into(),
        zh: "该流水号已用于另一房屋或另一金额，请核对。".into(),
        en: "The reference stands already for another home or another amount; check it.".into(),
    }
}

fn report(
    rows: usize,
    readable: usize,
    new: &[Deposit],
    mut errors: Vec<RowError>,
    is_done: bool,
) -> DepositReport {
    errors.sort_by_key(|error| error.line);
    let mut lines: Vec<u64> = errors.iter().map(|error| error.line).collect();
    lines.dedup();
    let error_count = lines.len();
    errors.truncate(ERRORS_MAX);
    let unchanged = if error_count == 0 { readable - new.len() } else { 0 };
    DepositReport {
        rows,
        posted: if is_done { new.len() } else { 0 },
        unchanged,
        posted_fen: Fen(if is_done {
            new.iter().map(|deposit| deposit.amount.0).sum()
        } else {
            0
        }),
        errors,
        error_count,
    }
}
