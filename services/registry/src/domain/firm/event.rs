//! What happened to firms and their people.

use chrono::NaiveDate;
use ids::{AreaId, LookId};

use super::association::{Conduct, Training};
use super::certificate::Certificate;
use super::record::FirmRecord;
use super::staff::StaffMember;

/// What happened. Names and numbers of people are left out where it becomes a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirmEvent {
    /// A firm was filed.
    Filed(FirmRecord),
    /// Its particulars changed.
    Changed(FirmRecord),
    /// It has another name.
    Renamed(FirmRecord),
    /// It went off the register.
    Deregistered(FirmRecord),
    /// It joined the association or left it.
    MembershipChanged(FirmRecord),
    /// A certificate was recorded.
    CertificateRecorded(Certificate),
    /// A certificate was renewed.
    CertificateRenewed(Certificate),
    /// A certificate was withdrawn.
    CertificateWithdrawn(Certificate),
    /// A certificate ends soon.
    CertificateExpiring(Certificate),
    /// A certificate has ended.
    CertificateExpired(Certificate),
    /// Somebody was employed.
    StaffEmployed(StaffMember),
    /// Somebody left.
    StaffDeparted(StaffMember),
    /// Somebody became project manager of an area.
    ManagerAssigned {
        /// They, as they are now.
        staff: StaffMember,
        /// The area.
        area_id: AreaId,
        /// First day.
        from: NaiveDate,
    },
    /// Somebody is not project manager of an area any more: another is, or another firm manages it.
    ManagerReplaced {
        /// They, as they are now.
        staff: StaffMember,
        /// The area.
        area_id: AreaId,
        /// Last day.
        until: NaiveDate,
    },
    /// Somebody was seen in clear.
    StaffLookedAt {
        /// They, as they are now.
        staff: StaffMember,
        /// The look.
        look_id: LookId,
        /// In which role.
        role: String,
        /// What was shown.
        fields: Vec<String>,
    },
    /// People took part in a training.
    TrainingRecorded(Training),
    /// A self-discipline record was made.
    ConductRecorded(Conduct),
}

impl FirmEvent {
    /// Version of its aggregate after it.
    pub fn version(&self) -> i64 {
        match self {
            FirmEvent::Filed(firm)
            | FirmEvent::Changed(firm)
            | FirmEvent::Renamed(firm)
            | FirmEvent::Deregistered(firm)
            | FirmEvent::MembershipChanged(firm) => firm.version,
            FirmEvent::CertificateRecorded(certificate)
            | FirmEvent::CertificateRenewed(certificate)
            | FirmEvent::CertificateWithdrawn(certificate)
            | FirmEvent::CertificateExpiring(certificate)
            | FirmEvent::CertificateExpired(certificate) => certificate.version,
            FirmEvent::StaffEmployed(staff)
            | FirmEvent::StaffDeparted(staff)
            | FirmEvent::ManagerAssigned { staff, .. }
            | FirmEvent::ManagerReplaced { staff, .. }
            | FirmEvent::StaffLookedAt { staff, .. } => staff.version,
            // Written once.
            FirmEvent::TrainingRecorded(_) | FirmEvent::ConductRecorded(_) => 1,
        }
    }
}
