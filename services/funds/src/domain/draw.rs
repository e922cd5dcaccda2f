//! A draw on the fund (使用申请): proposed, checked, decided by the owners, accepted, paid (165号令 articles 22 and 23).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ids::{BallotId, DivisionCode, DrawId, FirmId, HomeId};
use money::Fen;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::domain::allocation::{self, Allocation, Bearer, Share};
use crate::domain::ballot::{BallotOutcome, BallotWithdrawal, Rejection};
use crate::domain::event::DrawEvent;
use crate::domain::refusal::Refusal;
use crate::domain::scope::Scope;

/// The shared part or equipment that a repair concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum SharedPart {
    /// Waterproofing of roof and outer walls (屋面防水、外墙面防渗漏).
    RoofWaterproofing,
    /// Load-bearing structure (主体结构).
    Structure,
    /// Lifts (电梯).
    Lift,
    /// Wiring, pipes and drains (电气管线、给排水管道).
    WiringAndPipes,
    /// Fire equipment (消防设施).
    FireEquipment,
    /// Whatever else is shared (其他共用部位).
    Other,
}

/// A draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// Its id.
    pub id: DrawId,
    /// One higher with every change.
    pub version: i64,
    /// The homes that benefit, and therefore vote and pay.
    pub scope: Scope,
    /// The community or village of the area.
    pub division: DivisionCode,
    /// What is repaired.
    pub part: SharedPart,
    /// A line that says it.
    pub title: String,
    /// Plan, contractor, reasons.
    pub text: String,
    /// What the owners are asked to agree to.
    pub budget: Fen,
    /// The firm that proposed it; none where the committee did.
    pub proposer: Option<FirmId>,
    /// When it was proposed.
    pub proposed_at: DateTime<Utc>,
    /// How far it is.
    pub state: DrawState,
}

/// How far a draw is, with what is known only then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrawState {
    /// Proposed (已申请), not checked yet.
    Proposed,
    /// Before the owners (表决中).
    Voting {
        /// When the community checked it.
        checked_at: DateTime<Utc>,
        /// What was seen on site.
        remark: String,
    },
    /// Decided for, each home's share reserved (已预留).
    Reserved {
        /// The ballot behind it.
        ballot_id: BallotId,
        /// The budget as it is borne.
        allocation: Allocation,
    },
    /// Work accepted at its settled cost (已验收).
    Accepted {
        /// The ballot behind it.
        ballot_id: BallotId,
        /// The settled cost as it is borne.
        allocation: Allocation,
        /// What the work cost.
        settled: Fen,
        /// When it was accepted.
        accepted_at: DateTime<Utc>,
    },
    /// Paid (已划转).
    Paid {
        /// The ballot behind it.
        ballot_id: BallotId,
        /// The settled cost as it was borne.
        allocation: Allocation,
        /// What the work cost.
        settled: Fen,
        /// When it was paid.
        paid_at: DateTime<Utc>,
        /// The bank's reference; empty where none was given.
        bank_reference: String,
    },
    /// The owners did not agree (未通过).
    Rejected {
        /// The ballot behind it.
        ballot_id: BallotId,
        /// By which rule.
        why: Rejection,
        /// The counts, in Chinese.
        reason: String,
    },
    /// Withdrawn (已撤回).
    Withdrawn {
        /// The ballot, where one was withdrawn with it.
        ballot_id: Option<BallotId>,
        /// Why.
        reason: String,
    },
}

impl DrawState {
    /// The state in a word, as columns and refusals spell it.
    pub fn name(&self) -> &'static str {
        self.names().0
    }

    fn names(&self) -> (&'static str, &'static str) {
        match self {
            DrawState::Proposed => ("proposed", "已申请"),
            DrawState::Voting { .. } => ("voting", "正在表决"),
            DrawState::Reserved { .. } => ("reserved", "已预留"),
            DrawState::Accepted { .. } => ("accepted", "已验收"),
            DrawState::Paid { .. } => ("paid", "已划转"),
            DrawState::Rejected { .. } => ("rejected", "表决未通过"),
            DrawState::Withdrawn { .. } => ("withdrawn", "已撤回"),
        }
    }

    /// Since when it is before the owners of its scope: a building that moves to another area afterwards stays in sight of
    /// it, and one that comes does not join. None before, when the scope is read as the area is now. Who bears it is known
    /// from the roll, which is frozen later: see [`Draw::borne_as_of`].
    pub fn voting_since(&self) -> Option<DateTime<Utc>> {
        match self {
            DrawState::Voting { checked_at, .. } => Some(*checked_at),
            DrawState::Proposed
            | DrawState::Reserved { .. }
            | DrawState::Accepted { .. }
            | DrawState::Paid { .. }
            | DrawState::Rejected { .. }
            | DrawState::Withdrawn { .. } => None,
        }
    }

    /// The ballot behind it, where there is one.
    pub fn ballot_id(&self) -> Option<BallotId> {
        match self {
            DrawState::Proposed | DrawState::Voting { .. } => None,
            DrawState::Reserved { ballot_id, .. }
            | DrawState::Accepted { ballot_id, .. }
            | DrawState::Paid { ballot_id, .. }
            | DrawState::Rejected { ballot_id, .. } => Some(*ballot_id),
            DrawState::Withdrawn { ballot_id, .. } => *ballot_id,
        }
    }
}

