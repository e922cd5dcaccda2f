//! What each role may read: personal data least of all.

use access::{Access, Principal, Resource, ResourceKind, Role};
use strum::IntoEnumIterator;

use crate::world::*;

fn readers(action: &'static str, resource: &Resource) -> Vec<Role> {
    let access = Access::embedded();
    Role::iter()
        .filter(|role| access.allows(&someone(*role), action, resource))
        .collect()
}

#[test]
fn statements_are_for_the_owner_the_authority_and_the_auditor() {
    let readers = readers("funds.GetStatement", &here(ResourceKind::Home));
    assert_eq!(readers, [Role::Owner, Role::Authority, Role::Auditor]);
}

#[test]
fn votes_are_for_nobody_but_the_voter() {
    let readers = readers("committees.ListOwnVotes", &here(ResourceKind::Ballot));
    assert_eq!(readers, [Role::Owner]);
}

#[test]
fn who_owns_a_home_is_not_told_to_firms_committees_departments_and_operators() {
    let hidden_from = [
        Role::CommitteeMember,
        Role::Firm,
        Role::Department,
        Role::Administrator,
    ];
    for kind in [ResourceKind::Home, ResourceKind::Owner] {
        let readers = readers("registry.GetOwner", &here(kind));
        assert!(
            !hidden_from.iter().any(|role| readers.contains(role)),
            "{readers:?}"
        );
    }
}

#[test]
fn a_project_manager_is_seen_in_clear_by_who_supervises_the_area_and_others_by_firm_and_authority() {
    let area = here(ResourceKind::Area);
    assert_eq!(
        readers("registry.RevealStaff", &area),
        [Role::Community, Role::Street, Role::Authority]
    );
    let firm = here(ResourceKind::Firm);
    assert_eq!(
        readers("registry.RevealStaff", &firm),
        [Role::Firm, Role::Authority]
    );
    assert_eq!(
        readers("registry.ListStaffLooks", &firm),
        [Role::Firm, Role::Auditor]
    );
    let access = Access::embedded();
    let neighbour = someone(Role::Community).with_jurisdiction(code(NEIGHBOUR_COMMUNITY));
    assert!(!access.allows(&neighbour, "registry.RevealStaff", &area));
}

#[test]
fn owners_in_clear_leave_with_the_authority_of_the_territory_only() {
    let access = Access::embedded();
    let area = here(ResourceKind::Area);
    assert_eq!(readers("registry.ExportArea", &area), [Role::Authority]);
    let of_another_city = someone(Role::Authority).with_jurisdiction(code(OTHER_CITY));
    assert!(!access.allows(&of_another_city, "registry.ExportArea", &area));
    let mut of_nowhere = someone(Role::Authority);
    of_nowhere.jurisdiction = None;
    assert!(!access.allows(&of_nowhere, "registry.ExportArea", &area));
    let bare = Resource::new(ResourceKind::Area, "it");
    assert!(!access.allows(&someone(Role::Authority), "registry.ExportArea", &bare));
}

#[test]
fn lists_are_taken_away_in_a_role_and_templates_by_anybody_with_a_token() {
    let access = Access::embedded();
    let everybody: Vec<Role> = Role::iter().collect();
    assert_eq!(readers("registry.ExportTable", &Resource::city()), everybody);
    let nobody = Principal::person("account", "无角色");
    assert!(!access.allows(&nobody, "registry.ExportTable", &Resource::city()));
    assert!(access.allows(&nobody, "registry.GetTemplate", &Resource::city()));
    let anonymous = Principal::anonymous();
    assert!(!access.allows(&anonymous, "registry.GetTemplate", &Resource::city()));
}

