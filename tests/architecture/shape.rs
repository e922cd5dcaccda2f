//! Files and crates have the shape that a newcomer expects.

use crate::assert_none;
use crate::tree;

/// Lines a file may have.
const LINES_MAX: usize = 500;

fn too_long(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > LINES_MAX)
        .then(|| format!("{path}: {lines} lines; split it by subject, {LINES_MAX} are allowed"))
}

/// The first line that is neither empty nor an attribute of the file must be `//!`, or the README must be the docs.
fn without_head(path: &str, text: &str) -> Option<String> {
    if text.contains("#![doc = include_str!(") {
        return None;
    }
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("#!["));
    let told = first.is_some_and(|line| line.starts_with("//! ") && line.len() > "//! ".len());
    (!told).then(|| format!("{path}: begins without `//!`; say in a sentence what the file is for"))
}

#[test]
fn no_file_is_longer_than_500_lines() {
    assert_none(
        "file length",
        tree::rust_files()
            .iter()
            .filter_map(|file| too_long(&file.path, &file.text))
            .collect(),
    );
}

#[test]
fn every_file_says_what_it_is_for() {
    assert_none(
        "head of file",
        tree::rust_files()
            .iter()
            .filter_map(|f| without_head(&f.path, &f.text))
            .collect(),
    );
}

#[test]
fn every_crate_has_a_readme() {
    let root = tree::root();
    let missing = |folder: &str| {
        let readme = std::fs::read_to_string(root.join(folder).join("README.md")).unwrap_or_default();
        readme
            .trim()
            .is_empty()
            .then(|| format!("{folder}: README.md is missing or empty"))
    };
    assert_none(
        "README",
        tree::packages()
            .iter()
            .filter_map(|package| missing(&package.folder))
            .collect(),
    );
}

#[test]
fn the_checks_can_fail() {
    assert!(too_long("a.rs", &"x\n".repeat(501)).is_some());
    assert!(too_long("a.rs", &"x\n".repeat(500)).is_none());
    assert!(without_head("a.rs", "use std::fmt;\n").is_some());
    assert!(without_head("a.rs", "//!\nuse std::fmt;\n").is_some());
    assert!(without_head("a.rs", "").is_some());
    assert!(without_head("a.rs", "#![allow(dead_code)]\n\n//! Why.\n").is_none());
    assert!(without_head("a.rs", "#![doc = include_str!(\"../README.md\")]\n").is_none());
}
