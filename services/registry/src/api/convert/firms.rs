//! Firms in full, their certificates and people.

use proto::registry::v1 as pb;
use rpc::field::{self, Invalid};

use super::{
    credit_code, optional_credit_code, optional_date, optional_firm_kind, optional_mobile, personal, text,
};
use crate::app::firm::association::{RecordConduct, RecordTraining};
use crate::app::firm::certificates::{Change, ChangeCertificate, RecordCertificate};
use crate::app::firm::change::{ChangeFirm, RenameFirm, RevokeFirm};
use crate::app::firm::file::FileFirm;
use crate::app::firm::membership::{ChangeMembership, Step};
use crate::app::firm::project_managers::AssignManager;
use crate::app::firm::reads::{FirmFilter, StaffFilter};
use crate::app::firm::reveal_staff::{RevealStaff, RevealedStaff};
use crate::app::firm::staff::{EmployStaff, EndEmployment};
use crate::domain::firm::association::{Conduct, ConductKind, Training};
use crate::domain::firm::certificate::{Certificate, Standing};
use crate::domain::firm::record::{FirmRecord, Membership};
use crate::domain::firm::staff::{Assignment, StaffMember, StaffRole};
use crate::domain::personal::Personal;

const NAME_LENGTH_MAX: usize = 100;
const PERSON_LENGTH_MAX: usize = 50;
const ADDRESS_LENGTH_MAX: usize = 200;
const PHONE_LENGTH_MAX: usize = 40;
const NUMBER_LENGTH_MAX: usize = 60;
const KIND_LENGTH_MAX: usize = 60;
const REASON_LENGTH_MAX: usize = 500;
const QUERY_LENGTH_MAX: usize = 100;
/// Most people of one training.
const STAFF_MAX: usize = 200;
/// Hours of one training.
const HOURS: std::ops::RangeInclusive<i32> = 1..=200;

