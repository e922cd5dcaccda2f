//! What happened to a delineation.

use super::Delineation;

/// What happened, with the delineation as it is after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelineationEvent {
    /// What.
    pub step: Step,
    /// The delineation after it.
    pub delineation: Delineation,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The planning authority asked.
    Consulted,
    /// The property authority answered.
    Answered,
    /// The developer applied.
    AppliedFor,
    /// Street or community gave an opinion.
    OpinionGiven,
    /// The day for the answer or the decision has passed.
    Overdue,
    /// The area was delineated.
    Approved,
    /// The application was refused.
    Refused,
}
