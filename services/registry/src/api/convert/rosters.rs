//! Rosters of mediators and experts.

use proto::registry::v1 as pb;
use rpc::field::{self, Invalid};

use super::{mobile, optional_credit_code, optional_date, optional_division, optional_mobile, said, text};
use crate::app::roster::{ChangeRosterMember, ChangeStanding, EnrolRosterMember, Filter, Step};
use crate::domain::personal::Personal;
use crate::domain::roster::{RosterKind, RosterMember, Standing};

const PERSON_LENGTH_MAX: usize = 50;
const PROFESSION_LENGTH_MAX: usize = 60;
const REASON_LENGTH_MAX: usize = 500;

fn kind(kind: pb::RosterKind) -> Result<RosterKind, Invalid> {
    let kind = match kind {
        pb::RosterKind::Unspecified => None,
        pb::RosterKind::Mediator => Some(RosterKind::Mediator),
        pb::RosterKind::Expert => Some(RosterKind::Expert),
    };
    said("kind", kind, "ROSTER_KIND_MISSING")
}

impl TryFrom<pb::EnrolRosterMemberRequest> for EnrolRosterMember {
    type Error = Invalid;

    fn try_from(request: pb::EnrolRosterMemberRequest) -> Result<Self, Invalid> {
        let kind = kind(request.kind())?;
        let division = optional_division("divisionCode", &request.division_code)?;
        let division = match kind {
            RosterKind::Mediator => Some(said("divisionCode", division, "DIVISION_MISSING")?),
            // An expert serves the whole city.
            RosterKind::Expert => None,
        };
        let name = field::text("name", &request.name, PERSON_LENGTH_MAX, "NAME_MISSING")?;
        Ok(EnrolRosterMember {
            kind,
            name: Personal::new(name),
            profession: field::text(
                "profession",
                &request.profession,
                PROFESSION_LENGTH_MAX,
                "PROFESSION_MISSING",
            )?,
            employer: optional_credit_code("employerCreditCode", &request.employer_credit_code)?,
            mobile: mobile("mobile", &request.mobile)?,
            division,
            valid_from: field::date("validFromOn", &request.valid_from_on)?,
            valid_until: field::date("validUntilOn", &request.valid_until_on)?,
        })
    }
}

impl TryFrom<pb::ChangeRosterMemberRequest> for ChangeRosterMember {
    type Error = Invalid;

    fn try_from(request: pb::ChangeRosterMemberRequest) -> Result<Self, Invalid> {
        let profession = field::optional_text("profession", &request.profession, PROFESSION_LENGTH_MAX)?;
        let employer = optional_credit_code("employerCreditCode", &request.employer_credit_code)?;
        Ok(ChangeRosterMember {
            id: field::id("rosterMemberId", &request.roster_member_id)?,
            profession: Some(profession).filter(|text| !text.is_empty()),
            employer: match employer {
                Some(employer) => Some(Some(employer)),
                None => request.leaves_employer.then_some(None),
            },
            mobile: optional_mobile("mobile", &request.mobile)?,
            valid_until: optional_date("validUntilOn", &request.valid_until_on)?,
        })
    }
}

fn reason(text: &str) -> Result<String, Invalid> {
    field::text("reason", text, REASON_LENGTH_MAX, "REASON_MISSING")
}

impl TryFrom<pb::SuspendRosterMemberRequest> for ChangeStanding {
    type Error = Invalid;

    fn try_from(request: pb::SuspendRosterMemberRequest) -> Result<Self, Invalid> {
        Ok(ChangeStanding {
            id: field::id("rosterMemberId", &request.roster_member_id)?,
            step: Step::Suspend(reason(&request.reason)?),
        })
    }
}

impl TryFrom<pb::ReinstateRosterMemberRequest> for ChangeStanding {
    type Error = Invalid;

    fn try_from(request: pb::ReinstateRosterMemberRequest) -> Result<Self, Invalid> {
        Ok(ChangeStanding {
            id: field::id("rosterMemberId", &request.roster_member_id)?,
            step: Step::Reinstate,
        })
    }
}

impl TryFrom<pb::RemoveRosterMemberRequest> for ChangeStanding {
    type Error = Invalid;

    fn try_from(request: pb::RemoveRosterMemberRequest) -> Result<Self, Invalid> {
        Ok(ChangeStanding {
            id: field::id("rosterMemberId", &request.roster_member_id)?,
            step: Step::Remove(reason(&request.reason)?),
        })
    }
}

impl TryFrom<pb::ListRosterRequest> for Filter {
    type Error = Invalid;

    fn try_from(request: pb::ListRosterRequest) -> Result<Self, Invalid> {
        Ok(Filter {
            kind: kind(request.kind())?,
            division: optional_division("divisionCode", &request.division_code)?,
            sight: None,
            profession: field::optional_text("profession", &request.profession, PROFESSION_LENGTH_MAX)?,
            employer: optional_credit_code("employerCreditCode", &request.employer_credit_code)?,
            usable_on: optional_date("usableOn", &request.usable_on)?,
        })
    }
}

impl From<RosterMember> for pb::RosterMember {
    /// As it is answered: masked, and without the token, which is for machines.
    fn from(member: RosterMember) -> Self {
        let kind = match member.kind {
            RosterKind::Mediator => pb::RosterKind::Mediator,
            RosterKind::Expert => pb::RosterKind::Expert,
        };
        let state = match member.standing {
            Standing::Active => pb::RosterState::Active,
            Standing::Suspended => pb::RosterState::Suspended,
            Standing::Removed => pb::RosterState::Removed,
        };
        pb::RosterMember {
            roster_member_id: member.id.to_string(),
            kind: kind.into(),
            employer_id: text(member.employer_id()),
            name: member.name,
            profession: member.profession,
            employer_credit_code: text(member.employer),
            mobile: member.mobile,
            conflict_token: String::new(),
            division_code: member.division.to_string(),
            valid_from_on: member.valid_from.to_string(),
            valid_until_on: member.valid_until.to_string(),
            state: state.into(),
            version: member.version,
        }
    }
}
