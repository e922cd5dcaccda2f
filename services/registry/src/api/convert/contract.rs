//! Contracts: messages into commands, checked once; answers into messages.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use proto::registry::v1 as pb;
use rpc::Page;
use rpc::field::{self, Invalid};

use super::text;
use crate::app::contract::appoint_temporary_firm::AppointTemporaryFirm;
use crate::app::contract::change_management_mode::ChangeManagementMode;
use crate::app::contract::confirm_hand_back::ConfirmHandBack;
use crate::app::contract::decline_renewal::DeclineRenewal;
use crate::app::contract::dismiss_firm::DismissFirm;
use crate::app::contract::end_indefinite::EndIndefinite;
use crate::app::contract::file_contract::FileContract;
use crate::app::contract::list_contracts::ListContracts;
use crate::app::contract::record_contract::RecordContract;
use crate::app::contract::record_early_contract::RecordEarlyContract;
use crate::app::contract::record_subcontract::RecordSubcontract;
use crate::app::contract::renew_contract::RenewContract;
use crate::domain::contract::{Item, Service, Subcontract};
use crate::domain::management_mode::Mode;

mod answer;
mod terms;

const NUMBER_LENGTH_MAX: usize = 64;
const REASON_LENGTH_MAX: usize = 1_000;
const NAME_LENGTH_MAX: usize = 100;

impl TryFrom<pb::RecordContractRequest> for RecordContract {
    type Error = Invalid;

    fn try_from(request: pb::RecordContractRequest) -> Result<Self, Invalid> {
        Ok(RecordContract {
            area_id: field::id("areaId", &request.area_id)?,
            firm_id: field::id("firmId", &request.firm_id)?,
            terms: terms::read(request.terms)?,
            ballot_id: field::id("ballotId", &request.ballot_id)?,
        })
    }
}

impl TryFrom<pb::RecordEarlyContractRequest> for RecordEarlyContract {
    type Error = Invalid;

    fn try_from(request: pb::RecordEarlyContractRequest) -> Result<Self, Invalid> {
        Ok(RecordEarlyContract {
            area_id: field::id("areaId", &request.area_id)?,
            firm_id: field::id("firmId", &request.firm_id)?,
            terms: terms::read(request.terms)?,
        })
    }
}

impl TryFrom<pb::RenewContractRequest> for RenewContract {
    type Error = Invalid;

    fn try_from(request: pb::RenewContractRequest) -> Result<Self, Invalid> {
        Ok(RenewContract {
            contract_id: field::id("contractId", &request.contract_id)?,
            terms: terms::read_renewal(request.terms)?,
            ballot_id: field::id("ballotId", &request.ballot_id)?,
        })
    }
}

impl TryFrom<pb::AppointTemporaryFirmRequest> for AppointTemporaryFirm {
    type Error = Invalid;

    fn try_from(request: pb::AppointTemporaryFirmRequest) -> Result<Self, Invalid> {
        Ok(AppointTemporaryFirm {
            area_id: field::id("areaId", &request.area_id)?,
            firm_id: field::id("firmId", &request.firm_id)?,
            terms: terms::read(request.terms)?,
            reason: field::text("reason", &request.reason, REASON_LENGTH_MAX, "REASON_MISSING")?,
            abandoned_on: optional_date("abandonedOn", &request.abandoned_on)?,
        })
    }
}

impl TryFrom<pb::FileContractRequest> for FileContract {
    type Error = Invalid;

    fn try_from(request: pb::FileContractRequest) -> Result<Self, Invalid> {
        Ok(FileContract {
            contract_id: field::id("contractId", &request.contract_id)?,
            number: field::text(
                "number",
                &request.number,
                NUMBER_LENGTH_MAX,
                "FILING_NUMBER_MISSING",
            )?,
        })
    }
}

impl TryFrom<pb::DismissFirmRequest> for DismissFirm {
    type Error = Invalid;

    fn try_from(request: pb::DismissFirmRequest) -> Result<Self, Invalid> {
        Ok(DismissFirm {
            contract_id: field::id("contractId", &request.contract_id)?,
            ballot_id: field::id("ballotId", &request.ballot_id)?,
            noticed_on: field::date("noticedOn", &request.noticed_on)?,
        })
    }
}

impl TryFrom<pb::DeclineRenewalRequest> for DeclineRenewal {
    type Error = Invalid;

    fn try_from(request: pb::DeclineRenewalRequest) -> Result<Self, Invalid> {
        Ok(DeclineRenewal {
            contract_id: field::id("contractId", &request.contract_id)?,
            noticed_on: field::date("noticedOn", &request.noticed_on)?,
        })
    }
}

impl TryFrom<pb::EndIndefiniteRequest> for EndIndefinite {
    type Error = Invalid;

    fn try_from(request: pb::EndIndefiniteRequest) -> Result<Self, Invalid> {
        Ok(EndIndefinite {
            contract_id: field::id("contractId", &request.contract_id)?,
            noticed_on: field::date("noticedOn", &request.noticed_on)?,
            ballot_id: field::optional_id("ballotId", &request.ballot_id)?,
        })
    }
}

impl TryFrom<pb::ConfirmHandBackRequest> for ConfirmHandBack {
    type Error = Invalid;

