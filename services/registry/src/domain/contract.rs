//! Contracts of property service (物业服务合同, Civil Code articles 937 to 950): who serves an area, and until when.
//!
//! A contract and what happens to it are one state machine: [`decisions`] are what people do, [`clock`] is what the
//! calendar does. `ends_on` and `on` are always the last day on which it binds.

use chrono::NaiveDate;
use ids::{AreaId, BallotId, ContractId, DivisionCode, FirmId};
use serde::{Deserialize, Serialize};

pub use ballot::{DecidedBallot, OTHER_MATTERS, PROPERTY_FIRM, Purpose};
pub use event::{ContractEvent, Event, What};
pub use hand_back::{HandBack, Item};
pub use numbers::ContractRules;
pub use refusal::Refusal;
pub use subcontract::Subcontract;
pub use terms::{Charge, Price, Service, Terms};

mod admission;
mod as_of;
mod ballot;
mod clock;
mod decisions;
mod event;
mod hand_back;
mod numbers;
mod refusal;
mod subcontract;
mod terms;
#[cfg(test)]
mod tests;

pub use admission::{Entry, admit};

/// What sort of contract it is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ContractKind {
    /// Signed by the developer before there was an assembly (前期).
    EarlyStage,
    /// Signed for the owners, who decided to hire the firm.
    Ordinary,
    /// The street named the firm while nobody served (临时).
    Temporary,
}

/// A contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Its id, in the order of recording.
    pub id: ContractId,
    /// One higher with every change.
    pub version: i64,
    /// The area that is served.
    pub area_id: AreaId,
    /// The community or village of the area.
    pub division: DivisionCode,
    /// The property firm.
    pub firm_id: FirmId,
    /// What sort it is.
    pub kind: ContractKind,
    /// What was agreed.
    pub terms: Terms,
    /// The ballot by which the owners hired the firm; none for early-stage and temporary contracts.
    pub ballot_id: Option<BallotId>,
    /// The contract that it renews.
    pub renews_id: Option<ContractId>,
    /// Why the street named the firm; empty for others.
    pub reason: String,
    /// How far its filing is.
    pub filing: Filing,
    /// Special services given to others.
    pub subcontracts: Vec<Subcontract>,
    /// How far it is.
    pub state: ContractState,
}

/// The filing of a contract (合同备案).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// Last day on which it is in time.
    pub due_on: NaiveDate,
    /// The day on which it was taken on file and the number of the file.
    pub filed: Option<(NaiveDate, String)>,
    /// Whether it was told that nothing was filed in time.
    pub overdue: bool,
}

/// How far a contract is, with what is known only then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractState {
    /// Signed (已签订): its term has not begun.
    Signed,
    /// In its term (履行中).
    Effective {
        /// Last day of the term.
        until_on: NaiveDate,
        /// Whether it was told that the term runs out.
        warned: bool,
    },
    /// Going on without a term (不定期), article 948.
    Continuing {
        /// First day without a term.
        since: NaiveDate,
    },
    /// A party gave notice (已通知终止).
    NoticeGiven {
        /// The notice.
        notice: Notice,
        /// Last day on which it binds.
        ends_on: NaiveDate,
    },
    /// Over (已终止).
    Ended {
        /// Last day on which it bound.
        on: NaiveDate,
        /// Why.
        cause: EndCause,
        /// The notice before it, where one was given.
        notice: Option<Notice>,
        /// The contract that came in its place.
        successor_id: Option<ContractId>,
        /// What is handed back; nothing is owed where the same firm goes on.
        hand_back: Option<HandBack>,
    },
}

/// A written notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Day on which the other party had it.
    pub on: NaiveDate,
    /// What it says.
    pub why: Why,
}

/// What a notice says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The owners dismiss the firm (article 946).
    Dismissed {
        /// Their decision.
        ballot_id: BallotId,
    },
    /// The firm does not go on after the term (article 947).
    NotRenewed {
        /// Last day on which it could say so in time.
        due_on: NaiveDate,
        /// Whether it said so later. The notice stands, and the firm answers for the breach.
        late: bool,
    },
    /// A party ends the indefinite term (article 948).
    IndefiniteEnded {
        /// The decision of the owners; none where the firm ends it.
        ballot_id: Option<BallotId>,
    },
}