/// A text that is none where it is empty.
fn some(field: &'static str, value: &str, max: usize) -> Result<Option<String>, Invalid> {
    let text = field::optional_text(field, value, max)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

impl TryFrom<pb::ListFirmRecordsRequest> for FirmFilter {
    type Error = Invalid;

    fn try_from(request: pb::ListFirmRecordsRequest) -> Result<Self, Invalid> {
        Ok(FirmFilter {
            kind: optional_firm_kind(request.kind)?,
            parent_id: field::optional_id("parentId", &request.parent_id)?,
            members_only: request.members_only,
            query: field::optional_text("query", &request.query, QUERY_LENGTH_MAX)?,
        })
    }
}

impl TryFrom<pb::FileFirmRequest> for FileFirm {
    type Error = Invalid;

    fn try_from(request: pb::FileFirmRequest) -> Result<Self, Invalid> {
        let unknown = || {
            Invalid::new(
                "kind",
                "FIRM_KIND_UNKNOWN",
                "must be one of the listed values",
                "必须是所列取值之一",
            )
        };
        Ok(FileFirm {
            credit_code: credit_code("creditCode", &request.credit_code)?,
            name: field::text("name", &request.name, NAME_LENGTH_MAX, "NAME_MISSING")?,
            kind: optional_firm_kind(request.kind)?.ok_or_else(unknown)?,
            parent: optional_credit_code("parentCreditCode", &request.parent_credit_code)?,
            legal_head: personal("legalHead", &request.legal_head, PERSON_LENGTH_MAX)?,
            address: field::optional_text("address", &request.address, ADDRESS_LENGTH_MAX)?,
            phone: field::optional_text("phone", &request.phone, PHONE_LENGTH_MAX)?,
            number: field::text(
                "filingNumber",
                &request.filing_number,
                NUMBER_LENGTH_MAX,
                "FILING_NUMBER_MISSING",
            )?,
            filed_on: field::date("filedOn", &request.filed_on)?,
        })
    }
}

impl TryFrom<pb::ChangeFirmRequest> for ChangeFirm {
    type Error = Invalid;

    fn try_from(request: pb::ChangeFirmRequest) -> Result<Self, Invalid> {
        Ok(ChangeFirm {
            firm_id: field::id("firmId", &request.firm_id)?,
            legal_head: personal("legalHead", &request.legal_head, PERSON_LENGTH_MAX)?,
            address: some("address", &request.address, ADDRESS_LENGTH_MAX)?,
            phone: some("phone", &request.phone, PHONE_LENGTH_MAX)?,
        })
    }
}

impl TryFrom<pb::RenameFirmRequest> for RenameFirm {
    type Error = Invalid;

    fn try_from(request: pb::RenameFirmRequest) -> Result<Self, Invalid> {
        Ok(RenameFirm {
            firm_id: field::id("firmId", &request.firm_id)?,
            name: field::text("name", &request.name, NAME_LENGTH_MAX, "NAME_MISSING")?,
            renamed_on: field::date("renamedOn", &request.renamed_on)?,
        })
    }
}

impl TryFrom<pb::RevokeFirmRequest> for RevokeFirm {
    type Error = Invalid;

    fn try_from(request: pb::RevokeFirmRequest) -> Result<Self, Invalid> {
        Ok(RevokeFirm {
            firm_id: field::id("firmId", &request.firm_id)?,
            revoked_on: field::date("revokedOn", &request.revoked_on)?,
            reason: field::text("reason", &request.reason, REASON_LENGTH_MAX, "REASON_MISSING")?,
        })
    }
}

impl TryFrom<pb::JoinAssociationRequest> for ChangeMembership {
    type Error = Invalid;

    fn try_from(request: pb::JoinAssociationRequest) -> Result<Self, Invalid> {
        Ok(ChangeMembership {
            firm_id: field::id("firmId", &request.firm_id)?,
            step: Step::Joins(field::date("joinedOn", &request.joined_on)?),
        })
    }
}

impl TryFrom<pb::LeaveAssociationRequest> for ChangeMembership {
    type Error = Invalid;

    fn try_from(request: pb::LeaveAssociationRequest) -> Result<Self, Invalid> {
        Ok(ChangeMembership {
            firm_id: field::id("firmId", &request.firm_id)?,
            step: Step::Leaves(field::date("leftOn", &request.left_on)?),
        })
    }
}

impl TryFrom<pb::RecordCertificateRequest> for RecordCertificate {
    type Error = Invalid;

    fn try_from(request: pb::RecordCertificateRequest) -> Result<Self, Invalid> {
        let number = field::text(
            "number",
            &request.number,
            NUMBER_LENGTH_MAX,
            "CERTIFICATE_NUMBER_MISSING",
        )?;
        Ok(RecordCertificate {
            firm_id: field::id("firmId", &request.firm_id)?,
            staff_id: field::optional_id("staffId", &request.staff_id)?,
            kind: field::text("kind", &request.kind, KIND_LENGTH_MAX, "CERTIFICATE_KIND_MISSING")?,
            number: Personal::new(number),
            issued_by: field::optional_text("issuedBy", &request.issued_by, NAME_LENGTH_MAX)?,
            valid_from: field::date("validFromOn", &request.valid_from_on)?,
            valid_until: field::date("validUntilOn", &request.valid_until_on)?,
        })
    }
}

impl TryFrom<pb::RenewCertificateRequest> for ChangeCertificate {
    type Error = Invalid;

    fn try_from(request: pb::RenewCertificateRequest) -> Result<Self, Invalid> {
        Ok(ChangeCertificate {
            certificate_id: field::id("certificateId", &request.certificate_id)?,
            change: Change::Renewed(field::date("validUntilOn", &request.valid_until_on)?),
        })
    }
}

impl TryFrom<pb::WithdrawCertificateRequest> for ChangeCertificate {
    type Error = Invalid;

    fn try_from(request: pb::WithdrawCertificateRequest) -> Result<Self, Invalid> {
        let reason = field::text("reason", &request.reason, REASON_LENGTH_MAX, "REASON_MISSING")?;
        Ok(ChangeCertificate {
            certificate_id: field::id("certificateId", &request.certificate_id)?,
            change: Change::Withdrawn(reason),
        })
    }
}

/// Reads a role that may be absent; an unknown number is none that anybody has.
fn role(value: i32) -> Result<Option<StaffRole>, Invalid> {
    let unknown = || {
        Invalid::new(
            "role",
            "STAFF_ROLE_MISSING",
            "must be one of the listed values",
            "必须是所列取值之一",
        )
    };
    Ok(match pb::StaffRole::try_from(value).map_err(|_| unknown())? {
        pb::StaffRole::Unspecified => None,
        pb::StaffRole::ProjectManager => Some(StaffRole::ProjectManager),
        pb::StaffRole::Security => Some(StaffRole::Security),
        pb::StaffRole::Cleaning => Some(StaffRole::Cleaning),
        pb::StaffRole::Engineer => Some(StaffRole::Engineer),
        pb::StaffRole::Greenery => Some(StaffRole::Greenery),
        pb::StaffRole::ServiceDesk => Some(StaffRole::ServiceDesk),
        pb::StaffRole::FireControl => Some(StaffRole::FireControl),
        pb::StaffRole::Other => Some(StaffRole::Other),
    })
}

impl TryFrom<pb::EmployStaffRequest> for EmployStaff {
    type Error = Invalid;

    fn try_from(request: pb::EmployStaffRequest) -> Result<Self, Invalid> {
        let name = field::text("name", &request.name, PERSON_LENGTH_MAX, "NAME_MISSING")?;
        Ok(EmployStaff {
            firm_id: field::id("firmId", &request.firm_id)?,
            name: Personal::new(name),
            role: super::said("role", role(request.role)?, "STAFF_ROLE_MISSING")?,
            mobile: optional_mobile("mobile", &request.mobile)?,
            employed_on: field::date("employedOn", &request.employed_on)?,
        })
    }
}

impl TryFrom<pb::EndEmploymentRequest> for EndEmployment {
    type Error = Invalid;

    fn try_from(request: pb::EndEmploymentRequest) -> Result<Self, Invalid> {
        Ok(EndEmployment {
            staff_id: field::id("staffId", &request.staff_id)?,
            left_on: field::date("leftOn", &request.left_on)?,
        })
    }
}

impl TryFrom<pb::AssignManagerRequest> for AssignManager {
    type Error = Invalid;

    fn try_from(request: pb::AssignManagerRequest) -> Result<Self, Invalid> {
        Ok(AssignManager {
            staff_id: field::id("staffId", &request.staff_id)?,
            area_id: field::id("areaId", &request.area_id)?,
            assigned_on: field::date("assignedOn", &request.assigned_on)?,
        })
    }
}

impl TryFrom<pb::RevealStaffRequest> for RevealStaff {
    type Error = Invalid;

    fn try_from(request: pb::RevealStaffRequest) -> Result<Self, Invalid> {
        Ok(RevealStaff {
            staff_id: field::id("staffId", &request.staff_id)?,
        })
    }
}

impl From<RevealedStaff> for pb::RevealedStaff {
    fn from(staff: RevealedStaff) -> Self {
        pb::RevealedStaff {
            staff_id: staff.staff_id.to_string(),
            name: staff.name,
            mobile: staff.mobile.unwrap_or_default(),
            look_id: staff.look_id.to_string(),
        }
    }
}

impl TryFrom<pb::ListStaffRequest> for StaffFilter {
    type Error = Invalid;

    fn try_from(request: pb::ListStaffRequest) -> Result<Self, Invalid> {
        Ok(StaffFilter {
            firm_id: field::id("firmId", &request.firm_id)?,
            role: role(request.role)?,
            include_left: request.include_left,
            as_of: optional_date("asOfOn", &request.as_of_on)?,
        })
    }
}

impl TryFrom<pb::RecordTrainingRequest> for RecordTraining {
    type Error = Invalid;

    fn try_from(request: pb::RecordTrainingRequest) -> Result<Self, Invalid> {
        let staff_ids = field::id_list("staffIds", &request.staff_ids, STAFF_MAX)?;
        if staff_ids.is_empty() {
            return Err(Invalid::new(
                "staffIds",
                "STAFF_MISSING",
                "must name at least one person",
                "至少应填写一名人员",
            ));
        }
        if !HOURS.contains(&request.hours) {
            return Err(Invalid::new(
                "hours",
                "HOURS_OUT_OF_RANGE",
                "must be 1 to 200",
                "应为 1 至 200",
            ));
        }
        Ok(RecordTraining {
            firm_id: field::id("firmId", &request.firm_id)?,
            course: field::text("course", &request.course, NAME_LENGTH_MAX, "COURSE_MISSING")?,
            organiser: organiser(&request.organiser)?,
            held_on: field::date("heldOn", &request.held_on)?,
            hours: request.hours,
            staff_ids,
        })
    }
}

fn organiser(text: &str) -> Result<String, Invalid> {
    field::text("organiser", text, NAME_LENGTH_MAX, "ORGANISER_MISSING")
}

impl TryFrom<pb::RecordConductRequest> for RecordConduct {
    type Error = Invalid;

    fn try_from(request: pb::RecordConductRequest) -> Result<Self, Invalid> {
        let kind = match request.kind() {
            pb::ConductKind::Unspecified => None,
            pb::ConductKind::Praise => Some(ConductKind::Praise),
            pb::ConductKind::Reminder => Some(ConductKind::Reminder),
            pb::ConductKind::Warning => Some(ConductKind::Warning),
            pb::ConductKind::PublicCriticism => Some(ConductKind::PublicCriticism),
            pb::ConductKind::Expulsion => Some(ConductKind::Expulsion),
        };
        Ok(RecordConduct {
            firm_id: field::id("firmId", &request.firm_id)?,
            kind: super::said("kind", kind, "CONDUCT_KIND_MISSING")?,
            reason: field::text("reason", &request.reason, REASON_LENGTH_MAX, "REASON_MISSING")?,
            recorded_on: field::date("recordedOn", &request.recorded_on)?,
            organiser: organiser(&request.organiser)?,
        })
    }
}

impl From<FirmRecord> for pb::FirmRecord {
    fn from(record: FirmRecord) -> Self {
        let (member_since, membership_ended_on) = match record.membership {
            Membership::Never => (None, None),
            Membership::Since { on } => (Some(on), None),
            Membership::Ended { on } => (None, Some(on)),
        };
        let filed_on = record.filed.as_ref().map(|filed| filed.on);
        pb::FirmRecord {
            version: record.version,
            parent_id: text(record.parent_id),
            legal_head: record.legal_head,
            address: record.address,
            phone: record.phone,
            filing_number: record.filed.map(|filed| filed.number).unwrap_or_default(),
            filed_on: text(filed_on),
            former_names: record
                .former_names
                .into_iter()
                .map(|former| pb::FirmName {
                    name: former.name,
                    since: text(former.since),
                })
                .collect(),
            named_since: text(record.named_since),
            revoked_on: text(record.revoked_on),
            member_since: text(member_since),
            membership_ended_on: text(membership_ended_on),
            firm: Some(record.firm.into()),
        }
    }
}

impl From<Certificate> for pb::Certificate {
    fn from(certificate: Certificate) -> Self {
        let state = match certificate.standing {
            Standing::Valid => pb::CertificateState::Valid,
            Standing::Expired => pb::CertificateState::Expired,
            Standing::Withdrawn => pb::CertificateState::Withdrawn,
        };
        pb::Certificate {
            certificate_id: certificate.id.to_string(),
            firm_id: certificate.firm_id.to_string(),
            staff_id: text(certificate.staff_id),
            kind: certificate.kind,
            number: certificate.number,
            issued_by: certificate.issued_by,
            valid_from_on: certificate.valid_from.to_string(),
            valid_until_on: certificate.valid_until.to_string(),
            state: state.into(),
            version: certificate.version,
        }
    }
}

impl From<StaffMember> for pb::StaffMember {
    fn from(staff: StaffMember) -> Self {
        let role = match staff.role {
            StaffRole::ProjectManager => pb::StaffRole::ProjectManager,
            StaffRole::Security => pb::StaffRole::Security,
            StaffRole::Cleaning => pb::StaffRole::Cleaning,
            StaffRole::Engineer => pb::StaffRole::Engineer,
            StaffRole::Greenery => pb::StaffRole::Greenery,
            StaffRole::ServiceDesk => pb::StaffRole::ServiceDesk,
            StaffRole::FireControl => pb::StaffRole::FireControl,
            StaffRole::Other => pb::StaffRole::Other,
        };
        pb::StaffMember {
            staff_id: staff.id.to_string(),
            firm_id: staff.firm_id.to_string(),
            name: staff.name,
            role: role.into(),
            mobile: staff.mobile,
            employed_on: staff.employed_on.to_string(),
            left_on: text(staff.left_on),
            area_ids: staff.area_ids.iter().map(ToString::to_string).collect(),
            version: staff.version,
        }
    }
}

/// Who is or was project manager of an area, with the masked name.
pub(crate) fn project_manager((assignment, name): (Assignment, String)) -> pb::ProjectManager {
    pb::ProjectManager {
        staff_id: assignment.staff_id.to_string(),
        firm_id: assignment.firm_id.to_string(),
        area_id: assignment.area_id.to_string(),
        name,
        assigned_on: assignment.from.to_string(),
        ended_on: text(assignment.until),
    }
}

impl From<Training> for pb::Training {
    fn from(training: Training) -> Self {
        pb::Training {
            training_id: training.id.to_string(),
            firm_id: training.firm_id.to_string(),
            course: training.course,
            organiser: training.organiser,
            held_on: training.held_on.to_string(),
            hours: training.hours,
            staff_ids: training.staff_ids.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<Conduct> for pb::Conduct {
    fn from(conduct: Conduct) -> Self {
        let kind = match conduct.kind {
            ConductKind::Praise => pb::ConductKind::Praise,
            ConductKind::Reminder => pb::ConductKind::Reminder,
            ConductKind::Warning => pb::ConductKind::Warning,
            ConductKind::PublicCriticism => pb::ConductKind::PublicCriticism,
            ConductKind::Expulsion => pb::ConductKind::Expulsion,
        };
        pb::Conduct {
            conduct_id: conduct.id.to_string(),
            firm_id: conduct.firm_id.to_string(),
            kind: kind.into(),
            reason: conduct.reason,
            recorded_on: conduct.recorded_on.to_string(),
            organiser: conduct.organiser,
        }
    }
}
