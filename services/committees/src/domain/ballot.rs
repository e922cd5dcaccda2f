//! A ballot (表决): prepared, announced on a frozen roll, then decided by the count, or withdrawn.

use calendar::{end_of_day, today};
use chrono::{DateTime, Days, TimeDelta, Utc};
use ids::{AreaId, BallotId, BuildingId, DivisionCode, DrawId, PriceAdjustmentId};
use rules::VoteRules;
use serde::{Deserialize, Serialize};

use super::{BallotEvent, Counts, Matter, Outcome, Phase, Poll, Refusal, Requirement, Tally, counting};

/// Whose homes vote. Empty lists mean the whole area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The area (物业管理区域).
    pub area_id: AreaId,
    /// Only these buildings (幢).
    pub building_ids: Vec<BuildingId>,
    /// Only these stairwells (单元) of the one building named.
    pub stairwells: Vec<String>,
}

/// A ballot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// Its id.
    pub id: BallotId,
    /// Whose homes vote.
    pub scope: Scope,
    /// The community or village of the area.
    pub division: DivisionCode,
    /// What is decided.
    pub matter: Matter,
    /// A line that says it.
    pub title: String,
    /// The whole proposal.
    pub text: String,
    /// The draw that asked for the vote.
    pub draw_id: Option<DrawId>,
    /// The price adjustment that asked for the vote.
    pub adjustment_id: Option<PriceAdjustmentId>,
    /// When it was prepared: lists are in this order.
    pub prepared_at: DateTime<Utc>,
    /// How far it is.
    pub state: BallotState,
    /// One higher with every change of the ballot itself; votes do not change it.
    pub version: i64,
}

/// What asked for a ballot that nobody prepared by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedBy {
    /// A draw on the maintenance fund.
    Draw(DrawId),
    /// A price adjustment.
    Adjustment(PriceAdjustmentId),
}

/// How far a ballot is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(tag = "name", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum BallotState {
    /// Its roll is not frozen yet (已拟定).
    Prepared,
    /// Roll frozen; votes are taken in its window (已公示).
    Announced {
        /// Roll and window.
        announcement: Announcement,
    },
    /// Counted and published (已计票).
    Decided {
        /// Roll and window.
        announcement: Announcement,
        /// The count.
        outcome: Outcome,
        /// When it was counted.
        decided_at: DateTime<Utc>,
    },
    /// Withdrawn before a count (已撤回).
    Withdrawn {
        /// Roll and window, where it had been announced.
        announcement: Option<Announcement>,
        /// Why, for the owners to read.
        reason: String,
        /// When.
        withdrawn_at: DateTime<Utc>,
    },
}

impl BallotState {
    /// Its name as columns and messages spell it: `announced`.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

/// A frozen roll and when votes are taken on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// When the roll was frozen.
    pub announced_at: DateTime<Utc>,
    /// Votes are taken from here.
    pub opens_at: DateTime<Utc>,
    /// Votes are taken before this.
    pub closes_at: DateTime<Utc>,
    /// All heads and all area on the roll.
    pub roll: Tally,
}

/// A change with what is told about it.
pub type Changed = (Ballot, Vec<BallotEvent>);

/// What the closing time leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closing {
    /// It is not time yet.
    NotDue,
    /// It was counted or withdrawn before, or never announced: there is nothing to close.
    NothingToClose,
    /// It is counted.
    Decided(Box<Changed>),
}

