//! Contracts and modes as messages.

use proto::common::v1 as common;
use proto::registry::v1 as pb;

use super::text;
use crate::domain::contract::{
    Charge, Contract, ContractKind, ContractState, EndCause, Filing, HandBack, Item, Notice, Party, Service,
    Subcontract, Terms, Why,
};
use crate::domain::home::HomeUse;
use crate::domain::management_mode::{ManagementMode, Mode, ModeDecision};

impl From<Contract> for pb::Contract {
    fn from(contract: Contract) -> Self {
        let kind = match contract.kind {
            ContractKind::EarlyStage => pb::ContractKind::EarlyStage,
            ContractKind::Ordinary => pb::ContractKind::Ordinary,
            ContractKind::Temporary => pb::ContractKind::Temporary,
        };
        let mut message = pb::Contract {
            ends_on: text(contract.ends_on()),
            contract_id: contract.id.to_string(),
            area_id: contract.area_id.to_string(),
            division_code: contract.division.to_string(),
            firm_id: contract.firm_id.to_string(),
            kind: kind.into(),
            terms: Some(contract.terms.into()),
            filing: Some(contract.filing.into()),
            subcontracts: contract.subcontracts.into_iter().map(Into::into).collect(),
            ballot_id: text(contract.ballot_id),
            renews_id: text(contract.renews_id),
            reason: contract.reason,
            version: contract.version,
            ..Default::default()
        };
        match contract.state {
            ContractState::Signed => message.set_state(pb::ContractState::Signed),
            ContractState::Effective { .. } => message.set_state(pb::ContractState::Effective),
            ContractState::Continuing { since } => {
                message.set_state(pb::ContractState::Continuing);
                message.continuing_since = since.to_string();
            }
            ContractState::NoticeGiven { notice, ends_on: _ } => {
                message.set_state(pb::ContractState::NoticeGiven);
                message.notice = Some(notice.into());
            }
            ContractState::Ended {
                on: _,
                cause,
                notice,
                successor_id,
                hand_back,
            } => {
                message.set_state(pb::ContractState::Ended);
                message.set_end_cause(cause_of(cause));
                message.notice = notice.map(Into::into);
                message.successor_id = text(successor_id);
                message.hand_back = hand_back.map(Into::into);
            }
        }
        message
    }
}

impl From<Filing> for pb::ContractFiling {
    fn from(filing: Filing) -> Self {
        let (filed_on, number) = filing
            .filed
            .map_or_else(Default::default, |(on, number)| (on.to_string(), number));
        pb::ContractFiling {
            due_on: filing.due_on.to_string(),
            filed_on,
            number,
            overdue: filing.overdue,
        }
    }
}

impl From<Terms> for pb::ContractTerms {
    fn from(terms: Terms) -> Self {
        let (charge, points, sum) = match terms.charge {
            Charge::LumpSum => (pb::ChargeMethod::LumpSum, 0, 0),
            Charge::CommissionShare { basis_points } => {
                (pb::ChargeMethod::CommissionShare, small(basis_points), 0)
            }
            Charge::CommissionSum { monthly } => (pb::ChargeMethod::CommissionSum, 0, monthly.get()),
        };
        let prices = terms.prices.iter().map(|price| {
            let usage = match price.usage {
                HomeUse::Residential => common::HomeUse::Residential,
                HomeUse::Commercial => common::HomeUse::Commercial,
                HomeUse::Parking => common::HomeUse::Parking,
            };
            pb::ServicePrice {
                r#use: usage.into(),
                fen_per_m2_month: price.per_m2_month.get(),
            }
        });
        pb::ContractTerms {
            from_on: terms.from_on.to_string(),
            until_on: text(terms.until_on),
            signed_on: terms.signed_on.to_string(),
            prices: prices.collect(),
            charge: charge.into(),
            commission_basis_points: points,
            commission_fen: sum,
            service_grade: terms.service_grade.map_or(0, i32::from),
            services: terms.services.into_iter().map(of_service).collect(),
            manager_staff_number: terms.manager_staff_number,
            dismissal_notice_days: small(terms.dismissal_notice_days.unwrap_or_default()),
            non_renewal_notice_days: small(terms.non_renewal_notice_days.unwrap_or_default()),
            prepayment_months: small(terms.prepayment_months),
            document_digest: terms.document_digest,
        }
    }
}

