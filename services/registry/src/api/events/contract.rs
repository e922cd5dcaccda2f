//! What happens to contracts, as the contract's events.

use ids::DivisionCode;
use outbox::Message;
use proto::registry::v1 as pb;

use crate::domain::contract::{ContractEvent, Event, What};

/// The event with its aggregate, in the version that it has after it.
pub(super) fn message(event: &Event, version: i64, division: &DivisionCode) -> Message {
    match event {
        Event::Contract(event) => of_contract(event, version, division),
        Event::AreaManagerChanged {
            area_id,
            manager_id,
            previous_manager_id,
            since,
        } => {
            let id = |id: &Option<ids::FirmId>| id.map(|id| id.to_string()).unwrap_or_default();
            let message = pb::AreaManagerChanged {
                area_id: area_id.to_string(),
                manager_id: id(manager_id),
                previous_manager_id: id(previous_manager_id),
                since: since.to_string(),
            };
            Message::of(&message, area_id, version, division)
        }
        Event::ManagementModeChanged(mode) => {
            let message = pb::ManagementModeChanged {
                management_mode: Some(mode.clone().into()),
            };
            Message::of(&message, mode.id(), version, division)
        }
    }
}

fn of_contract(event: &ContractEvent, version: i64, division: &DivisionCode) -> Message {
    let id = event.contract.id;
    let contract = Some(event.contract.clone().into());
    macro_rules! told {
        ($kind:ident) => {
            Message::of(&pb::$kind { contract }, id, version, division)
        };
    }
    match event.what {
        What::Recorded => told!(ContractRecorded),
        What::TookEffect => told!(ContractTookEffect),
        What::Filed => told!(ContractFiled),
        What::FilingOverdue => told!(ContractFilingOverdue),
        What::Expiring => told!(ContractExpiring),
        What::Continued => told!(ContractContinued),
        What::NoticeGiven => told!(ContractNoticeGiven),
        What::Ended => told!(ContractEnded),
        What::Subcontracted => told!(ContractSubcontracted),
        What::HandedBack => told!(ContractHandedBack),
        What::HandBackOverdue => told!(ContractHandBackOverdue),
    }
}