impl Ballot {
    /// A ballot to begin with.
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a fact of its own, and there is one caller a kind of ballot"
    )]
    pub fn prepare(
        id: BallotId,
        scope: Scope,
        division: DivisionCode,
        matter: Matter,
        title: String,
        text: String,
        asked_by: Option<AskedBy>,
        now: DateTime<Utc>,
    ) -> Changed {
        let state = BallotState::Prepared;
        let (draw_id, adjustment_id) = match asked_by {
            Some(AskedBy::Draw(id)) => (Some(id), None),
            Some(AskedBy::Adjustment(id)) => (None, Some(id)),
            None => (None, None),
        };
        let ballot = Ballot {
            id,
            scope,
            division,
            matter,
            title,
            text,
            draw_id,
            adjustment_id,
            prepared_at: now,
            state,
            version: 1,
        };
        let events = vec![BallotEvent::Prepared(ballot.clone())];
        (ballot, events)
    }

    /// Refuses unless the ballot can be announced now for this window: what can be said before the roll is asked for.
    ///
    /// Notice is counted in full days in China: the day of the announcement does not count, and the last day of notice
    /// must be over (物业管理条例 article 14, Civil Code article 201).
    ///
    /// # Errors
    /// `BALLOT_WRONG_STATE`, `NOTICE_TOO_SHORT`, `WINDOW_TOO_SHORT`, `WINDOW_TOO_LONG`.
    pub fn check_announcement(
        &self,
        opens_at: DateTime<Utc>,
        closes_at: DateTime<Utc>,
        now: DateTime<Utc>,
        rules: &VoteRules,
    ) -> Result<(), Refusal> {
        match self.state {
            BallotState::Prepared => {}
            BallotState::Announced { .. } | BallotState::Decided { .. } | BallotState::Withdrawn { .. } => {
                return Err(self.wrong_state());
            }
        }
        let days = rules.notice_days.value;
        let last_day = today(now).checked_add_days(Days::new(u64::from(days)));
        let earliest = last_day.map_or(DateTime::<Utc>::MAX_UTC, end_of_day);
        if opens_at < earliest {
            return Err(Refusal::NoticeTooShort { days, earliest });
        }
        let days = rules.window_days_min.value;
        let earliest = plus_days(opens_at, days);
        if closes_at < earliest {
            return Err(Refusal::WindowTooShort { days, earliest });
        }
        let days = rules.window_days_max.value;
        let latest = plus_days(opens_at, days);
        if closes_at > latest {
            return Err(Refusal::WindowTooLong { days, latest });
        }
        Ok(())
    }

    /// Announces the ballot on a roll of this weight.
    ///
    /// # Errors
    /// As `check_announcement`; `ROLL_EMPTY`.
    pub fn announce(
        &self,
        roll: Tally,
        opens_at: DateTime<Utc>,
        closes_at: DateTime<Utc>,
        now: DateTime<Utc>,
        rules: &VoteRules,
    ) -> Result<Changed, Refusal> {
        self.check_announcement(opens_at, closes_at, now, rules)?;
        if roll.heads < 1 || !roll.area.is_positive() {
            return Err(Refusal::RollEmpty);
        }
        let announcement = Announcement {
            announced_at: now,
            opens_at,
            closes_at,
            roll,
        };
        let after = self.changed_to(BallotState::Announced { announcement });
        let events = vec![BallotEvent::Announced(after.clone())];
        Ok((after, events))
    }

    /// Withdraws the ballot, as long as no vote was counted.
    ///
    /// # Errors
    /// `BALLOT_WRONG_STATE` once it is decided or withdrawn.
    pub fn withdraw(&self, reason: String, now: DateTime<Utc>) -> Result<Changed, Refusal> {
        let announcement = match self.state {
            BallotState::Prepared => None,
            BallotState::Announced { announcement } => Some(announcement),
            BallotState::Decided { .. } | BallotState::Withdrawn { .. } => return Err(self.wrong_state()),
        };
        let after = self.changed_to(BallotState::Withdrawn {
            announcement,
            reason,
            withdrawn_at: now,
        });
        let events = vec![BallotEvent::Withdrawn(after.clone())];
        Ok((after, events))
    }

    /// Counts the ballot once its window is over, by the rules of the day on which it closed.
    pub fn close(&self, counts: Counts, now: DateTime<Utc>, rules: &VoteRules) -> Closing {
        let announcement = match self.state {
            BallotState::Announced { announcement } => announcement,
            BallotState::Prepared | BallotState::Decided { .. } | BallotState::Withdrawn { .. } => {
                return Closing::NothingToClose;
            }
        };
        if now < announcement.closes_at {
            return Closing::NotDue;
        }
        let outcome = counting::count(announcement.roll, counts, Requirement::of(self.matter, rules));
        let after = self.changed_to(BallotState::Decided {
            announcement,
            outcome,
            decided_at: now,
        });
        let events = vec![BallotEvent::Decided(after.clone())];
        Closing::Decided(Box::new((after, events)))
    }

    /// What of it a vote depends on.
    pub fn poll(&self) -> Poll {
        let phase = match &self.state {
            BallotState::Prepared => Phase::Prepared,
            BallotState::Announced { announcement } => Phase::Announced {
                opens_at: announcement.opens_at,
                closes_at: announcement.closes_at,
            },
            BallotState::Decided { announcement, .. } => Phase::Decided {
                closes_at: announcement.closes_at,
            },
            BallotState::Withdrawn { .. } => Phase::Withdrawn,
        };
        Poll {
            ballot_id: self.id,
            area_id: self.scope.area_id,
            division: self.division,
            phase,
        }
    }

    /// Roll and window, once it was announced.
    pub fn announcement(&self) -> Option<Announcement> {
        match &self.state {
            BallotState::Prepared => None,
            BallotState::Announced { announcement } | BallotState::Decided { announcement, .. } => {
                Some(*announcement)
            }
            BallotState::Withdrawn { announcement, .. } => *announcement,
        }
    }

    fn wrong_state(&self) -> Refusal {
        Refusal::wrong_state(self.id, self.state.name())
    }

    fn changed_to(&self, state: BallotState) -> Ballot {
        Ballot {
            state,
            version: self.version + 1,
            ..self.clone()
        }
    }
}

/// The instant so many days of 24 hours later; China has no summer time, so these are calendar days too.
fn plus_days(at: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    at.checked_add_signed(TimeDelta::days(i64::from(days)))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests;
