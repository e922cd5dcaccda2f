//! The ledger: double entry in fen. Nothing moves but by a posting whose entries sum to zero.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use ids::{AreaId, BallotId, DrawId, HomeId, Id, Kind, PostingId};
use money::Fen;
use strum::{EnumString, IntoStaticStr};

use crate::domain::allocation::Share;
use crate::domain::deposit::Deposit;
use crate::domain::draw::Draw;

/// An account of the ledger. Its id never leaves this service.
#[derive(Clone, Copy, Debug)]
pub enum LedgerAccount {}

impl Kind for LedgerAccount {
    const PREFIX: &'static str = "ledgeraccount";
}

/// Id of an account, derived from what it is: nothing has to be looked up.
pub type LedgerAccountId = Id<LedgerAccount>;

/// The chart of accounts (会计科目).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What the bank holds for an area (银行专户): an asset, raised by a debit.
    Bank(AreaId),
    /// What a home can still spend (分户账可用余额): owed to it, raised by a credit.
    Available(HomeId),
    /// What is set aside on a home for a decided draw (分户账预留): owed, raised by a credit.
    Reserved(HomeId),
}

impl Account {
    /// Its id.
    pub fn id(self) -> LedgerAccountId {
        LedgerAccountId::derive(&match self {
            Account::Bank(area_id) => format!("bank:{area_id}"),
            Account::Available(home_id) => format!("available:{home_id}"),
            Account::Reserved(home_id) => format!("reserved:{home_id}"),
        })
    }

    /// Its kind, as columns spell it.
    pub fn kind(self) -> &'static str {
        match self {
            Account::Bank(_) => "bank",
            Account::Available(_) => "available",
            Account::Reserved(_) => "reserved",
        }
    }

    /// What an entry of this amount does to the balance: a debit (positive) raises what the bank holds, a credit
    /// (negative) what is owed to a home.
    pub fn effect_of(self, amount: Fen) -> Option<Fen> {
        match self {
            Account::Bank(_) => Some(amount),
            Account::Available(_) | Account::Reserved(_) => amount.checked_neg().ok(),
        }
    }
}

/// What a posting records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum PostingKind {
    /// A first deposit (首期交存).
    Deposit,
    /// Shares of a decided draw set aside (预留).
    Reservation,
    /// Parts of a reservation given back (退回).
    Release,
    /// Reserved shares paid out (划转).
    Payment,
    /// The money of homes that moved to another area, from bank to bank (随区域调整转移).
    Transfer,
}

/// One line of a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The account.
    pub account: Account,
    /// Debit where positive, credit where negative; never zero.
    pub amount: Fen,
}

/// A balanced set of entries (记账凭证).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Its id.
    pub id: PostingId,
    /// What it records.
    pub kind: PostingKind,
    /// The area whose ledger it belongs to.
    pub area_id: AreaId,
    /// The draw, for everything but a deposit and a transfer.
    pub draw_id: Option<DrawId>,
    /// The vote behind the draw.
    pub ballot_id: Option<BallotId>,
    /// The bank's reference of a deposit, unique for ever.
    pub reference: Option<String>,
    /// The draw's title, or the deposit's reference.
    pub text: String,
    /// Day on which a deposit was paid at the bank.
    pub paid_on: Option<NaiveDate>,
    /// When it was posted.
    pub posted_at: DateTime<Utc>,
    /// The lines.
    pub entries: Vec<Entry>,
}

impl Posting {
    /// A deposit: the bank holds it, the home may spend it.
    pub fn deposit(id: PostingId, deposit: &Deposit, now: DateTime<Utc>) -> Self {
        let amount = deposit.amount.0;
        Posting {
            id,
            kind: PostingKind::Deposit,
            area_id: deposit.area_id,
            draw_id: None,
            ballot_id: None,
            reference: Some(deposit.reference.clone()),
            text: deposit.reference.clone(),
            paid_on: Some(deposit.paid_on),
            posted_at: now,
            entries: transfer(
                Account::Bank(deposit.area_id),
                Account::Available(deposit.home_id),
                amount,
            )
            .into(),
        }
    }

    /// Sets the fund's part of each share aside; `None` where the fund has no part in it.
    pub fn reservation(id: PostingId, draw: &Draw, shares: &[Share], now: DateTime<Utc>) -> Option<Self> {
        let entries = shares
            .iter()
            .filter(|share| share.fund.is_positive())
            .flat_map(|share| set_aside(share.home_id, share.fund.0))
            .collect();
        Self::of_draw(id, PostingKind::Reservation, draw, entries, now)
    }

