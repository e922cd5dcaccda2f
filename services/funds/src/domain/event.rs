//! What happened, in the past tense.

use ids::{AreaId, DivisionCode, HomeId, PostingId};
use money::Fen;

use crate::domain::draw::Draw;
use chrono::NaiveDate;

/// What happened to a draw; each carries the draw after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrawEvent {
    /// It was proposed.
    Proposed(Draw),
    /// It was checked, and the owners are to vote.
    VoteRequested(Draw),
    /// The owners agreed, and each share is reserved.
    Reserved(Draw),
    /// The owners did not agree.
    Rejected(Draw),
    /// The work was accepted.
    Accepted(Draw),
    /// It was paid.
    Paid(Draw),
    /// It was withdrawn.
    Withdrawn(Draw),
}

/// First deposits of one building were posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepositsPosted {
    /// The first of the postings; names the event's aggregate, which has this one version.
    pub posting_id: PostingId,
    /// The area.
    pub area_id: AreaId,
    /// The community or village of the area.
    pub division: DivisionCode,
    /// Home, amount and day of payment.
    pub deposits: Vec<(HomeId, Fen, NaiveDate)>,
}