    fn try_from(request: pb::ConfirmHandBackRequest) -> Result<Self, Invalid> {
        let read = |item| match pb::HandBackItem::try_from(item) {
            Ok(pb::HandBackItem::Rooms) => Ok(Item::Rooms),
            Ok(pb::HandBackItem::Facilities) => Ok(Item::Facilities),
            Ok(pb::HandBackItem::Files) => Ok(Item::Files),
            Ok(pb::HandBackItem::Unspecified) | Err(_) => Err(not_listed("items", "HAND_BACK_MISSING")),
        };
        let items = request
            .items
            .iter()
            .map(|item| read(*item))
            .collect::<Result<BTreeSet<_>, _>>()?;
        if items.is_empty() {
            return Err(not_listed("items", "HAND_BACK_MISSING"));
        }
        Ok(ConfirmHandBack {
            contract_id: field::id("contractId", &request.contract_id)?,
            items,
            on: field::date("on", &request.on)?,
        })
    }
}

impl TryFrom<pb::RecordSubcontractRequest> for RecordSubcontract {
    type Error = Invalid;

    fn try_from(request: pb::RecordSubcontractRequest) -> Result<Self, Invalid> {
        let given = request.subcontract.unwrap_or_default();
        let contractor = given.contractor_credit_code.trim().parse();
        let contractor = contractor.map_err(|error: ids::CodeError| {
            Invalid::new(
                "subcontract.contractorCreditCode",
                error.reason(),
                error.to_string(),
                error.zh(),
            )
        })?;
        Ok(RecordSubcontract {
            contract_id: field::id("contractId", &request.contract_id)?,
            subcontract: Subcontract {
                services: services("subcontract.services", &given.services)?,
                contractor,
                contractor_name: field::text(
                    "subcontract.contractorName",
                    &given.contractor_name,
                    NAME_LENGTH_MAX,
                    "CONTRACTOR_MISSING",
                )?,
                from_on: field::date("subcontract.fromOn", &given.from_on)?,
                until_on: field::date("subcontract.untilOn", &given.until_on)?,
            },
        })
    }
}

impl TryFrom<pb::ListContractsRequest> for ListContracts {
    type Error = Invalid;

    fn try_from(request: pb::ListContractsRequest) -> Result<Self, Invalid> {
        let state = match pb::ContractState::try_from(request.state) {
            Ok(pb::ContractState::Unspecified) => None,
            Ok(pb::ContractState::Signed) => Some("signed"),
            Ok(pb::ContractState::Effective) => Some("effective"),
            Ok(pb::ContractState::Continuing) => Some("continuing"),
            Ok(pb::ContractState::NoticeGiven) => Some("notice_given"),
            Ok(pb::ContractState::Ended) => Some("ended"),
            Err(_) => return Err(not_listed("state", "STATE_UNKNOWN")),
        };
        Ok(ListContracts {
            area_id: field::optional_id("areaId", &request.area_id)?,
            firm_id: field::optional_id("firmId", &request.firm_id)?,
            state,
            ending_before: optional_date("endingBefore", &request.ending_before)?,
            as_of: optional_date("asOfOn", &request.as_of_on)?,
            page: Page::parse(request.page_size, &request.page_token)?,
        })
    }
}

impl TryFrom<pb::ChangeManagementModeRequest> for ChangeManagementMode {
    type Error = Invalid;

    fn try_from(request: pb::ChangeManagementModeRequest) -> Result<Self, Invalid> {
        let mode = match pb::AreaMode::try_from(request.mode) {
            Ok(pb::AreaMode::Owners) => Mode::Owners,
            Ok(pb::AreaMode::Firm) => Mode::Firm,
            Ok(pb::AreaMode::Specialists) => Mode::Specialists,
            Ok(pb::AreaMode::Unspecified) | Err(_) => return Err(not_listed("mode", "MODE_MISSING")),
        };
        Ok(ChangeManagementMode {
            area_id: field::id("areaId", &request.area_id)?,
            mode,
            since: field::date("since", &request.since)?,
            ballot_id: field::id("ballotId", &request.ballot_id)?,
        })
    }
}

/// Services, at least one; refuses with `SERVICE_MISSING`.
fn services(name: &'static str, values: &[i32]) -> Result<BTreeSet<Service>, Invalid> {
    let read = |value| match pb::PropertyService::try_from(value) {
        Ok(pb::PropertyService::Management) => Ok(Service::Management),
        Ok(pb::PropertyService::SharedParts) => Ok(Service::SharedParts),
        Ok(pb::PropertyService::Equipment) => Ok(Service::Equipment),
        Ok(pb::PropertyService::Security) => Ok(Service::Security),
        Ok(pb::PropertyService::Cleaning) => Ok(Service::Cleaning),
        Ok(pb::PropertyService::Greening) => Ok(Service::Greening),
        Ok(pb::PropertyService::Unspecified) | Err(_) => Err(not_listed(name, "SERVICE_MISSING")),
    };
    let found = values
        .iter()
        .map(|value| read(*value))
        .collect::<Result<BTreeSet<_>, _>>()?;
    if found.is_empty() {
        return Err(not_listed(name, "SERVICE_MISSING"));
    }
    Ok(found)
}

fn optional_date(name: &'static str, value: &str) -> Result<Option<NaiveDate>, Invalid> {
    match value.trim() {
        "" => Ok(None),
        day => field::date(name, day).map(Some),
    }
}

fn not_listed(name: &'static str, reason: &'static str) -> Invalid {
    Invalid::new(
        name,
        reason,
        "must be one of the listed values",
        "必须是所列取值之一",
    )
}
