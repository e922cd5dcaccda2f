//! What the calendar does with a price adjustment: its publicity ends, its prices begin.

use chrono::NaiveDate;

use super::{Adjustment, Changed, Publicity, State};
use crate::domain::price::What;

impl Adjustment {
    /// What the calendar has done to it by the day `today` in China; none where there is nothing left.
    pub fn pass(&self, today: NaiveDate) -> Option<Changed> {
        match &self.state {
            State::Published(publicity) if !publicity.is_over && publicity.until_on < today => {
                let publicity = Publicity {
                    is_over: true,
                    ..*publicity
                };
                Some(self.changed(What::PublicityEnded, State::Published(publicity)))
            }
            State::Decided {
                outcome,
                effective_on,
                standard_ids,
            } if *effective_on <= today => {
                let state = State::Effective {
                    outcome: *outcome,
                    effective_on: *effective_on,
                    standard_ids: standard_ids.clone(),
                };
                Some(self.changed(What::TookEffect, state))
            }
            State::Proposed
            | State::Published(_)
            | State::BallotRequested(_)
            | State::Decided { .. }
            | State::Effective { .. }
            | State::Rejected(_)
            | State::Withdrawn { .. } => None,
        }
    }

    /// The day on which the calendar does something to it.
    pub fn next_on(&self) -> Option<NaiveDate> {
        match &self.state {
            State::Published(publicity) if !publicity.is_over => publicity.until_on.succ_opt(),
            State::Decided { effective_on, .. } => Some(*effective_on),
            State::Proposed
            | State::Published(_)
            | State::BallotRequested(_)
            | State::Effective { .. }
            | State::Rejected(_)
            | State::Withdrawn { .. } => None,
        }
    }
}
