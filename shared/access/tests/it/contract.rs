//! The schema, the policies and the public matrix against the contract.

use std::collections::BTreeSet;
use std::path::Path;

use access::{Access, matrix};

fn rpcs() -> BTreeSet<String> {
    let calls = proto::catalog::calls().iter();
    calls
        .map(|call| format!("{}.{}", call.service, call.name))
        .collect()
}

fn actions() -> BTreeSet<String> {
    Access::embedded().actions().into_iter().collect()
}

fn list(names: impl IntoIterator<Item = String>) -> Vec<String> {
    names.into_iter().collect()
}

#[test]
fn every_rpc_is_an_action_and_every_action_an_rpc() {
    let (rpcs, actions) = (rpcs(), actions());
    assert!(!rpcs.is_empty());
    assert_eq!(
        list(&rpcs - &actions),
        list([]),
        "rpcs without an action in heju.cedarschema"
    );
    assert_eq!(
        list(&actions - &rpcs),
        list([]),
        "actions in heju.cedarschema without an rpc"
    );
}

#[test]
fn every_action_is_named_by_a_policy() {
    let named: BTreeSet<String> = Access::embedded().actions_with_policies().into_iter().collect();
    assert_eq!(
        list(&actions() - &named),
        list([]),
        "actions nobody may ever call"
    );
}

#[test]
fn every_policy_names_its_actions_and_permits() {
    for (id, text) in Access::embedded().policies() {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            text.contains("action == Action::") || text.contains("action in ["),
            "{id} speaks about every action"
        );
        assert!(
            text.contains("permit"),
            "{id} forbids: what is not permitted is refused anyway"
        );
    }
}

#[test]
fn every_policy_says_in_a_comment_what_it_follows_from() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    for service in ["registry", "committees", "funds", "gateway"] {
        let text = std::fs::read_to_string(folder.join(format!("{service}.cedar"))).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            if line.starts_with("@id(") {
                assert!(lines[at - 1].starts_with("//"), "{service}.cedar: {line}");
            }
        }
    }
}

#[test]
fn every_kind_is_read_by_an_action_that_applies_to_it() {
    use strum::IntoEnumIterator;
    let access = Access::embedded();
    for kind in access::ResourceKind::iter() {
        let kinds = access.kinds_of(kind.read_action());
        assert!(kinds.contains(&kind), "{kind:?}: {}", kind.read_action());
    }
}

#[test]
fn the_page_of_permissions_is_what_the_policies_say() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/PERMISSIONS.md");
    let written = std::fs::read_to_string(file).unwrap_or_default();
    let computed = matrix::markdown(&Access::embedded()).unwrap();
    assert!(
        written == computed,
        "docs/PERMISSIONS.md is out of date: cargo run -p heju-access --example matrix -- --write"
    );
}
