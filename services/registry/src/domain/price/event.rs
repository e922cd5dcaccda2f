//! What happens to prices.

use super::{Adjustment, FeeStandard, Satisfaction};

/// What happened to a price adjustment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The firm proposed it.
    Proposed,
    /// The committee published audit and plan.
    Published,
    /// They were public for long enough.
    PublicityEnded,
    /// The owners are to decide.
    BallotRequested,
    /// The owners agreed.
    Decided,
    /// The owners did not agree.
    Rejected,
    /// It was given up.
    Withdrawn,
    /// The new prices hold.
    TookEffect,
}

/// What this part of the registry tells, complete enough that nobody needs to call back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A standard was recorded.
    StandardRecorded(FeeStandard),
    /// Another standard follows one.
    StandardEnded(FeeStandard),
    /// Of a price adjustment, with how it is after it.
    Adjustment(What, Box<Adjustment>),
    /// A score was recorded or corrected.
    SatisfactionRecorded(Satisfaction),
}
