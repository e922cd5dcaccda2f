//! What happened to a regrouping, and what an approved one did.

use chrono::{DateTime, NaiveDate, Utc};
use ids::{AreaId, HomeId, RegroupingId};

use super::Regrouping;
use crate::domain::area::Area;
use crate::domain::building::Building;

/// What happened, with the regrouping as it is after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegroupingEvent {
    /// What.
    pub step: Step,
    /// The regrouping after it.
    pub regrouping: Regrouping,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It was proposed.
    Proposed,
    /// An area agreed.
    ConsentRecorded,
    /// Street or community gave an opinion.
    OpinionGiven,
    /// The day for the decision has passed.
    Overdue,
    /// It was approved and carried out.
    Approved,
    /// It was refused.
    Refused,
    /// It was taken back.
    Withdrawn,
}

/// A building moved, with some of its homes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildingMoved {
    /// The building as it is after it.
    pub building: Building,
    /// The area it left.
    pub from_area_id: AreaId,
    /// The homes told with this event, at most [`HOMES_PER_EVENT`](crate::domain::event::HOMES_PER_EVENT).
    pub home_ids: Vec<HomeId>,
    /// First day on which it belongs to the other area.
    pub on: NaiveDate,
    /// When it was carried out.
    pub at: DateTime<Utc>,
    /// By which regrouping.
    pub regrouping_id: RegroupingId,
}

/// What a regrouping tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Of itself.
    Regrouping(Box<RegroupingEvent>),
    /// Of a building.
    BuildingMoved(BuildingMoved),
    /// Of an area that ended.
    AreaEnded {
        /// The area as it was left.
        area: Area,
        /// By which regrouping.
        regrouping_id: RegroupingId,
    },
}
