//! What a developer may do with what it built, though it manages nothing.

use access::ResourceKind;

use crate::refusals::allows;
use crate::world::*;

#[test]
fn a_developer_votes_with_its_own_head_and_proposes_nothing() {
    let ballot = here(ResourceKind::Ballot);
    assert!(allows(&developers_employee(), "committees.CastVote", &ballot));
    let sold_out = ballot.with_developer(None);
    assert!(!allows(&developers_employee(), "committees.CastVote", &sold_out));
    let area = here(ResourceKind::Area);
    assert!(!allows(&developers_employee(), "funds.ProposeDraw", &area));
}

#[test]
fn a_developer_records_the_early_contract_of_what_it_built_and_no_other() {
    let developer = developers_employee();
    let early = "registry.RecordEarlyContract";
    assert!(allows(&developer, early, &here(ResourceKind::Area)));
    assert!(!allows(&developer, early, &elsewhere(ResourceKind::Area)));
    assert!(!allows(
        &developer,
        "registry.RecordContract",
        &here(ResourceKind::Area)
    ));
    let contract = here(ResourceKind::Contract);
    assert!(allows(&developer, "registry.GetContract", &contract));
    assert!(!allows(&developer, "registry.DeclineRenewal", &contract));
    assert!(!allows(&developer, "registry.RecordSubcontract", &contract));
}

#[test]
fn a_developer_agrees_to_the_regrouping_of_what_it_built_and_decides_nothing() {
    let developer = developers_employee();
    let own = here(ResourceKind::Regrouping);
    assert!(allows(&developer, "registry.RecordRegroupingConsent", &own));
    assert!(allows(&developer, "registry.GetRegrouping", &own));
    let other = elsewhere(ResourceKind::Regrouping);
    assert!(!allows(&developer, "registry.RecordRegroupingConsent", &other));
    for action in [
        "registry.ProposeRegrouping",
        "registry.DecideRegrouping",
        "registry.WithdrawRegrouping",
    ] {
        assert!(!allows(&developer, action, &own), "{action}");
    }
}
