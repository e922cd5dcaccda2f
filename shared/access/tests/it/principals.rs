//! Principals: what they say of themselves, and what they keep to themselves.

use access::{Principal, Role};
use strum::IntoEnumIterator;

use crate::world::*;

#[test]
fn roles_are_spelt_as_in_the_contract() {
    let spelt: Vec<&str> = Role::iter().map(Role::as_str).collect();
    assert_eq!(
        spelt.join(", "),
        "owner, committee_member, firm, association, community, street, authority, department, auditor, administrator"
    );
    for role in Role::iter() {
        assert_eq!(role.as_str().parse::<Role>().unwrap(), role);
        assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
    }
}

#[test]
fn the_audit_names_the_most_official_role() {
    let both = someone(Role::Owner).with_role(Role::Street);
    assert_eq!(both.acting_role(), "street");
    assert_eq!(Principal::service("funds").acting_role(), "service");
    assert_eq!(Principal::anonymous().acting_role(), "anonymous");
}

#[test]
fn debug_output_does_not_tell_the_name() {
    let person = someone(Role::Owner);
    assert!(!format!("{person:?}").contains(&person.name));
}

#[test]
fn an_organisation_is_a_firm_or_an_area() {
    assert_eq!(someone(Role::Firm).firm_id(), Some(firm()));
    assert_eq!(someone(Role::Firm).area_id(), None);
    assert_eq!(someone(Role::CommitteeMember).area_id(), Some(area()));
}
