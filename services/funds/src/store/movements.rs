//! What the ledger says: statement lines, deposits that stand, the trial balance.

use std::collections::HashMap;

use db::StoreError;
use ids::{AreaId, HomeId, PostingId};
use money::Fen;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::entity::{account, entry, posting};
use super::{convert, sql};
use crate::domain::ledger::Account;
use crate::domain::statement::{StatementLine, TrialBalance};

/// References of one statement, under the bind limit of every database.
const REFERENCES_PER_STATEMENT: usize = 10_000;

/// How an entry finds its posting.
fn of_posting() -> RelationDef {
    entry::Entity::belongs_to(posting::Entity)
        .from(entry::Column::PostingId)
        .to(posting::Column::Id)
        .into()
}

/// How an entry finds its account.
fn of_account() -> RelationDef {
    entry::Entity::belongs_to(account::Entity)
        .from(entry::Column::AccountId)
        .to(account::Column::Id)
        .into()
}

/// What a home holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Holding {
    /// Sum of first deposits.
    pub first_deposit: Fen,
    /// Available.
    pub available: Fen,
    /// Reserved.
    pub reserved: Fen,
}

/// What the home holds now.
pub(super) async fn holding(
    connection: &impl ConnectionTrait,
    home_id: HomeId,
) -> Result<Holding, StoreError> {
    let rows = account::Entity::find()
        .filter(account::Column::HomeId.eq(home_id.as_uuid()))
        .all(connection)
        .await?;
    let mut holding = Holding::default();
    for row in rows {
        holding.first_deposit.0 += row.first_deposit;
        match row.kind.as_str() {
            "available" => holding.available = Fen(row.balance),
            "reserved" => holding.reserved = Fen(row.balance),
            other => {
                return Err(StoreError::Corrupt(format!(
                    "the account of a home is of kind `{other}`"
                )));
            }
        }
    }
    Ok(holding)
}

/// The entries of a home's two accounts, in the order in which they were booked.
pub(super) async fn lines(
    connection: &impl ConnectionTrait,
    home_id: HomeId,
) -> Result<Vec<StatementLine>, StoreError> {
    let available = Account::Available(home_id);
    let accounts = [
        available.id().as_uuid(),
        Account::Reserved(home_id).id().as_uuid(),
    ];
    let rows = entry::Entity::find()
        .join(JoinType::InnerJoin, of_posting())
        .select_also(posting::Entity)
        .filter(entry::Column::AccountId.is_in(accounts))
        .order_by_asc(entry::Column::Id)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|(entry, posting)| {
            let posting = posting.ok_or_else(|| StoreError::Corrupt("an entry has no posting".into()))?;
            let is_available = entry.account_id == available.id().as_uuid();
            let effect = available
                .effect_of(Fen(entry.amount))
                .ok_or_else(|| StoreError::Corrupt("an entry exceeds 64 bits".into()))?;
            Ok(StatementLine {
                posting_id: PostingId::from_uuid(posting.id),
                kind: convert::word("kind", &posting.kind)?,
                posted_at: posting.posted_at,
                draw_id: convert::id(posting.draw_id),
                ballot_id: convert::id(posting.ballot_id),
                text: posting.text,
                is_available,
                effect,
                balance_after: Fen(entry.balance_after),
            })
        })
        .collect()
}

/// Those of the references that stand, with home and amount.
pub(super) async fn deposits_by_reference(
    connection: &impl ConnectionTrait,
    references: &[&str],
) -> Result<HashMap<String, (HomeId, Fen)>, StoreError> {
    let mut found = HashMap::new();
    for chunk in references.chunks(REFERENCES_PER_STATEMENT) {
        let rows: Vec<(Option<String>, Option<Uuid>, i64)> = entry::Entity::find()
            .select_only()
            .column(posting::Column::Reference)
            .column(account::Column::HomeId)
            .column(entry::Column::Amount)
            .join(JoinType::InnerJoin, of_posting())
            .join(JoinType::InnerJoin, of_account())
            .filter(posting::Column::Reference.is_in(chunk.iter().copied()))
            .filter(account::Column::HomeId.is_not_null())
            .into_tuple()
            .all(connection)
            .await?;
        // A deposit credits its home, so its entry is negative.
        let read = |(reference, home, amount): (Option<String>, Option<Uuid>, i64)| {
            Some((reference?, (HomeId::from_uuid(home?), Fen(-amount))))
        };
        found.extend(rows.into_iter().filter_map(read));
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct KindSum {
    kind: String,
    entries: i64,
    astray: i64,
}

/// The ledger of an area added up by the database.
pub(super) async fn trial_balance(
    connection: &impl ConnectionTrait,
    area_id: AreaId,
) -> Result<TrialBalance, StoreError> {
    let statement = sql::trial_balance(connection.get_database_backend(), area_id.as_uuid());
    let sums = KindSum::find_by_statement(statement).all(connection).await?;
    let of = |kind: &str| {
        sums.iter()
            .filter(|sum| sum.kind == kind)
            .map(|sum| sum.entries)
            .sum::<i64>()
    };
    let postings = posting::Entity::find()
        .filter(posting::Column::AreaId.eq(area_id.as_uuid()))
        .count(connection)
        .await?;
    Ok(TrialBalance {
        area_id,
        bank: Fen(of("bank")),
        available: Fen(-of("available")),
        reserved: Fen(-of("reserved")),
        difference: Fen(sums.iter().map(|sum| sum.entries).sum()),
        accounts_astray: sums.iter().map(|sum| sum.astray).sum(),
        postings: i64::try_from(postings).unwrap_or(i64::MAX),
    })
}
