//! Every event has somebody who reacts to it, or a line that says who outside the platform it is for.

use std::collections::{BTreeMap, BTreeSet};

use proto::catalog::{self, EventType};

use crate::assert_none;
use crate::source;
use crate::tree;

/// Events that no service of ours reacts to: full name, blank, whom they are for.
const EXTERNAL: &str = include_str!("external_events.txt");

/// The list of external events: name to reader.
fn external(text: &str) -> Result<BTreeMap<&str, &str>, String> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, reader) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            if reader.trim().is_empty() {
                Err(format!("external_events.txt: {name}: say whom it is for"))
            } else {
                Ok((name, reader.trim()))
            }
        })
        .collect()
}

/// The words of a file of reactions. Naming an event's type there is reacting to it: an import that nothing uses is
/// refused by clippy.
fn words(text: &str) -> BTreeSet<String> {
    let code = source::without_tests(&source::code(text));
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn is_reactions(path: &str) -> bool {
    path.starts_with("services/")
        && (path.ends_with("/src/api/reactions.rs") || path.contains("/src/api/reactions/"))
}

fn violations(
    events: &[(&str, &str)],
    handled: &BTreeSet<String>,
    external: &BTreeMap<&str, &str>,
) -> Vec<String> {
    let mut found = Vec::new();
    for (full_name, short) in events {
        match (handled.contains(*short), external.contains_key(full_name)) {
            (false, false) => found.push(format!(
                "{full_name}: no service reacts to it, and external_events.txt does not say whom it is for"
            )),
            (true, true) => found.push(format!(
                "{full_name}: a service reacts to it now; take it out of external_events.txt"
            )),
            _ => {}
        }
    }
    let known: BTreeSet<&str> = events.iter().map(|(full_name, _)| *full_name).collect();
    found.extend(
        external
            .keys()
            .filter(|name| !known.contains(*name))
            .map(|name| format!("{name}: listed in external_events.txt, and no such event")),
    );
    found
}

#[test]
fn every_event_has_a_reader() {
    let events: Vec<(&str, &str)> = catalog::events()
        .iter()
        .map(|EventType { full_name, .. }| {
            (
                full_name.as_str(),
                full_name.rsplit('.').next().unwrap_or_default(),
            )
        })
        .collect();
    assert!(!events.is_empty(), "the contract has no event");
    let files = tree::rust_files();
    let handled = files
        .iter()
        .filter(|file| is_reactions(&file.path))
        .flat_map(|file| words(&file.text))
        .collect();
    let external = external(EXTERNAL).unwrap();
    assert_none("events", violations(&events, &handled, &external));
}

#[test]
fn the_check_can_fail() {
    let text = "Reaction::new(\"on_a\", \"funds\").on(move |ctx, received: Received<pb::DrawPaid>| {}) // Received<pb::Not>";
    let handled = words(text);
    assert!(handled.contains("DrawPaid") && !handled.contains("Not"));
    let paid = ("heju.funds.v1.DrawPaid", "DrawPaid");
    let proposed = ("heju.funds.v1.DrawProposed", "DrawProposed");
    assert_eq!(violations(&[paid, proposed], &handled, &BTreeMap::new()).len(), 1);
    assert_eq!(
        violations(&[paid], &handled, &BTreeMap::from([(paid.0, "auditors")])).len(),
        1
    );
    assert_eq!(
        violations(
            &[paid],
            &handled,
            &BTreeMap::from([("heju.funds.v1.Gone", "auditors")])
        )
        .len(),
        1
    );
    assert_eq!(
        violations(
            &[paid, proposed],
            &handled,
            &BTreeMap::from([(proposed.0, "departments")])
        )
        .len(),
        0
    );
    assert!(external("# comment\nheju.funds.v1.DrawPaid\n").is_err());
}
