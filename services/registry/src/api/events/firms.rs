//! Events of firms and their people. Nobody's name or number is in them, not even masked: ids are enough to follow.

use ids::DivisionCode;
use outbox::Message;
use proto::registry::v1 as pb;

use crate::domain::firm::certificate::Certificate;
use crate::domain::firm::event::FirmEvent;
use crate::domain::firm::record::FirmRecord;
use crate::domain::firm::staff::StaffMember;

pub(super) fn message(event: &FirmEvent, version: i64, division: &DivisionCode) -> Message {
    match event {
        FirmEvent::Filed(record) => {
            let message = pb::FirmFiled { firm: firm(record) };
            Message::of(&message, record.firm.id, version, division)
        }
        FirmEvent::Changed(record) => {
            let message = pb::FirmChanged { firm: firm(record) };
            Message::of(&message, record.firm.id, version, division)
        }
        FirmEvent::Renamed(record) => {
            let message = pb::FirmRenamed { firm: firm(record) };
            Message::of(&message, record.firm.id, version, division)
        }
        FirmEvent::Deregistered(record) => {
            let message = pb::FirmDeregistered { firm: firm(record) };
            Message::of(&message, record.firm.id, version, division)
        }
        FirmEvent::MembershipChanged(record) => {
            let message = pb::FirmMembershipChanged { firm: firm(record) };
            Message::of(&message, record.firm.id, version, division)
        }
        FirmEvent::CertificateRecorded(one) => {
            let message = pb::CertificateRecorded {
                certificate: certificate(one),
            };
            Message::of(&message, one.id, version, division)
        }
        FirmEvent::CertificateRenewed(one) => {
            let message = pb::CertificateRenewed {
                certificate: certificate(one),
            };
            Message::of(&message, one.id, version, division)
        }
        FirmEvent::CertificateWithdrawn(one) => {
            let message = pb::CertificateRevoked {
                certificate: certificate(one),
            };
            Message::of(&message, one.id, version, division)
        }
        FirmEvent::CertificateExpiring(one) => {
            let message = pb::CertificateExpiring {
                certificate: certificate(one),
            };
            Message::of(&message, one.id, version, division)
        }
        FirmEvent::CertificateExpired(one) => {
            let message = pb::CertificateExpired {
                certificate: certificate(one),
            };
            Message::of(&message, one.id, version, division)
        }
        FirmEvent::StaffEmployed(member) => {
            let message = pb::StaffEmployed { staff: staff(member) };
            Message::of(&message, member.id, version, division)
        }
        FirmEvent::StaffDeparted(member) => {
            let message = pb::StaffDeparted { staff: staff(member) };
            Message::of(&message, member.id, version, division)
        }
        FirmEvent::ManagerAssigned {
            staff: member,
            area_id,
            from,
        } => {
            let message = pb::ManagerAssigned {
                staff: staff(member),
                area_id: area_id.to_string(),
                assigned_on: from.to_string(),
            };
            Message::of(&message, member.id, version, division)
        }
        FirmEvent::ManagerReplaced {
            staff: member,
            area_id,
            until,
        } => {
            let message = pb::ManagerReplaced {
                staff: staff(member),
                area_id: area_id.to_string(),
                ended_on: until.to_string(),
            };
            Message::of(&message, member.id, version, division)
        }
        FirmEvent::StaffLookedAt {
            staff: member,
            look_id,
            role,
            fields,
        } => {
            let message = pb::StaffLookedAt {
                staff_id: member.id.to_string(),
                firm_id: member.firm_id.to_string(),
                look_id: look_id.to_string(),
                role: role.clone(),
                fields: fields.clone(),
            };
            Message::of(&message, member.id, version, division)
        }
        FirmEvent::TrainingRecorded(training) => {
            let message = pb::TrainingRecorded {
                training: Some(training.clone().into()),
            };
            Message::of(&message, training.id, version, division)
        }
        FirmEvent::ConductRecorded(conduct) => {
            let message = pb::ConductRecorded {
                conduct: Some(conduct.clone().into()),
            };
            Message::of(&message, conduct.id, version, division)
        }
    }
}

fn firm(record: &FirmRecord) -> Option<pb::FirmRecord> {
    Some(pb::FirmRecord {
        legal_head: String::new(),
        ..record.clone().into()
    })
}

fn certificate(certificate: &Certificate) -> Option<pb::Certificate> {
    let mut message = pb::Certificate::from(certificate.clone());
    if certificate.staff_id.is_some() {
        message.number.clear();
    }
    Some(message)
}

fn staff(staff: &StaffMember) -> Option<pb::StaffMember> {
    Some(pb::StaffMember {
        name: String::new(),
        mobile: String::new(),
        ..staff.clone().into()
    })
}
