//! The statement of a home (分户账对账单) and the trial balance of an area (试算平衡), as they are read.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use ids::{AreaId, BallotId, DrawId, HomeId, PostingId};
use money::Fen;

use crate::domain::ledger::PostingKind;

/// An entry of one of a home's two accounts, as it was booked.
#[derive(Debug, Clone)]
pub struct StatementLine {
    /// The posting.
    pub posting_id: PostingId,
    /// What it records.
    pub kind: PostingKind,
    /// When.
    pub posted_at: DateTime<Utc>,
    /// The draw.
    pub draw_id: Option<DrawId>,
    /// The ballot.
    pub ballot_id: Option<BallotId>,
    /// Title or reference.
    pub text: String,
    /// Whether it is of the available account, not of the reserved.
    pub is_available: bool,
    /// What it did to the balance of its account.
    pub effect: Fen,
    /// The balance of its account after it.
    pub balance_after: Fen,
}

/// One movement of a sub-account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// What it records.
    pub kind: PostingKind,
    /// When.
    pub posted_at: DateTime<Utc>,
    /// What it did to what is available.
    pub available: Fen,
    /// What it did to what is reserved.
    pub reserved: Fen,
    /// Available after it.
    pub balance: Fen,
    /// The draw.
    pub draw_id: Option<DrawId>,
    /// The vote behind it.
    pub ballot_id: Option<BallotId>,
    /// Title or reference.
    pub text: String,
}

/// The statement of one home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The home.
    pub home_id: HomeId,
    /// Its real-estate unit number.
    pub unit_number: String,
    /// The sum of its first deposits.
    pub first_deposit: Fen,
    /// Available now.
    pub available: Fen,
    /// Reserved now.
    pub reserved: Fen,
    /// Whether it must be topped up (165号令 article 17).
    pub replenishment_due: bool,
    /// Every movement, oldest first.
    pub movements: Vec<Movement>,
}

/// Joins the lines of a home's two accounts, in the order in which they were booked, into movements.
pub fn movements(lines: Vec<StatementLine>) -> Vec<Movement> {
    let mut list: Vec<Movement> = Vec::new();
    let mut places: HashMap<PostingId, usize> = HashMap::new();
    let mut available = Fen::ZERO;
    for line in lines {
        let place = *places.entry(line.posting_id).or_insert_with(|| {
            list.push(Movement {
                kind: line.kind,
                posted_at: line.posted_at,
                available: Fen::ZERO,
                reserved: Fen::ZERO,
                balance: available,
                draw_id: line.draw_id,
                ballot_id: line.ballot_id,
                text: line.text,
            });
            list.len() - 1
        });
        let movement = &mut list[place];
        if line.is_available {
            available = line.balance_after;
            movement.available = line.effect;
            movement.balance = available;
        } else {
            movement.reserved = line.effect;
        }
    }
    list
}

/// The ledger of an area added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialBalance {
    /// The area.
    pub area_id: AreaId,
    /// Held by the bank, as the entries say.
    pub bank: Fen,
    /// Available to the homes, as the entries say.
    pub available: Fen,
    /// Reserved, as the entries say.
    pub reserved: Fen,
    /// Sum of all entries; zero where the ledger balances.
    pub difference: Fen,
    /// Accounts whose balance is not the sum of their entries.
    pub accounts_astray: i64,
    /// Postings counted.
    pub postings: i64,
}

impl TrialBalance {
    /// Whether everything agrees.
    pub fn is_balanced(&self) -> bool {
        self.difference.is_zero() && self.accounts_astray == 0
    }
}
