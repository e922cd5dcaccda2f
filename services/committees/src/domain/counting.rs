//! Counting a ballot: two weights, heads (人数) and exclusive area (专有面积), two gates, no floats.
//!
//! First gate: enough of the roll took part. Second gate: enough of those who took part are for. Each gate holds for
//! both weights (Civil Code article 278, second paragraph). Who abstains takes part and does not agree; who is silent
//! does not take part, and is never counted with anybody.

use money::{Area, Fraction};
use rules::VoteRules;
use serde::{Deserialize, Serialize};

use super::Matter;

/// Heads and area together: the two weights of every joint decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Persons (人数): one per set of owners, one for the developer.
    pub heads: i64,
    /// Exclusive area in 0.01 m².
    pub area: Area,
}

impl Tally {
    /// Nobody and nothing.
    pub const ZERO: Self = Self {
        heads: 0,
        area: Area::ZERO,
    };

    /// Heads with their area in 0.01 m².
    pub const fn new(heads: i64, area: i64) -> Self {
        Self {
            heads,
            area: Area(area),
        }
    }

    /// Both together. A roll was summed with checks before, and its parts cannot be more than the whole.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            heads: self.heads.saturating_add(other.heads),
            area: Area(self.area.0.saturating_add(other.area.0)),
        }
    }
}

/// What was said, by weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// For (同意).
    pub agreed: Tally,
    /// Against (反对).
    pub against: Tally,
    /// Abstained (弃权).
    pub abstained: Tally,
}

impl Counts {
    /// All who took part: for, against and abstained.
    pub const fn took_part(&self) -> Tally {
        self.agreed.and(self.against).and(self.abstained)
    }
}

/// What a matter needs to pass: kept with the result, so that it can be checked again years later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// Share of the roll that must take part, by each weight; reaching it is enough (以上).
    pub participation: Fraction,
    /// Share of those taking part that must be for, by each weight.
    pub approval: Fraction,
    /// True where the share must be exceeded (过半数), false where reaching it is enough (以上).
    pub approval_strict: bool,
    /// The article it comes from.
    pub article: String,
}

impl Requirement {
    /// What this matter needs by the rules of a day.
    pub fn of(matter: Matter, rules: &VoteRules) -> Self {
        let approval = rules.approval_for(matter.item());
        Self {
            participation: rules.participation.value,
            approval: approval.fraction,
            approval_strict: approval.is_strict,
            article: approval.article,
        }
    }

    /// Whether these are enough of the roll, by both weights.
    fn is_attended(&self, took_part: Tally, roll: Tally) -> bool {
        self.participation.is_reached_by(took_part.heads, roll.heads)
            && self.participation.is_reached_by(took_part.area.0, roll.area.0)
    }

    /// Whether these are enough of those who took part, by both weights.
    fn is_approved(&self, agreed: Tally, took_part: Tally) -> bool {
        let reached = |part, whole| match self.approval_strict {
            true => self.approval.is_exceeded_by(part, whole),
            false => self.approval.is_reached_by(part, whole),
        };
        // Nobody of nobody would reach any share that need not be exceeded.
        agreed.heads > 0 && reached(agreed.heads, took_part.heads) && reached(agreed.area.0, took_part.area.0)
    }
}

/// The count of a ballot, with the rule it was counted by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What was said.
    pub counts: Counts,
    /// True where at least the required share of both weights took part.
    pub enough_took_part: bool,
    /// True where, besides, the required share of those who took part is for, by both weights.
    pub passed: bool,
    /// The rule.
    pub requirement: Requirement,
}

/// Counts a ballot on its frozen roll (Civil Code article 278, second paragraph).
///
/// ```
/// use committees::domain::{Counts, Requirement, Tally, counting};
///
/// let requirement = Requirement {
///     participation: "2/3".parse()?,
///     approval: "1/2".parse()?,
///     approval_strict: true,
///     article: "民法典第278条第2款".into(),
/// };
/// let counts = Counts { agreed: Tally::new(30, 3_000), against: Tally::new(20, 2_000), abstained: Tally::new(10, 1_000) };
/// let outcome = counting::count(Tally::new(84, 8_400), counts, requirement);
/// assert!(outcome.enough_took_part);
/// assert!(!outcome.passed); // 30 of the 60 who took part is exactly half
/// # Ok::<(), money::fraction::FractionError>(())
/// ```
pub fn count(roll: Tally, counts: Counts, requirement: Requirement) -> Outcome {
    let took_part = counts.took_part();
    let enough_took_part = requirement.is_attended(took_part, roll);
    let passed = enough_took_part && requirement.is_approved(counts.agreed, took_part);
    Outcome {
        counts,
        enough_took_part,
        passed,
        requirement,
    }
}

#[cfg(test)]
mod tests;
