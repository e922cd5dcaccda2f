//! Accounts, postings and entries: written in few statements, however many homes a posting touches.

use std::collections::{BTreeMap, HashMap};

use db::{StoreError, insert_chunked};
use ids::{AreaId, HomeId, PostingId};
use money::Fen;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::entity::{account, entry, posting};
use super::{Tx, moves, sql};
use crate::domain::ledger::{Account, Balances, BookedEntry, Posting, PostingKind};
use crate::error::AppError;

/// Accounts of one statement: three binds each stay under the limit of every database.
const ACCOUNTS_PER_STATEMENT: usize = 5_000;

impl Tx {
    /// Opens the accounts that do not exist yet, at a balance of zero: that of an area, and those of each home of it.
    ///
    /// # Errors
    /// As the statements.
    pub async fn open_accounts(
        &self,
        holders: impl Iterator<Item = (AreaId, Option<HomeId>)>,
    ) -> Result<(), StoreError> {
        let rows = holders.flat_map(|(area_id, home_id)| {
            let row = move |account: Account| account::ActiveModel {
                id: Set(account.id().as_uuid()),
                kind: Set(account.kind().to_owned()),
                area_id: Set(area_id.as_uuid()),
                home_id: Set(home_id.map(|home_id| home_id.as_uuid())),
                balance: Set(0),
                first_deposit: Set(0),
            };
            match home_id {
                None => vec![row(Account::Bank(area_id))],
                Some(home_id) => vec![row(Account::Available(home_id)), row(Account::Reserved(home_id))],
            }
        });
        let known = OnConflict::new().do_nothing().to_owned();
        insert_chunked(self.connection(), rows.collect::<Vec<_>>(), Some(known)).await?;
        Ok(())
    }

    /// Locks accounts until the end of the transaction, in the order of their ids so that no two wait for each other,
    /// and reads their balances. On SQLite the one writer has them all. Accounts that do not exist are left out.
    ///
    /// # Errors
    /// As the statements.
    pub async fn lock_accounts(
        &self,
        accounts: impl IntoIterator<Item = Account>,
    ) -> Result<Balances, StoreError> {
        let by_id: BTreeMap<Uuid, Account> = accounts
            .into_iter()
            .map(|account| (account.id().as_uuid(), account))
            .collect();
        let ids: Vec<Uuid> = by_id.keys().copied().collect();
        let mut balances = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(ACCOUNTS_PER_STATEMENT) {
            let mut query = account::Entity::find()
                .select_only()
                .columns([account::Column::Id, account::Column::Balance])
                .filter(account::Column::Id.is_in(chunk.iter().copied()))
                .order_by_asc(account::Column::Id);
            if self.is_postgres() {
                query = query.lock_exclusive();
            }
            let rows: Vec<(Uuid, i64)> = query.into_tuple().all(self.connection()).await?;
            balances.extend(
                rows.into_iter()
                    .filter_map(|(id, fen)| Some((*by_id.get(&id)?, Fen(fen)))),
            );
        }
        Ok(Balances::new(balances))
    }

    /// Locks the accounts of homes together with the banks in which their money lies, and tells in which area's ledger each
    /// stands. Other accounts may be locked with them.
    ///
    /// # Errors
    /// `Conflict` where one of the homes moved to another area at the same moment: the repeat finds it there.
    pub async fn lock_with_banks(
        &self,
        home_ids: &[HomeId],
        others: impl IntoIterator<Item = Account>,
    ) -> Result<(Balances, HashMap<HomeId, AreaId>), StoreError> {
        let ledgers = moves::ledgers_of(self.connection(), home_ids).await?;
        let of_homes = home_ids
            .iter()
            .flat_map(|home_id| [Account::Available(*home_id), Account::Reserved(*home_id)]);
        let banks = ledgers.values().map(|area_id| Account::Bank(*area_id));
        let accounts: Vec<Account> = of_homes.chain(banks).chain(others).collect();
        let balances = self.lock_accounts(accounts).await?;
        // On SQLite the one writer saw nothing change.
        if self.is_postgres() && moves::ledgers_of(self.connection(), home_ids).await? != ledgers {
            return Err(StoreError::Conflict);
        }
        Ok((balances, ledgers))
    }

    /// Books postings on locked balances and writes them.
    ///
    /// # Errors
    /// `INTERNAL` where a posting breaks an invariant of the ledger; else as the statements.
    pub async fn book(&self, balances: &mut Balances, postings: &[Posting]) -> Result<(), AppError> {
        let mut entries: Vec<BookedEntry> = Vec::new();
        let mut changes: BTreeMap<Uuid, (i64, i64)> = BTreeMap::new();
        for posting in postings {
            for booked in balances.book(posting)? {
                let account = booked.entry.account;
                let is_deposit =
                    posting.kind == PostingKind::Deposit && matches!(account, Account::Available(_));
                let change = changes.entry(account.id().as_uuid()).or_default();
                change.0 += booked.effect.0;
                change.1 += if is_deposit { booked.effect.0 } else { 0 };
                entries.push(booked);
            }
        }
        insert_chunked(
            self.connection(),
            postings.iter().map(posting_row).collect::<Vec<_>>(),
            None,
        )
        .await
        .map_err(raced)?;
        insert_chunked(
            self.connection(),
            entries.iter().map(entry_row).collect::<Vec<_>>(),
            None,
        )
        .await?;
        let changes: Vec<(Uuid, i64, i64)> = changes
            .into_iter()
            .map(|(id, (balance, first))| (id, balance, first))
            .collect();
        for chunk in changes.chunks(ACCOUNTS_PER_STATEMENT) {
            let backend = self.connection().get_database_backend();
            let done = self
                .connection()
                .execute_raw(sql::add_to_balances(backend, chunk))
                .await;
            let updated = done.map_err(StoreError::from)?.rows_affected();
            if usize::try_from(updated).ok() != Some(chunk.len()) {
                return Err(StoreError::Conflict.into());
            }
        }
        Ok(())
    }
}

/// The same reference posted by another at the same moment: the repeat finds it standing.
fn raced(error: StoreError) -> StoreError {
    if error.violates("postings_reference_key", "postings.reference") {
        StoreError::Conflict
    } else {
        error
    }
}

fn posting_row(posting: &Posting) -> posting::ActiveModel {
    posting::ActiveModel {
        id: Set(posting.id.as_uuid()),
        kind: Set(<&str>::from(posting.kind).to_owned()),
        area_id: Set(posting.area_id.as_uuid()),
        draw_id: Set(posting.draw_id.map(|id| id.as_uuid())),
        ballot_id: Set(posting.ballot_id.map(|id| id.as_uuid())),
        reference: Set(posting.reference.clone()),
        text: Set(posting.text.clone()),
        paid_on: Set(posting.paid_on),
        posted_at: Set(posting.posted_at),
    }
}

fn entry_row(booked: &BookedEntry) -> entry::ActiveModel {
    let posting_id: PostingId = booked.posting_id;
    entry::ActiveModel {
        posting_id: Set(posting_id.as_uuid()),
        account_id: Set(booked.entry.account.id().as_uuid()),
        amount: Set(booked.entry.amount.0),
        balance_after: Set(booked.balance_after.0),
        ..Default::default()
    }
}
