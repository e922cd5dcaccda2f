//! What happened to published rolls. Nothing personal is in here.

use ids::ObjectionId;

use super::publication::PublishedRoll;

/// What happened; the roll is as it is after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RollEvent {
    /// It was published.
    Published(PublishedRoll),
    /// It was taken down.
    TakenDown(PublishedRoll),
    /// An owner objected.
    ObjectionRaised {
        /// To what.
        roll: PublishedRoll,
        /// The objection.
        objection_id: ObjectionId,
    },
    /// An objection was answered.
    ObjectionAnswered {
        /// To what.
        roll: PublishedRoll,
        /// The objection.
        objection_id: ObjectionId,
        /// Whether the roll was wrong.
        upheld: bool,
    },
}
