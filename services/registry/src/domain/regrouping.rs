//! Regroupings (物业管理区域调整): buildings move between areas, areas merge, an area is split. Every area concerned agrees,
//! then the property authority decides (浙江省物业管理条例 article 7; 杭州市物业管理条例 article 12, by analogy).

use std::collections::BTreeSet;

use calendar::{Holidays, Period, Roll, deadline};
use chrono::NaiveDate;
use ids::{AreaId, BallotId, DivisionCode, FirmId, RegroupingId};
use serde::{Deserialize, Serialize};

use crate::domain::delineation::application::OpinionGiver;
use event::{RegroupingEvent, Step};
use plan::{Facts, Numbering, Plan};
use refusal::Refusal;

pub mod event;
pub mod hindrance;
pub mod plan;
pub mod refusal;
#[cfg(test)]
mod tests;

/// The authority's period, as it holds on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Working days in which the authority decides once all consents are there.
    pub decision_working_days: u32,
    /// Where that is written.
    pub article: String,
}

/// Who agreed for an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentBy {
    /// The owners, by a passed ballot of the whole area.
    Owners(BallotId),
    /// The developer, while nothing of the area is handed over.
    Developer(FirmId),
}

/// The consent of an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The area.
    pub area_id: AreaId,
    /// Who agreed for it.
    pub by: ConsentBy,
    /// Day on which it was recorded.
    pub on: NaiveDate,
}

/// What an office thinks of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// What sort of office.
    pub giver: OpinionGiver,
    /// Its territory: the areas may lie in several.
    pub division: DivisionCode,
    /// Whether it agrees.
    pub agrees: bool,
    /// What it says.
    pub text: String,
    /// Day.
    pub on: NaiveDate,
}

/// How far a regrouping is, with what is known only then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Stage {
    /// Consents are being collected (征求同意中).
    Consenting,
    /// All consents are there (待决定).
    Submitted {
        /// The last day for the decision.
        decide_by: NaiveDate,
        /// True where that day passed without a decision.
        overdue: bool,
    },
    /// Approved and carried out (已批准).
    Approved {
        /// Day of the decision.
        on: NaiveDate,
        /// First day on which the buildings belong to the other area.
        effective_on: NaiveDate,
        /// Remarks; may be empty.
        remarks: String,
        /// The new area of a split.
        area_id: Option<AreaId>,
    },
    /// Refused (不予批准).
    Refused {
        /// Day of the decision.
        on: NaiveDate,
        /// Why.
        reasons: String,
    },
    /// Taken back before the decision (已撤回).
    Withdrawn {
        /// Why.
        reason: String,
    },
}

impl Stage {
    /// The state in a word, as columns and messages have it.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// Whether it may still be carried out: its areas take part in no other one meanwhile.
    pub fn is_open(&self) -> bool {
        match self {
            Stage::Consenting | Stage::Submitted { .. } => true,
            Stage::Approved { .. } | Stage::Refused { .. } | Stage::Withdrawn { .. } => false,
        }
    }
}

/// A regrouping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regrouping {
    /// Its id.
    pub id: RegroupingId,
    /// One higher with every change.
    pub version: i64,
    /// What is proposed.
    pub plan: Plan,
    /// Buildings that get another number where they come to.
    pub numbers: Vec<Numbering>,
    /// Why.
    pub reason: String,
    /// Facilities that the phases or areas share.
    pub shared_facilities: Vec<String>,
    /// The area it was proposed for.
    pub proposed_for: AreaId,
    /// The community or village of that area.
    pub division: DivisionCode,
    /// Day of the proposal.
    pub proposed_on: NaiveDate,
    /// Consents so far, by area.
    pub consents: Vec<Consent>,
    /// The offices' opinions.
    pub opinions: Vec<Opinion>,
    /// Where the authority's period is written.
    pub article: String,
    /// How far it is.
    pub stage: Stage,
}

/// What is proposed, before it is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The plan.
    pub plan: Plan,
    /// Buildings that get another number.
    pub numbers: Vec<Numbering>,
    /// Why.
    pub reason: String,
    /// Facilities that the phases or areas share.
    pub shared_facilities: Vec<String>,
}

/// A regrouping after a change, with what happened.
pub type Decided = (Regrouping, RegroupingEvent);

