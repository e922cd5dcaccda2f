//! A vote: one per head, once, inside the window, never shown to anybody but its voter.

use std::fmt;

use chrono::{DateTime, Utc};
use ids::{AreaId, BallotId, DivisionCode, FirmId, HomeId, OwnerId, VoteId};
use money::Area;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use super::{Capacity, Head, Refusal, Voter};

/// What a voter says.
///
/// `Debug` does not tell which: a choice must not end in a log by accident.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Choice {
    /// For (同意).
    For,
    /// Against (反对).
    Against,
    /// Abstains (弃权): takes part, and does not agree.
    Abstain,
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Choice(secret)")
    }
}

/// A vote as its voter gets it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// Its id.
    pub id: VoteId,
    /// The ballot.
    pub ballot_id: BallotId,
    /// The head it is of.
    pub head_key: String,
    /// The homes it speaks for.
    pub home_ids: Vec<HomeId>,
    /// Their exclusive area together.
    pub area: Area,
    /// What was said.
    pub choice: Choice,
    /// When.
    pub cast_at: DateTime<Utc>,
    /// In which capacity; none in first answers from before it was recorded.
    pub capacity: Option<Capacity>,
}

/// Who asks for the own votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// An owner, or whoever acts for one.
    Person(OwnerId),
    /// A developer.
    Developer(FirmId),
}

/// A head that the caller belongs to or may vote for, with what was cast for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnVote {
    /// The head.
    pub head: Head,
    /// Whether the caller may cast its vote: an owner for whom somebody else acts may not.
    pub may_cast: bool,
    /// What was cast, if anything.
    pub cast: Option<CastVote>,
}

/// A vote that was cast for a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastVote {
    /// Its id.
    pub id: VoteId,
    /// What was said; none where somebody else said it: that somebody voted is known, how is not.
    pub choice: Option<Choice>,
    /// When.
    pub cast_at: DateTime<Utc>,
    /// In which capacity.
    pub capacity: Capacity,
}

/// That somebody voted, as the rest of the platform may know it. There is no room in it for what was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteCast {
    /// The vote.
    pub vote_id: VoteId,
    /// The ballot.
    pub ballot_id: BallotId,
    /// Where the ballot's area lies.
    pub division: DivisionCode,
    /// The homes it speaks for.
    pub home_ids: Vec<HomeId>,
    /// Their exclusive area together.
    pub area: Area,
    /// When.
    pub cast_at: DateTime<Utc>,
}

/// What of a ballot a vote depends on: all that the hot path reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    /// The ballot.
    pub ballot_id: BallotId,
    /// Its area.
    pub area_id: AreaId,
    /// Where the area lies.
    pub division: DivisionCode,
    /// Whether votes can be taken.
    pub phase: Phase,
}

/// Whether votes can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not announced yet: there is no roll.
    Prepared,
    /// Votes are taken from `opens_at` until just before `closes_at`.
    Announced {
        /// First instant.
        opens_at: DateTime<Utc>,
        /// First instant after the last.
        closes_at: DateTime<Utc>,
    },
    /// Counted at or after `closes_at`.
    Decided {
        /// When it closed.
        closes_at: DateTime<Utc>,
    },
    /// Withdrawn.
    Withdrawn,
}

impl Poll {
    /// Refuses unless votes are taken at this instant.
    ///
    /// A counted ballot answers `VOTING_CLOSED` as one that is only over, so that the answer to a late voter does not
    /// depend on how fast the count was.
    ///
    /// # Errors
    /// `BALLOT_WRONG_STATE`, `VOTING_NOT_OPEN`, `VOTING_CLOSED`.
    pub fn check_open(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        match self.phase {
            Phase::Prepared => Err(Refusal::wrong_state(self.ballot_id, "prepared")),
            Phase::Withdrawn => Err(Refusal::wrong_state(self.ballot_id, "withdrawn")),
            Phase::Decided { closes_at } => Err(Refusal::VotingClosed { closes_at }),
            Phase::Announced { opens_at, .. } if now < opens_at => Err(Refusal::VotingNotOpen { opens_at }),
            Phase::Announced { closes_at, .. } if now >= closes_at => {
                Err(Refusal::VotingClosed { closes_at })
            }
            Phase::Announced { .. } => Ok(()),
        }
    }

    /// The vote of a head as its voter casts it, and what is told about it. That the head has not voted yet is for the store to guard.
    ///
    /// # Errors
    /// As `check_open`.
    pub fn cast(
        &self,
        head: &Head,
        voter: Voter,
        choice: Choice,
        vote_id: VoteId,
        now: DateTime<Utc>,
    ) -> Result<(Vote, VoteCast), Refusal> {
        self.check_open(now)?;
        let vote = Vote {
            id: vote_id,
            ballot_id: self.ballot_id,
            head_key: head.key.clone(),
            home_ids: head.home_ids.clone(),
            area: head.area,
            choice,
            cast_at: now,
            capacity: Some(voter.capacity()),
        };
        let told = VoteCast {
            vote_id,
            ballot_id: self.ballot_id,
            division: self.division,
            home_ids: head.home_ids.clone(),
            area: head.area,
            cast_at: now,
        };
        Ok((vote, told))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn a_choice_does_not_show_in_debug_output() {
        for choice in Choice::iter() {
            assert_eq!(format!("{choice:?}"), "Choice(secret)");
        }
    }
}