/// Who gave a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The owners.
    Owners,
    /// The firm.
    Firm,
}

/// Why a contract is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndCause {
    /// The owners dismissed the firm (article 946).
    Dismissed,
    /// The firm did not go on after the term (article 947).
    NotRenewed,
    /// A party ended the indefinite term (article 948).
    IndefiniteEnded,
    /// Another contract took effect (article 940), or follows the term.
    Succeeded,
    /// A temporary contract's time was over.
    TermOver,
    /// The firm had left, as the street found.
    Abandoned,
}

/// A contract that comes in the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Successor {
    /// It.
    pub id: ContractId,
    /// Its firm.
    pub firm_id: FirmId,
    /// First day of its term.
    pub from_on: NaiveDate,
}

/// A change with what is told about it.
pub type Changed = (Contract, ContractEvent);

impl Notice {
    /// Who gave it.
    pub fn by(&self) -> Party {
        match self.why {
            Why::Dismissed { .. } | Why::IndefiniteEnded { ballot_id: Some(_) } => Party::Owners,
            Why::NotRenewed { .. } | Why::IndefiniteEnded { ballot_id: None } => Party::Firm,
        }
    }

    /// Why the contract ends by it.
    pub fn cause(&self) -> EndCause {
        match self.why {
            Why::Dismissed { .. } => EndCause::Dismissed,
            Why::NotRenewed { .. } => EndCause::NotRenewed,
            Why::IndefiniteEnded { .. } => EndCause::IndefiniteEnded,
        }
    }

    /// The owners' decision behind it.
    pub fn ballot_id(&self) -> Option<BallotId> {
        match self.why {
            Why::Dismissed { ballot_id } => Some(ballot_id),
            Why::IndefiniteEnded { ballot_id } => ballot_id,
            Why::NotRenewed { .. } => None,
        }
    }
}

impl ContractState {
    /// The states in which a firm is bound: at most one contract of an area is in one of them.
    pub const BINDING: [&str; 3] = ["effective", "continuing", "notice_given"];

    /// Its name as columns spell it.
    pub fn name(&self) -> &'static str {
        self.names().0
    }

    /// Its name in Chinese.
    pub fn zh(&self) -> &'static str {
        self.names().1
    }

    fn names(&self) -> (&'static str, &'static str) {
        match self {
            ContractState::Signed => ("signed", "已签订"),
            ContractState::Effective { .. } => ("effective", "履行中"),
            ContractState::Continuing { .. } => ("continuing", "不定期履行中"),
            ContractState::NoticeGiven { .. } => ("notice_given", "已通知终止"),
            ContractState::Ended { .. } => ("ended", "已终止"),
        }
    }

    /// Whether it binds a firm now.
    pub fn is_binding(&self) -> bool {
        match self {
            ContractState::Effective { .. }
            | ContractState::Continuing { .. }
            | ContractState::NoticeGiven { .. } => true,
            ContractState::Signed | ContractState::Ended { .. } => false,
        }
    }
}

impl Contract {
    /// The last day on which it binds, as far as it is known; none while it goes on without a term.
    pub fn ends_on(&self) -> Option<NaiveDate> {
        match &self.state {
            ContractState::Signed => self.terms.until_on,
            ContractState::Effective { until_on, .. } => Some(*until_on),
            ContractState::Continuing { .. } => None,
            ContractState::NoticeGiven { ends_on, .. } => Some(*ends_on),
            ContractState::Ended { on, .. } => Some(*on),
        }
    }

    /// As what comes in the place of another.
    pub fn as_successor(&self) -> Successor {
        Successor {
            id: self.id,
            firm_id: self.firm_id,
            from_on: self.terms.from_on,
        }
    }

    /// The contract in its next version, with what is told about it.
    fn changed(&self, what: What, change: impl FnOnce(&mut Contract)) -> Changed {
        let mut after = self.clone();
        change(&mut after);
        after.version += 1;
        let event = ContractEvent {
            what,
            contract: after.clone(),
        };
        (after, event)
    }

    fn wrong_state(&self) -> Refusal {
        Refusal::ContractWrongState {
            state: self.state.name(),
            zh: self.state.zh(),
        }
    }
}