/// What is proposed.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The id that the draw gets.
    pub id: DrawId,
    /// The homes that benefit.
    pub scope: Scope,
    /// The community or village of the area.
    pub division: DivisionCode,
    /// What is repaired.
    pub part: SharedPart,
    /// A line that says it.
    pub title: String,
    /// Plan, contractor, reasons.
    pub text: String,
    /// What the owners are asked to agree to.
    pub budget: Fen,
    /// The firm that proposes.
    pub proposer: Option<FirmId>,
}

/// A draw after a decision, with what happened.
pub type Decided = (Draw, DrawEvent);

impl Draw {
    /// Proposes a draw of a budget from 0.01 yuan to `max`.
    ///
    /// Refuses `AMOUNT_NOT_POSITIVE` and `AMOUNT_TOO_LARGE`. Scope and warranty are checked apart.
    pub fn propose(proposal: Proposal, max: Fen, now: DateTime<Utc>) -> Result<Decided, Refusal> {
        if !proposal.budget.is_positive() {
            return Err(Refusal::AmountNotPositive);
        }
        if proposal.budget > max {
            return Err(Refusal::AmountTooLarge { max });
        }
        let draw = Draw {
            id: proposal.id,
            version: 1,
            scope: proposal.scope,
            division: proposal.division,
            part: proposal.part,
            title: proposal.title,
            text: proposal.text,
            budget: proposal.budget,
            proposer: proposal.proposer,
            proposed_at: now,
            state: DrawState::Proposed,
        };
        Ok((draw.clone(), DrawEvent::Proposed(draw)))
    }

    /// Confirms the need and hands it to the owners' vote (社区核实). Refuses `DRAW_WRONG_STATE` but while proposed.
    pub fn check(&self, remark: String, now: DateTime<Utc>) -> Result<Decided, Refusal> {
        match &self.state {
            DrawState::Proposed => {
                let draw = self.moved(DrawState::Voting {
                    checked_at: now,
                    remark,
                });
                Ok((draw.clone(), DrawEvent::VoteRequested(draw)))
            }
            DrawState::Voting { .. }
            | DrawState::Reserved { .. }
            | DrawState::Accepted { .. }
            | DrawState::Paid { .. }
            | DrawState::Rejected { .. }
            | DrawState::Withdrawn { .. } => Err(self.refuse("checking it", "proposed")),
        }
    }

    /// Withdraws it. Refuses `DRAW_WRONG_STATE` once the owners have decided.
    pub fn withdraw(&self, reason: String) -> Result<Decided, Refusal> {
        match &self.state {
            DrawState::Proposed | DrawState::Voting { .. } => {
                let draw = self.moved(DrawState::Withdrawn {
                    ballot_id: None,
                    reason,
                });
                Ok((draw.clone(), DrawEvent::Withdrawn(draw)))
            }
            DrawState::Reserved { .. }
            | DrawState::Accepted { .. }
            | DrawState::Paid { .. }
            | DrawState::Rejected { .. }
            | DrawState::Withdrawn { .. } => Err(self.refuse("withdrawing it", "proposed or voting")),
        }
    }

    /// Whether nothing is left to do for this ballot: it was followed before, or the draw was withdrawn meanwhile.
    pub fn is_done_with(&self, ballot_id: BallotId) -> bool {
        matches!(self.state, DrawState::Withdrawn { .. }) || self.state.ballot_id() == Some(ballot_id)
    }

    /// As of when its scope is read for who bears it: when the roll was frozen. An older event does not tell that; the draw
    /// is then borne as it was put to the vote.
    pub fn borne_as_of(&self, outcome: &BallotOutcome) -> Option<DateTime<Utc>> {
        outcome.frozen_at.or_else(|| self.state.voting_since())
    }

