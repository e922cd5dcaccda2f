//! What happened to a ballot, in the past tense.

use super::{Ballot, VoteCast};

/// Something that happened, complete enough that nobody needs to call back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BallotEvent {
    /// A ballot was prepared.
    Prepared(Ballot),
    /// A ballot was announced on its frozen roll.
    Announced(Ballot),
    /// A ballot was counted and its result published.
    Decided(Ballot),
    /// A ballot was withdrawn.
    Withdrawn(Ballot),
    /// Somebody voted; what was said is not in it.
    VoteCast(VoteCast),
}
