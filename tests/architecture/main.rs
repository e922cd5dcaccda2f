//! The structure of the source tree, checked from its text, so that reviews can speak of other things.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod errors_page;
mod events;
mod independence;
mod language;
mod layers;
mod shape;
mod source;
mod tree;

/// Fails with one line per violation.
#[track_caller]
fn assert_none(rule: &str, mut violations: Vec<String>) {
    violations.sort();
    violations.dedup();
    assert!(
        violations.is_empty(),
        "{rule}: {} violations\n  {}",
        violations.len(),
        violations.join("\n  ")
    );
}
