//! What became of the vote on a draw, as committees publishes it.

use chrono::{DateTime, Utc};
use ids::{BallotId, DrawId};
use money::{Area, Fraction};
use serde::{Deserialize, Serialize};

/// Heads and area together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Persons.
    pub heads: i64,
    /// Exclusive area.
    pub area: Area,
}

/// A decided ballot that a draw asked for.
#[derive(Debug, Clone)]
pub struct BallotOutcome {
    /// The ballot.
    pub ballot_id: BallotId,
    /// The draw that it decides.
    pub draw_id: DrawId,
    /// When its roll was frozen; none where an older event does not tell.
    pub frozen_at: Option<DateTime<Utc>>,
    /// Everybody on the frozen roll.
    pub roll: Tally,
    /// Who took part.
    pub turnout: Tally,
    /// Who is for.
    pub approval: Tally,
    /// Whether enough of the roll took part, by heads and by area.
    pub enough_took_part: bool,
    /// Whether enough of them are for, too.
    pub passed: bool,
    /// Share of the roll that had to take part.
    pub participation_required: Fraction,
    /// Share of those taking part that had to be for.
    pub approval_required: Fraction,
    /// Whether that share had to be exceeded.
    pub approval_strict: bool,
}

/// Why the owners did not agree (Civil Code 278, second paragraph).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// Too few of the roll took part.
    TooFewTookPart,
    /// Enough took part, too few of them are for.
    NotEnoughFor,
}

impl BallotOutcome {
    /// Why it failed; `None` where it passed.
    pub fn rejection(&self) -> Option<Rejection> {
        match (self.passed, self.enough_took_part) {
            (true, _) => None,
            (false, true) => Some(Rejection::NotEnoughFor),
            (false, false) => Some(Rejection::TooFewTookPart),
        }
    }

    /// The reason for the owners, in Chinese, with the counts on both axes.
    pub fn explain(&self, why: Rejection) -> String {
        let (text, part, whole, required) = match why {
            Rejection::TooFewTookPart => {
                let required = format!("须有不少于{}参与", self.participation_required);
                ("参与表决的业主不足", self.turnout, self.roll, required)
            }
            Rejection::NotEnoughFor => {
                let word = if self.approval_strict {
                    "超过"
                } else {
                    "不少于"
                };
                let required = format!("须有{word}参与者的{}同意", self.approval_required);
                ("同意的业主不足", self.approval, self.turnout, required)
            }
        };
        let code: &str = why.into();
        format!(
            "{text}（{code}）：人数 {}/{}，面积 {}/{} 平方米，{required}",
            part.heads, whole.heads, part.area, whole.area
        )
    }
}

/// A ballot that was withdrawn.
#[derive(Debug, Clone)]
pub struct BallotWithdrawal {
    /// The ballot.
    pub ballot_id: BallotId,
    /// The draw that had asked for it.
    pub draw_id: DrawId,
    /// Why.
    pub reason: String,
}