impl Regrouping {
    fn then(mut self, step: Step, stage: Stage) -> Decided {
        self.version += 1;
        self.stage = stage;
        let event = RegroupingEvent {
            step,
            regrouping: self.clone(),
        };
        (self, event)
    }

    fn wrong_state(&self) -> Refusal {
        Refusal::RegroupingWrongState {
            state: self.stage.name(),
        }
    }

    /// A new regrouping that can be carried out as its areas stand today.
    ///
    /// # Errors
    /// As [`Plan::moves`].
    pub fn propose(
        id: RegroupingId,
        proposal: Proposal,
        (proposed_for, division): (AreaId, DivisionCode),
        facts: &Facts,
        term: &Term,
        today: NaiveDate,
    ) -> Result<Decided, Refusal> {
        proposal.plan.moves(&proposal.numbers, facts)?;
        let new = Regrouping {
            id,
            version: 0,
            plan: proposal.plan,
            numbers: proposal.numbers,
            reason: proposal.reason,
            shared_facilities: proposal.shared_facilities,
            proposed_for,
            division,
            proposed_on: today,
            consents: Vec::new(),
            opinions: Vec::new(),
            article: term.article.clone(),
            stage: Stage::Consenting,
        };
        Ok(new.then(Step::Proposed, Stage::Consenting))
    }

    /// The areas whose consent is missing.
    pub fn missing(&self) -> BTreeSet<AreaId> {
        let given: BTreeSet<AreaId> = self.consents.iter().map(|consent| consent.area_id).collect();
        let all = self.plan.area_ids();
        all.into_iter().filter(|id| !given.contains(id)).collect()
    }

    /// An area agreed. With the last consent the authority's period begins.
    ///
    /// `has_owners` says whether anything of the area is handed over: then its owners decide, else its developer.
    ///
    /// # Errors
    /// `REGROUPING_WRONG_STATE` unless consents are being collected; `AREA_NOT_CONCERNED`, `CONSENT_RECORDED`,
    /// `ASSEMBLY_CONSENT_NEEDED`, `DEVELOPER_CONSENT_NEEDED`.
    pub fn consent(
        mut self,
        area_id: AreaId,
        by: ConsentBy,
        has_owners: bool,
        term: &Term,
        holidays: &Holidays,
        today: NaiveDate,
    ) -> Result<Decided, Refusal> {
        match &self.stage {
            Stage::Consenting => {}
            Stage::Submitted { .. }
            | Stage::Approved { .. }
            | Stage::Refused { .. }
            | Stage::Withdrawn { .. } => return Err(self.wrong_state()),
        }
        if !self.plan.area_ids().contains(&area_id) {
            return Err(Refusal::AreaNotConcerned);
        }
        if !self.missing().contains(&area_id) {
            return Err(Refusal::ConsentRecorded);
        }
        match (by, has_owners) {
            (ConsentBy::Owners(_), true) | (ConsentBy::Developer(_), false) => {}
            (ConsentBy::Developer(_), true) => return Err(Refusal::AssemblyConsentNeeded),
            (ConsentBy::Owners(_), false) => return Err(Refusal::DeveloperConsentNeeded),
        }
        self.consents.push(Consent {
            area_id,
            by,
            on: today,
        });
        self.consents.sort_by_key(|consent| consent.area_id);
        let stage = if self.missing().is_empty() {
            let period = Period::WorkingDays(term.decision_working_days);
            self.article = term.article.clone();
            Stage::Submitted {
                decide_by: deadline(today, period, Roll::NextWorkingDay, holidays),
                overdue: false,
            }
        } else {
            Stage::Consenting
        };
        Ok(self.then(Step::ConsentRecorded, stage))
    }

    /// Street or community gives its opinion, in place of an earlier one of the same office.
    ///
    /// # Errors
    /// `REGROUPING_WRONG_STATE` once it is decided or taken back.
    pub fn hear(mut self, opinion: Opinion) -> Result<Decided, Refusal> {
        if !self.stage.is_open() {
            return Err(self.wrong_state());
        }
        self.opinions
            .retain(|earlier| (earlier.giver, earlier.division) != (opinion.giver, opinion.division));
        self.opinions.push(opinion);
        self.opinions
            .sort_by_key(|opinion| (opinion.giver, opinion.division));
        let stage = self.stage.clone();
        Ok(self.then(Step::OpinionGiven, stage))
    }