    /// Gives back what was reserved and is not needed after the work was settled; `None` where nothing is.
    pub fn release(
        id: PostingId,
        draw: &Draw,
        before: &[Share],
        after: &[Share],
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let entries = differences(before, after)
            .filter(|(_, more)| *more < 0)
            .flat_map(|(home_id, more)| set_aside(home_id, more))
            .collect();
        Self::of_draw(id, PostingKind::Release, draw, entries, now)
    }

    /// Sets aside the fen that the settled split gives a home above its first share (see
    /// [`settle`](crate::domain::allocation::settle)); `None` as a rule.
    pub fn further_reservation(
        id: PostingId,
        draw: &Draw,
        before: &[Share],
        after: &[Share],
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let entries = differences(before, after)
            .filter(|(_, more)| *more > 0)
            .flat_map(|(home_id, more)| set_aside(home_id, more))
            .collect();
        Self::of_draw(id, PostingKind::Reservation, draw, entries, now)
    }

    /// Pays what is reserved out of the banks in which the homes' money lies; `None` where the fund has no part in it.
    ///
    /// `ledgers` says in which area's ledger the accounts of each home stand: a home may have moved since the draw was
    /// decided.
    pub fn payment(
        id: PostingId,
        draw: &Draw,
        shares: &[Share],
        ledgers: &HashMap<HomeId, AreaId>,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut totals: BTreeMap<AreaId, i64> = BTreeMap::new();
        for share in shares.iter().filter(|share| share.fund.is_positive()) {
            entries.push(Entry {
                account: Account::Reserved(share.home_id),
                amount: share.fund,
            });
            let area_id = ledgers.get(&share.home_id).copied();
            *totals.entry(area_id.unwrap_or(draw.scope.area_id)).or_default() += share.fund.0;
        }
        entries.extend(totals.into_iter().map(|(area_id, total)| Entry {
            account: Account::Bank(area_id),
            amount: Fen(-total),
        }));
        Self::of_draw(id, PostingKind::Payment, draw, entries, now)
    }

    /// The money of homes that moved passes from the bank account of one area to that of another; `None` where they hold
    /// nothing. It belongs to the ledger of the area that it comes to.
    pub fn transfer(
        id: PostingId,
        from: AreaId,
        to: AreaId,
        text: String,
        amount: Fen,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        amount.is_positive().then(|| Posting {
            id,
            kind: PostingKind::Transfer,
            area_id: to,
            draw_id: None,
            ballot_id: None,
            reference: None,
            text,
            paid_on: None,
            posted_at: now,
            entries: transfer(Account::Bank(to), Account::Bank(from), amount.0).into(),
        })
    }

    fn of_draw(
        id: PostingId,
        kind: PostingKind,
        draw: &Draw,
        entries: Vec<Entry>,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        (!entries.is_empty()).then(|| Posting {
            id,
            kind,
            area_id: draw.scope.area_id,
            draw_id: Some(draw.id),
            ballot_id: draw.state.ballot_id(),
            reference: None,
            text: draw.title.clone(),
            paid_on: None,
            posted_at: now,
            entries,
        })
    }
}

fn transfer(debit: Account, credit: Account, amount: i64) -> [Entry; 2] {
    [
        Entry {
            account: debit,
            amount: Fen(amount),
        },
        Entry {
            account: credit,
            amount: Fen(-amount),
        },
    ]
}

/// From available to reserved; back where negative.
fn set_aside(home_id: HomeId, amount: i64) -> [Entry; 2] {
    transfer(Account::Available(home_id), Account::Reserved(home_id), amount)
}

fn differences(before: &[Share], after: &[Share]) -> impl Iterator<Item = (HomeId, i64)> {
    let was: BTreeMap<HomeId, i64> = before.iter().map(|share| (share.home_id, share.fund.0)).collect();
    after.iter().map(move |share| {
        let before = was.get(&share.home_id).copied().unwrap_or(0);
        (share.home_id, share.fund.0 - before)
    })
}

/// Balances of the accounts that a decision touches, as they are locked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balances(BTreeMap<Account, Fen>);

