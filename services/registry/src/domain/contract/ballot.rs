//! Decided ballots as far as contracts need them, and what each may be used for.

use chrono::NaiveDate;
use ids::{AreaId, BallotId, PriceAdjustmentId};
use serde::{Deserialize, Serialize};

use super::Refusal;

/// Hiring or dismissing the property firm: item 4 of Civil Code article 278, first paragraph.
pub const PROPERTY_FIRM: u8 = 4;
/// Other major matters: item 9.
pub const OTHER_MATTERS: u8 = 9;

/// A ballot of the owners that was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedBallot {
    /// The ballot.
    pub id: BallotId,
    /// Of which area.
    pub area_id: AreaId,
    /// Whether all of the area voted, and not only some buildings or stairwells.
    pub of_whole_area: bool,
    /// Item of article 278, first paragraph, 1 to 9.
    pub item: u8,
    /// Whether the owners agreed.
    pub passed: bool,
    /// Day of the count in China.
    pub decided_on: NaiveDate,
    /// The price adjustment that asked for it; none for every other ballot.
    pub adjustment_id: Option<PriceAdjustmentId>,
}

/// What a ballot is used for. One that hires a firm may dismiss another and change the mode, but each once.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Purpose {
    /// Hiring a firm, also again.
    Hire,
    /// Dismissing one, or ending its indefinite term.
    Dismiss,
    /// Changing how the area is managed.
    Mode,
    /// Changing prices.
    Price,
    /// Agreeing to a regrouping of areas.
    Regroup,
}

impl DecidedBallot {
    /// Refuses unless the owners of the whole area agreed on one of these items.
    ///
    /// A ballot of another area is answered like one that is not there: whoever asks may not know of it.
    ///
    /// # Errors
    /// `BALLOT_NOT_DECIDED`, `BALLOT_OF_PART`, `BALLOT_OF_OTHER_MATTER`, `BALLOT_NOT_PASSED`.
    pub fn check(&self, area_id: AreaId, items: &[u8]) -> Result<(), Refusal> {
        if self.area_id != area_id {
            return Err(Refusal::BallotNotDecided);
        }
        if !self.of_whole_area {
            return Err(Refusal::BallotOfPart);
        }
        if !items.contains(&self.item) {
            return Err(Refusal::BallotOfOtherMatter { item: self.item });
        }
        if !self.passed {
            return Err(Refusal::BallotNotPassed);
        }
        Ok(())
    }
}
