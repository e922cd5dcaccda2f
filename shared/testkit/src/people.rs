//! Callers by role. Officers are offices; nobody here is a person.

use access::{Principal, Role};
use ids::{AreaId, DivisionCode, FirmId, OwnerId};

fn division(code: &str) -> DivisionCode {
    code.parse().expect("a division code")
}

/// An owner.
pub fn owner(owner_id: OwnerId) -> Principal {
    Principal::person(format!("account-of-{owner_id}"), "业主")
        .with_role(Role::Owner)
        .with_owner(owner_id)
}

/// Somebody who acts for a firm.
pub fn firm(firm_id: FirmId) -> Principal {
    Principal::person(format!("account-of-{firm_id}"), "企业")
        .with_role(Role::Firm)
        .with_firm(firm_id)
}

/// A member of an area's committee.
pub fn committee_member(area_id: AreaId) -> Principal {
    Principal::person(format!("committee-of-{area_id}"), "业委会")
        .with_role(Role::CommitteeMember)
        .with_committee_of(area_id)
}

/// An officer of the industry association.
pub fn association(code: &str) -> Principal {
    officer(Role::Association, code)
}

/// An officer of a community.
pub fn community(code: &str) -> Principal {
    officer(Role::Community, code)
}

/// An officer of a street.
pub fn street(code: &str) -> Principal {
    officer(Role::Street, code)
}

/// An officer of the housing authority.
pub fn authority(code: &str) -> Principal {
    officer(Role::Authority, code)
}

/// An officer of another department.
pub fn department(code: &str) -> Principal {
    officer(Role::Department, code)
}

/// An auditor.
pub fn auditor(code: &str) -> Principal {
    officer(Role::Auditor, code)
}

/// An administrator of the platform.
pub fn administrator() -> Principal {
    Principal::person("administrator", "系统管理员").with_role(Role::Administrator)
}

fn officer(role: Role, code: &str) -> Principal {
    Principal::person(format!("{}-{code}", role.as_str()), code)
        .with_role(role)
        .with_jurisdiction(division(code))
}