/// An entry with the balance of its account after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookedEntry {
    /// The posting.
    pub posting_id: PostingId,
    /// The entry.
    pub entry: Entry,
    /// What it did to the balance.
    pub effect: Fen,
    /// The balance after it.
    pub balance_after: Fen,
}

/// A posting that cannot be booked. Each is a broken invariant, never an answer to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The entries do not sum to zero.
    #[error("the entries do not sum to zero")]
    Unbalanced,
    /// An account would go below zero.
    #[error("account {0:?} would go below zero")]
    Overdrawn(Account),
    /// An account that does not exist or was not locked.
    #[error("account {0:?} is not known")]
    Unknown(Account),
    /// Beyond 64 bits.
    #[error("account {0:?} would exceed 64 bits")]
    TooLarge(Account),
}

impl Balances {
    /// The balances as read.
    pub fn new(balances: impl IntoIterator<Item = (Account, Fen)>) -> Self {
        Balances(balances.into_iter().collect())
    }

    /// The balance of an account; `None` where it does not exist.
    pub fn get(&self, account: Account) -> Option<Fen> {
        self.0.get(&account).copied()
    }

    /// Books a posting: all of it, or nothing where it refuses.
    ///
    /// # Errors
    /// Where it does not balance, overdraws an account, or names one that is not here.
    pub fn book(&mut self, posting: &Posting) -> Result<Vec<BookedEntry>, LedgerError> {
        let sum: i128 = posting
            .entries
            .iter()
            .map(|entry| i128::from(entry.amount.0))
            .sum();
        if sum != 0 {
            return Err(LedgerError::Unbalanced);
        }
        let mut changed: BTreeMap<Account, Fen> = BTreeMap::new();
        let mut booked = Vec::with_capacity(posting.entries.len());
        for entry in &posting.entries {
            let account = entry.account;
            let known = changed.get(&account).or_else(|| self.0.get(&account)).copied();
            let before = known.ok_or(LedgerError::Unknown(account))?;
            let effect = account
                .effect_of(entry.amount)
                .ok_or(LedgerError::TooLarge(account))?;
            let after = before
                .checked_add(effect)
                .map_err(|_| LedgerError::TooLarge(account))?;
            if after.is_negative() {
                return Err(LedgerError::Overdrawn(account));
            }
            changed.insert(account, after);
            booked.push(BookedEntry {
                posting_id: posting.id,
                entry: *entry,
                effect,
                balance_after: after,
            });
        }
        self.0.extend(changed);
        Ok(booked)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn posting(entries: Vec<Entry>) -> Posting {
        Posting {
            id: PostingId::generate(),
            kind: PostingKind::Deposit,
            area_id: AreaId::derive("a"),
            draw_id: None,
            ballot_id: None,
            reference: None,
            text: String::new(),
            paid_on: None,
            posted_at: DateTime::UNIX_EPOCH,
            entries,
        }
    }

    fn accounts() -> (Account, Account, Account) {
        let home = HomeId::derive("h");
        (
            Account::Bank(AreaId::derive("a")),
            Account::Available(home),
            Account::Reserved(home),
        )
    }

    #[test]
    fn a_deposit_raises_the_bank_and_the_sub_account_alike() {
        let (bank, available, reserved) = accounts();
        let mut balances = Balances::new([(bank, Fen(0)), (available, Fen(0)), (reserved, Fen(0))]);
        balances
            .book(&posting(transfer(bank, available, 500).into()))
            .unwrap();
        balances
            .book(&posting(transfer(available, reserved, 200).into()))
            .unwrap();
        let all = [bank, available, reserved].map(|account| balances.get(account).unwrap().0);
        assert_eq!(all, [500, 300, 200]);
    }

    #[test]
    fn what_does_not_balance_or_overdraws_changes_nothing() {
        let (bank, available, reserved) = accounts();
        let mut balances = Balances::new([(bank, Fen(100)), (available, Fen(100))]);
        let before = balances.clone();
        let single = posting(vec![Entry {
            account: bank,
            amount: Fen(1),
        }]);
        assert_eq!(balances.book(&single), Err(LedgerError::Unbalanced));
        let over = posting(transfer(available, bank, 101).into());
        assert_eq!(balances.book(&over), Err(LedgerError::Overdrawn(available)));
        let unknown = posting(transfer(available, reserved, 1).into());
        assert_eq!(balances.book(&unknown), Err(LedgerError::Unknown(reserved)));
        assert_eq!(balances, before);
    }
}
