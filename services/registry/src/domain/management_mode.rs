//! How an area is managed (管理方式): by the owners, by a firm, by specialist services (Civil Code article 284). Only the
//! owners decide it.

use chrono::NaiveDate;
use ids::{AreaId, BallotId, ManagementModeId};
use serde::{Deserialize, Serialize};

use super::contract::{Contract, ContractState, OTHER_MATTERS, PROPERTY_FIRM, Refusal};

/// Who manages an area.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Mode {
    /// The owners themselves (自行管理).
    Owners,
    /// A property firm (委托物业服务企业).
    Firm,
    /// Specialist services hired one by one (委托专项服务).
    Specialists,
}

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModeDecision {
    /// How the area is managed.
    pub mode: Mode,
    /// From which day.
    pub since: NaiveDate,
    /// By which ballot.
    pub ballot_id: BallotId,
}

/// How an area is and was managed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagementMode {
    /// The area.
    pub area_id: AreaId,
    /// How it is managed where the owners never decided: by its firm where it has one, else not known.
    pub undecided: Option<Mode>,
    /// The decisions, the first one first.
    pub decisions: Vec<ModeDecision>,
}

impl Mode {
    /// The items of Civil Code article 278 by which it may be decided.
    pub fn items(self) -> &'static [u8] {
        match self {
            // Hiring a firm is item 4 and nothing else.
            Mode::Firm => &[PROPERTY_FIRM],
            // Managing without one dismisses a firm (4), or is a major matter of its own where there was none (9).
            Mode::Owners | Mode::Specialists => &[PROPERTY_FIRM, OTHER_MATTERS],
        }
    }
}

impl ManagementMode {
    /// Its id; an area has one.
    pub fn id(&self) -> ManagementModeId {
        ManagementModeId::derive(&self.area_id.to_string())
    }

    /// How often it was decided: the version of its events.
    pub fn version(&self) -> i64 {
        i64::try_from(self.decisions.len()).unwrap_or(i64::MAX)
    }

    /// How the area is managed by the last decision, or as it was found.
    pub fn mode(&self) -> Option<Mode> {
        self.decisions
            .last()
            .map_or(self.undecided, |last| Some(last.mode))
    }

    /// How the area is managed on a day.
    pub fn mode_on(&self, day: NaiveDate) -> Option<Mode> {
        let decided = self.decisions.iter().rev().find(|decision| decision.since <= day);
        decided.map_or(self.undecided, |decision| Some(decision.mode))
    }

    /// It as it was on a day: with the decisions that held from then or before.
    #[must_use]
    pub fn as_of(mut self, day: NaiveDate) -> Self {
        self.decisions.retain(|decision| decision.since <= day);
        self
    }

    /// Refuses a contract with a firm that would begin while the owners manage without one.
    ///
    /// # Errors
    /// `AREA_WITHOUT_FIRM`.
    pub fn admits_firm(&self, from_on: NaiveDate) -> Result<(), Refusal> {
        match self.mode_on(from_on) {
            Some(Mode::Owners | Mode::Specialists) => Err(Refusal::AreaWithoutFirm),
            Some(Mode::Firm) | None => Ok(()),
        }
    }

    /// The owners decided; `standing` are the contracts of the area that are not over.
    ///
    /// # Errors
    /// `MODE_UNCHANGED`, `MODE_BEFORE_LAST`; `FIRM_NOT_DISMISSED` where a firm is bound, `AREA_HAS_CONTRACT` where its
    /// time of notice would not be over on that day.
    pub fn decide(&self, decision: ModeDecision, standing: &[Contract]) -> Result<ManagementMode, Refusal> {
        if let Some(last) = self.decisions.last()
            && decision.since <= last.since
        {
            return Err(Refusal::ModeBeforeLast { since: last.since });
        }
        // A first decision for what was found so far is a decision all the same.
        if self
            .decisions
            .last()
            .is_some_and(|last| last.mode == decision.mode)
        {
            return Err(Refusal::ModeUnchanged);
        }
        match decision.mode {
            Mode::Firm => {}
            Mode::Owners | Mode::Specialists => {
                for other in standing {
                    gives_way(other, decision.since)?;
                }
            }
        }
        let mut after = self.clone();
        after.decisions.push(decision);
        Ok(after)
    }
}

/// Refuses unless a contract is over before the day. A term that runs out is not enough: without notice to the firm the
/// contract would go on (article 948).
fn gives_way(contract: &Contract, since: NaiveDate) -> Result<(), Refusal> {
    match &contract.state {
        ContractState::NoticeGiven { ends_on, .. } if *ends_on < since => Ok(()),
        ContractState::NoticeGiven { ends_on, .. } => Err(Refusal::AreaHasContract {
            ends_on: Some(*ends_on),
        }),
        ContractState::Signed | ContractState::Effective { .. } | ContractState::Continuing { .. } => {
            Err(Refusal::FirmNotDismissed)
        }
        ContractState::Ended { .. } => Ok(()),
    }
}
