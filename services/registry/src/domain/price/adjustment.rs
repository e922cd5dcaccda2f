//! A price adjustment (调价), after 杭州市物业管理条例 article 53: the firm has last year audited and proposes a plan, the
//! committee publishes both, the owners decide, and the result goes to street and community.

use chrono::NaiveDate;
use ids::{AreaId, BallotId, CreditCode, DivisionCode, FeeStandardId, FirmId, PriceAdjustmentId};
use money::Fen;
use serde::{Deserialize, Serialize};

use super::{FeeStandard, Homes, Refusal, What};

mod clock;
mod decisions;
mod proposal;

pub use proposal::propose;

/// The audit of what service cost (上一年度成本审计).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// SHA-256 of the report, in hexadecimal.
    pub report_digest: String,
    /// Unified social credit code of the auditor.
    pub auditor: CreditCode,
    /// Its name.
    pub auditor_name: String,
    /// The year that was audited.
    pub year: i32,
}

/// A new price that is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLine {
    /// For which homes.
    pub homes: Homes,
    /// Price per month, per m² or per space.
    pub price: Fen,
    /// Grade of service, 1 for the best.
    pub grade: u8,
}

/// A new price beside the one that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What is proposed.
    pub new: NewLine,
    /// The standard that stands.
    pub standard_id: FeeStandardId,
    /// Its price.
    pub price_before: Fen,
    /// Its grade.
    pub grade_before: u8,
}

/// A plan to propose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: PriceAdjustmentId,
    /// The area.
    pub area_id: AreaId,
    /// The community or village of the area.
    pub division: DivisionCode,
    /// The firm that proposes it.
    pub firm_id: FirmId,
    /// The firm's credit code.
    pub firm_code: CreditCode,
    /// The new prices, at least one, each for other homes.
    pub lines: Vec<NewLine>,
    /// The day from which they are to hold.
    pub effective_from: NaiveDate,
    /// Why.
    pub reason: String,
    /// The audit.
    pub audit: Audit,
}

/// A price adjustment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// Its id, in the order of proposing.
    pub id: PriceAdjustmentId,
    /// One higher with every change.
    pub version: i64,
    /// The area.
    pub area_id: AreaId,
    /// The community or village of the area.
    pub division: DivisionCode,
    /// The firm that proposed it.
    pub firm_id: FirmId,
    /// The new prices beside those that stand.
    pub lines: Vec<Line>,
    /// The day from which they are to hold.
    pub effective_from: NaiveDate,
    /// Why.
    pub reason: String,
    /// The audit.
    pub audit: Audit,
    /// Day of the proposal.
    pub proposed_on: NaiveDate,
    /// How far it is.
    pub state: State,
}

/// The publicity (公示) of audit and plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publicity {
    /// Day of the publication.
    pub on: NaiveDate,
    /// Last day of the time for which they are public, at least.
    pub until_on: NaiveDate,
    /// Whether it was told that this time is over.
    pub is_over: bool,
}

/// The request that the owners decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The publicity before it.
    pub publicity: Publicity,
    /// Day of the request.
    pub on: NaiveDate,
    /// Objections that came in while it was public; none where nobody counted.
    pub objections: Option<u32>,
}

/// What the owners decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What they were asked.
    pub asked: Asked,
    /// Their ballot.
    pub ballot_id: BallotId,
    /// Day of the count.
    pub decided_on: NaiveDate,
}

/// How far an adjustment is, with what is known only then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Proposed (已提出).
    Proposed,
    /// Audit and plan are public (公示中).
    Published(Publicity),
    /// The owners are to decide (待表决).
    BallotRequested(Asked),
    /// They agreed; the new prices are recorded and begin later (已通过).
    Decided {
        /// The decision.
        outcome: Outcome,
        /// First day of the new prices.
        effective_on: NaiveDate,
        /// The new standards, in the order of the lines.
        standard_ids: Vec<FeeStandardId>,
    },
    /// The new prices hold (已生效).
    Effective {
        /// The decision.
        outcome: Outcome,
        /// First day of the new prices.
        effective_on: NaiveDate,
        /// The new standards, in the order of the lines.
        standard_ids: Vec<FeeStandardId>,
    },
    /// The owners did not agree (未通过).
    Rejected(Outcome),
    /// Given up (已撤回).
    Withdrawn {
        /// When.
        on: NaiveDate,
        /// Why.
        reason: String,
    },
}

/// A change with what is told about it.
pub type Changed = (Adjustment, What);

/// New standards, and the old ones as they end.
pub type Standards = Vec<(FeeStandard, FeeStandard)>;

impl State {
    /// The states in which it may still change a price: at most one adjustment of an area is in one of them.
    pub const OPEN: [&str; 3] = ["proposed", "published", "ballot_requested"];

    /// Its name as columns spell it.
    pub fn name(&self) -> &'static str {
        self.names().0
    }

    fn names(&self) -> (&'static str, &'static str) {
        match self {
            State::Proposed => ("proposed", "已提出"),
            State::Published(_) => ("published", "公示中"),
            State::BallotRequested(_) => ("ballot_requested", "待表决"),
            State::Decided { .. } => ("decided", "已通过"),
            State::Effective { .. } => ("effective", "已生效"),
            State::Rejected(_) => ("rejected", "未通过"),
            State::Withdrawn { .. } => ("withdrawn", "已撤回"),
        }
    }
}

impl Adjustment {
    fn changed(&self, what: What, state: State) -> Changed {
        let after = Adjustment {
            version: self.version + 1,
            state,
            ..self.clone()
        };
        (after, what)
    }

    fn wrong_state(&self) -> Refusal {
        let (state, zh) = self.state.names();
        Refusal::AdjustmentWrongState { state, zh }
    }
}