    /// Reserves each home's share after the owners agreed.
    ///
    /// Refuses `DRAW_WRONG_STATE` but while voting, `SCOPE_WITHOUT_HOMES` where nobody can bear the cost.
    pub fn reserve(&self, ballot_id: BallotId, bearers: &[Bearer]) -> Result<(Decided, Vec<Share>), Refusal> {
        self.only_while_voting("reserving it")?;
        let shares = allocation::allocate(self.budget, bearers)?;
        let draw = self.moved(DrawState::Reserved {
            ballot_id,
            allocation: Allocation::of(&shares),
        });
        Ok(((draw.clone(), DrawEvent::Reserved(draw)), shares))
    }

    /// Rejects it after the owners did not agree. Refuses `DRAW_WRONG_STATE` but while voting.
    pub fn reject(&self, outcome: &BallotOutcome, why: Rejection) -> Result<Decided, Refusal> {
        self.only_while_voting("rejecting it")?;
        let reason = outcome.explain(why);
        let draw = self.moved(DrawState::Rejected {
            ballot_id: outcome.ballot_id,
            why,
            reason,
        });
        Ok((draw.clone(), DrawEvent::Rejected(draw)))
    }

    /// Follows its ballot into withdrawal. Refuses `DRAW_WRONG_STATE` but while voting.
    pub fn follow_withdrawal(&self, ballot: &BallotWithdrawal) -> Result<Decided, Refusal> {
        self.only_while_voting("withdrawing it with its ballot")?;
        let state = DrawState::Withdrawn {
            ballot_id: Some(ballot.ballot_id),
            reason: ballot.reason.clone(),
        };
        let draw = self.moved(state);
        Ok((draw.clone(), DrawEvent::Withdrawn(draw)))
    }

    /// Accepts the finished work at its settled cost and splits that anew over the homes that it was reserved on.
    ///
    /// Refuses `DRAW_WRONG_STATE` but while reserved, `AMOUNT_NOT_POSITIVE`, and `COST_OVER_BUDGET` beyond what the
    /// owners decided. `available` is what the homes hold besides what is reserved.
    pub fn accept(
        &self,
        settled: Fen,
        reserved: &[Share],
        available: &BTreeMap<HomeId, Fen>,
        now: DateTime<Utc>,
    ) -> Result<(Decided, Vec<Share>), Refusal> {
        match &self.state {
            DrawState::Reserved { ballot_id, .. } => {
                if !settled.is_positive() {
                    return Err(Refusal::AmountNotPositive);
                }
                if settled > self.budget {
                    return Err(Refusal::CostOverBudget { budget: self.budget });
                }
                let shares = allocation::settle(settled, reserved, available)?;
                let draw = self.moved(DrawState::Accepted {
                    ballot_id: *ballot_id,
                    allocation: Allocation::of(&shares),
                    settled,
                    accepted_at: now,
                });
                Ok(((draw.clone(), DrawEvent::Accepted(draw)), shares))
            }
            DrawState::Proposed
            | DrawState::Voting { .. }
            | DrawState::Accepted { .. }
            | DrawState::Paid { .. }
            | DrawState::Rejected { .. }
            | DrawState::Withdrawn { .. } => Err(self.refuse("accepting the work", "reserved")),
        }
    }

    /// Pays it out of what is reserved. Refuses `DRAW_WRONG_STATE` but while accepted.
    pub fn pay(&self, bank_reference: String, now: DateTime<Utc>) -> Result<Decided, Refusal> {
        match &self.state {
            DrawState::Accepted {
                ballot_id,
                allocation,
                settled,
                ..
            } => {
                let draw = self.moved(DrawState::Paid {
                    ballot_id: *ballot_id,
                    allocation: *allocation,
                    settled: *settled,
                    paid_at: now,
                    bank_reference,
                });
                Ok((draw.clone(), DrawEvent::Paid(draw)))
            }
            DrawState::Proposed
            | DrawState::Voting { .. }
            | DrawState::Reserved { .. }
            | DrawState::Paid { .. }
            | DrawState::Rejected { .. }
            | DrawState::Withdrawn { .. } => Err(self.refuse("paying it", "accepted")),
        }
    }

    fn only_while_voting(&self, wanted: &'static str) -> Result<(), Refusal> {
        match &self.state {
            DrawState::Voting { .. } => Ok(()),
            DrawState::Proposed
            | DrawState::Reserved { .. }
            | DrawState::Accepted { .. }
            | DrawState::Paid { .. }
            | DrawState::Rejected { .. }
            | DrawState::Withdrawn { .. } => Err(self.refuse(wanted, "voting")),
        }
    }

    fn moved(&self, state: DrawState) -> Draw {
        Draw {
            version: self.version + 1,
            state,
            ..self.clone()
        }
    }

    fn refuse(&self, wanted: &'static str, allowed: &'static str) -> Refusal {
        let (state, state_zh) = self.state.names();
        Refusal::DrawWrongState {
            state,
            state_zh,
            wanted,
            allowed,
        }
    }
}