    /// The authority approves from a day on. The caller carries the moves out in the same transaction.
    ///
    /// `with_owners` are the areas of which something is handed over by now.
    ///
    /// # Errors
    /// `REGROUPING_WRONG_STATE` unless all consents are there; `STREET_DISAGREES`; `CONSENT_LAPSED` where a developer
    /// agreed for an area that has owners by now; `REGROUPING_DAY_WRONG` for a day before the last consent or to come.
    pub fn approve(
        self,
        effective_on: Option<NaiveDate>,
        remarks: String,
        with_owners: &BTreeSet<AreaId>,
        today: NaiveDate,
    ) -> Result<Decided, Refusal> {
        match &self.stage {
            Stage::Submitted { .. } => {}
            Stage::Consenting | Stage::Approved { .. } | Stage::Refused { .. } | Stage::Withdrawn { .. } => {
                return Err(self.wrong_state());
            }
        }
        let disagrees = |opinion: &Opinion| opinion.giver == OpinionGiver::Street && !opinion.agrees;
        if self.opinions.iter().any(disagrees) {
            return Err(Refusal::StreetDisagrees);
        }
        let lapsed = |consent: &Consent| match consent.by {
            ConsentBy::Owners(_) => false,
            ConsentBy::Developer(_) => with_owners.contains(&consent.area_id),
        };
        if self.consents.iter().any(lapsed) {
            return Err(Refusal::ConsentLapsed);
        }
        let last = self.consents.iter().map(|consent| consent.on).max();
        let earliest = last.unwrap_or(self.proposed_on);
        let effective_on = effective_on.unwrap_or(today);
        if !(earliest..=today).contains(&effective_on) {
            return Err(Refusal::RegroupingDayWrong { earliest, today });
        }
        let area_id = self.plan.new_area_id();
        Ok(self.then(
            Step::Approved,
            Stage::Approved {
                on: today,
                effective_on,
                remarks,
                area_id,
            },
        ))
    }

    /// The authority refuses.
    ///
    /// # Errors
    /// `REGROUPING_WRONG_STATE` unless all consents are there; `REFUSAL_REASONS_MISSING`.
    pub fn refuse(self, reasons: String, today: NaiveDate) -> Result<Decided, Refusal> {
        match &self.stage {
            Stage::Submitted { .. } if reasons.is_empty() => Err(Refusal::RefusalReasonsMissing),
            Stage::Submitted { .. } => {
                let stage = Stage::Refused { on: today, reasons };
                Ok(self.then(Step::Refused, stage))
            }
            Stage::Consenting | Stage::Approved { .. } | Stage::Refused { .. } | Stage::Withdrawn { .. } => {
                Err(self.wrong_state())
            }
        }
    }

    /// It is taken back.
    ///
    /// # Errors
    /// `REGROUPING_WRONG_STATE` once it is decided or taken back.
    pub fn withdraw(self, reason: String) -> Result<Decided, Refusal> {
        if self.stage.is_open() {
            Ok(self.then(Step::Withdrawn, Stage::Withdrawn { reason }))
        } else {
            Err(self.wrong_state())
        }
    }

    /// The last day on which the authority is to decide; none where nothing waits for it.
    pub fn due_by(&self) -> Option<NaiveDate> {
        match &self.stage {
            Stage::Submitted { decide_by, .. } => Some(*decide_by),
            Stage::Consenting | Stage::Approved { .. } | Stage::Refused { .. } | Stage::Withdrawn { .. } => {
                None
            }
        }
    }

    /// Notes that the day for the decision has passed; none where it has not, or was noted before.
    pub fn note_overdue(self, today: NaiveDate) -> Option<Decided> {
        match self.stage.clone() {
            Stage::Submitted {
                decide_by,
                overdue: false,
            } if decide_by < today => {
                let overdue = true;
                Some(self.then(Step::Overdue, Stage::Submitted { decide_by, overdue }))
            }
            Stage::Submitted { .. }
            | Stage::Consenting
            | Stage::Approved { .. }
            | Stage::Refused { .. }
            | Stage::Withdrawn { .. } => None,
        }
    }
}