#[test]
fn an_owner_reads_every_area_but_only_the_own_ballots_draws_and_homes() {
    let access = Access::embedded();
    let owner = someone(Role::Owner);
    assert!(access.allows(&owner, "registry.GetArea", &elsewhere(ResourceKind::Area)));
    for (action, kind) in [
        ("registry.ListBuildings", ResourceKind::Area),
        ("registry.GetHome", ResourceKind::Home),
        ("registry.GetOwner", ResourceKind::Owner),
        ("committees.GetBallot", ResourceKind::Ballot),
        ("funds.GetDraw", ResourceKind::Draw),
        ("funds.ListShares", ResourceKind::Draw),
        ("funds.GetStatement", ResourceKind::Home),
    ] {
        assert!(access.allows(&owner, action, &here(kind)), "{action}");
        assert!(!access.allows(&owner, action, &elsewhere(kind)), "{action}");
    }
    // The own homes, not the estate's.
    assert!(access.allows(&owner, "registry.ListHomes", &Resource::city()));
    assert!(!access.allows(&owner, "registry.ListHomes", &here(ResourceKind::Area)));
}

#[test]
fn a_department_finds_the_place_and_nothing_more() {
    let access = Access::embedded();
    let department = someone(Role::Department);
    assert!(access.allows(&department, "registry.GetArea", &here(ResourceKind::Area)));
    assert!(access.allows(&department, "registry.ListBuildings", &here(ResourceKind::Area)));
    for (action, kind) in [
        ("registry.ListHomes", ResourceKind::Area),
        ("registry.GetHome", ResourceKind::Home),
        ("committees.GetBallot", ResourceKind::Ballot),
        ("funds.GetDraw", ResourceKind::Draw),
        ("funds.GetTrialBalance", ResourceKind::Area),
    ] {
        assert!(!access.allows(&department, action, &here(kind)), "{action}");
    }
}

#[test]
fn an_officer_reads_down_the_hierarchy_and_not_up() {
    let access = Access::embedded();
    let area = here(ResourceKind::Area);
    for division in [COMMUNITY, STREET, CITY] {
        let officer = someone(Role::Street).with_jurisdiction(code(division));
        assert!(access.allows(&officer, "registry.GetArea", &area), "{division}");
    }
    let community = someone(Role::Community);
    let list = |division| {
        let division = Resource::division(code(division));
        access.allows(&community, "registry.ListAreas", &division)
    };
    assert!(list(COMMUNITY));
    assert!(!list(STREET));
    assert!(!list(NEIGHBOUR_COMMUNITY));
    assert!(someone(Role::Street).jurisdiction.is_some_and(|street| {
        let street = someone(Role::Street).with_jurisdiction(street);
        access.allows(
            &street,
            "registry.ListAreas",
            &Resource::division(code(COMMUNITY)),
        )
    }));
}

#[test]
fn an_owner_without_a_known_home_is_read_by_the_whole_citys_officers_only() {
    let stranger = Resource::owner(ids::OwnerId::derive("somebody"));
    let readers = readers("registry.GetOwner", &stranger);
    assert_eq!(readers, [Role::Authority, Role::Auditor]);
}

#[test]
fn two_roles_grant_what_each_grants() {
    let access = Access::embedded();
    let both = someone(Role::Owner)
        .with_role(Role::CommitteeMember)
        .with_committee_of(area());
    let ballot = here(ResourceKind::Ballot);
    assert!(access.allows(&both, "committees.CastVote", &ballot));
    assert!(access.allows(&both, "committees.AnnounceBallot", &ballot));
    let role = |action| access.acting_role(&both, action, &ballot);
    assert_eq!(role("committees.CastVote"), Some(Role::Owner));
    assert_eq!(role("committees.AnnounceBallot"), Some(Role::CommitteeMember));
    assert_eq!(
        access.acting_role(&both, "funds.PayDraw", &here(ResourceKind::Draw)),
        None
    );
}

#[test]
fn a_service_does_only_what_its_reactions_need() {
    let access = Access::embedded();
    let committees = Principal::service("committees");
    let funds = Principal::service("funds");
    let (area, ballot) = (here(ResourceKind::Area), here(ResourceKind::Ballot));
    assert!(access.allows(&committees, "registry.StreamRoll", &area));
    assert!(access.allows(&committees, "committees.PrepareBallot", &area));
    assert!(!access.allows(&committees, "committees.CastVote", &ballot));
    assert!(!access.allows(&committees, "funds.PayDraw", &here(ResourceKind::Draw)));
    assert!(!access.allows(&funds, "committees.PrepareBallot", &area));
}
