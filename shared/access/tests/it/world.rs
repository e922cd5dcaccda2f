//! Two estates in two streets of the city, and the people around the first.

use access::{Principal, Resource, ResourceKind, Role};
use ids::{AreaId, DivisionCode, FirmId, OwnerId};

pub const CITY: &str = "330783";
pub const STREET: &str = "330783004";
pub const COMMUNITY: &str = "330783004015";
pub const OTHER_STREET: &str = "330783001";
pub const OTHER_COMMUNITY: &str = "330783001002";
/// In the same street as [`COMMUNITY`].
pub const NEIGHBOUR_COMMUNITY: &str = "330783004001";
pub const OTHER_CITY: &str = "330782";

pub fn code(text: &str) -> DivisionCode {
    text.parse().unwrap()
}

pub fn owner() -> OwnerId {
    OwnerId::derive("here")
}

pub fn firm() -> FirmId {
    FirmId::derive("here")
}

pub fn developer() -> FirmId {
    FirmId::derive("developer here")
}

pub fn area() -> AreaId {
    AreaId::derive("here")
}

/// A thing of the first estate; its home is the owner's, its draw the firm's, and the association has to do with it.
pub fn here(kind: ResourceKind) -> Resource {
    thing(kind, COMMUNITY, area())
        .with_manager(firm())
        .with_developer(developer())
        .with_proposer(firm())
        .with_owners([owner()])
        .with_association(true)
}

/// A thing of the other estate, with other people around it.
pub fn elsewhere(kind: ResourceKind) -> Resource {
    thing(kind, OTHER_COMMUNITY, AreaId::derive("elsewhere"))
        .with_manager(FirmId::derive("elsewhere"))
        .with_developer(FirmId::derive("developer elsewhere"))
        .with_proposer(FirmId::derive("elsewhere"))
        .with_owners([OwnerId::derive("elsewhere")])
        .with_association(true)
}

fn thing(kind: ResourceKind, community: &str, area: AreaId) -> Resource {
    match kind {
        ResourceKind::City => Resource::city(),
        ResourceKind::Division => Resource::division(code(community)),
        kind => Resource::new(kind, "it")
            .with_area(area)
            .with_division(code(community)),
    }
}

/// Somebody of the first estate in this role.
pub fn someone(role: Role) -> Principal {
    let person = Principal::person(role.as_str(), "业主").with_role(role);
    match role {
        Role::Owner => person.with_owner(owner()),
        Role::CommitteeMember => person.with_committee_of(area()),
        Role::Firm => person.with_firm(firm()),
        Role::Community => person.with_jurisdiction(code(COMMUNITY)),
        Role::Street => person.with_jurisdiction(code(STREET)),
        Role::Association | Role::Authority | Role::Department | Role::Auditor => {
            person.with_jurisdiction(code(CITY))
        }
        Role::Administrator => person,
    }
}

/// The developer's employee.
pub fn developers_employee() -> Principal {
    Principal::person("developer", "建设单位")
        .with_role(Role::Firm)
        .with_firm(developer())
}