impl From<Notice> for pb::ContractNotice {
    fn from(notice: Notice) -> Self {
        let by = match notice.by() {
            Party::Owners => pb::ContractParty::Owners,
            Party::Firm => pb::ContractParty::Firm,
        };
        let (due_on, late) = match notice.why {
            Why::NotRenewed { due_on, late } => (Some(due_on), late),
            Why::Dismissed { .. } | Why::IndefiniteEnded { .. } => (None, false),
        };
        pb::ContractNotice {
            by: by.into(),
            noticed_on: notice.on.to_string(),
            cause: cause_of(notice.cause()).into(),
            due_on: text(due_on),
            late,
            ballot_id: text(notice.ballot_id()),
        }
    }
}

impl From<HandBack> for pb::HandBack {
    fn from(hand_back: HandBack) -> Self {
        let lines = hand_back.done.iter().map(|(item, on)| {
            let item = match item {
                Item::Rooms => pb::HandBackItem::Rooms,
                Item::Facilities => pb::HandBackItem::Facilities,
                Item::Files => pb::HandBackItem::Files,
            };
            pb::HandBackLine {
                item: item.into(),
                on: on.to_string(),
            }
        });
        pb::HandBack {
            due_on: hand_back.due_on.to_string(),
            lines: lines.collect(),
            overdue: hand_back.overdue,
        }
    }
}

impl From<Subcontract> for pb::Subcontract {
    fn from(subcontract: Subcontract) -> Self {
        pb::Subcontract {
            services: subcontract.services.into_iter().map(of_service).collect(),
            contractor_credit_code: subcontract.contractor.to_string(),
            contractor_name: subcontract.contractor_name,
            from_on: subcontract.from_on.to_string(),
            until_on: subcontract.until_on.to_string(),
        }
    }
}

impl From<ManagementMode> for pb::ManagementMode {
    fn from(mode: ManagementMode) -> Self {
        let line = |decision: &ModeDecision| pb::ManagementModeLine {
            mode: of_mode(decision.mode).into(),
            since: decision.since.to_string(),
            ballot_id: decision.ballot_id.to_string(),
        };
        pb::ManagementMode {
            mode_id: mode.id().to_string(),
            area_id: mode.area_id.to_string(),
            mode: mode.mode().map_or(pb::AreaMode::Unspecified, of_mode).into(),
            history: mode.decisions.iter().rev().map(line).collect(),
            version: mode.version(),
        }
    }
}

fn of_mode(mode: Mode) -> pb::AreaMode {
    match mode {
        Mode::Owners => pb::AreaMode::Owners,
        Mode::Firm => pb::AreaMode::Firm,
        Mode::Specialists => pb::AreaMode::Specialists,
    }
}

fn of_service(service: Service) -> i32 {
    let service = match service {
        Service::Management => pb::PropertyService::Management,
        Service::SharedParts => pb::PropertyService::SharedParts,
        Service::Equipment => pb::PropertyService::Equipment,
        Service::Security => pb::PropertyService::Security,
        Service::Cleaning => pb::PropertyService::Cleaning,
        Service::Greening => pb::PropertyService::Greening,
    };
    service.into()
}

fn cause_of(cause: EndCause) -> pb::ContractEndCause {
    match cause {
        EndCause::Dismissed => pb::ContractEndCause::Dismissed,
        EndCause::NotRenewed => pb::ContractEndCause::NotRenewed,
        EndCause::IndefiniteEnded => pb::ContractEndCause::IndefiniteEnded,
        EndCause::Succeeded => pb::ContractEndCause::Succeeded,
        EndCause::TermOver => pb::ContractEndCause::TermOver,
        EndCause::Abandoned => pb::ContractEndCause::Abandoned,
    }
}

/// Days, months and basis points were read from the same type.
fn small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
