//! What happens to contracts, to an area's manager with them, and to how an area is managed.

use chrono::NaiveDate;
use ids::{AreaId, FirmId};

use super::Contract;
use crate::domain::management_mode::ManagementMode;

/// What happened to a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It was signed and recorded.
    Recorded,
    /// Its term began.
    TookEffect,
    /// It was taken on file.
    Filed,
    /// It was not filed in time.
    FilingOverdue,
    /// Its term runs out.
    Expiring,
    /// It goes on without a term.
    Continued,
    /// A party gave notice.
    NoticeGiven,
    /// It is over.
    Ended,
    /// Special services were given to another.
    Subcontracted,
    /// Something was handed back.
    HandedBack,
    /// Something was not handed back in time.
    HandBackOverdue,
}

/// Something that happened to a contract, complete enough that nobody needs to call back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractEvent {
    /// What.
    pub what: What,
    /// The contract after it.
    pub contract: Contract,
}

/// What this part of the registry tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Of a contract.
    Contract(Box<ContractEvent>),
    /// Of an area: another firm manages it, or none.
    AreaManagerChanged {
        /// The area.
        area_id: AreaId,
        /// Who manages it now.
        manager_id: Option<FirmId>,
        /// Who managed it before.
        previous_manager_id: Option<FirmId>,
        /// From which day.
        since: NaiveDate,
    },
    /// The owners decided how their area is managed.
    ManagementModeChanged(ManagementMode),
}
