//! `docs/ERRORS.md` explains every reason that a client can meet, in both languages.

use std::collections::BTreeSet;

use proto::catalog;

use crate::assert_none;
use crate::tree;

/// A row of a table: the reason, then what it means in English and in Chinese.
fn rows(page: &str) -> Vec<(&str, Vec<&str>)> {
    page.lines()
        .filter_map(|line| line.trim().strip_prefix("| `")?.split_once('`'))
        .map(|(reason, rest)| {
            (
                reason,
                rest.trim_matches([' ', '|'])
                    .split(" | ")
                    .map(str::trim)
                    .collect(),
            )
        })
        .collect()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

fn violations(page: &str, of_contract: &BTreeSet<&str>, given: &dyn Fn(&str) -> bool) -> Vec<String> {
    let rows = rows(page);
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (reason, cells) in &rows {
        if !seen.insert(*reason) {
            found.push(format!("{reason}: stands twice"));
        }
        if cells.len() != 2
            || !cells[0].starts_with(|c: char| c.is_ascii_alphabetic())
            || cells.get(1).is_none_or(|zh| !is_chinese(zh))
        {
            found.push(format!("{reason}: needs one English and one Chinese cell"));
        }
        if !of_contract.contains(reason) && !given(reason) {
            found.push(format!("{reason}: nobody gives this reason; take it out"));
        }
    }
    found.extend(
        of_contract
            .difference(&seen)
            .map(|reason| format!("{reason}: is not explained")),
    );
    found
}

#[test]
fn errors_md_explains_every_reason() {
    let page = std::fs::read_to_string(tree::root().join("docs/ERRORS.md")).expect("docs/ERRORS.md is there");
    let of_contract = catalog::calls()
        .iter()
        .flat_map(|call| call.all_reasons())
        .collect();
    let files = tree::rust_files();
    // A reason is a literal, or the name of a variant.
    let given = |reason: &str| {
        let variant: String = reason
            .split('_')
            .map(|word| format!("{}{}", &word[..1], word[1..].to_lowercase()))
            .collect();
        let (literal, variant) = (format!("\"{reason}\""), format!("    {variant}"));
        let production = files.iter().filter(|file| file.path.contains("/src/"));
        production.into_iter().any(|file| {
            file.text.contains(&literal) || file.text.lines().any(|line| line.starts_with(&variant))
        })
    };
    assert_none("docs/ERRORS.md", violations(&page, &of_contract, &given));
}

#[test]
fn the_check_can_fail() {
    let page =
        "| reason | en | zh |\n|---|---|---|\n| `A_GONE` | It went. | 已不存在。 |\n| `B_HALF` | Half. | |\n";
    let contract = BTreeSet::from(["A_GONE", "B_HALF", "C_NEW"]);
    let found = violations(page, &contract, &|_| false);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(
        violations("| `X` | Old. | 旧。 |", &BTreeSet::new(), &|_| false).len(),
        1
    );
    assert_eq!(
        violations(
            "| `X` | Old. | 旧。 |\n| `X` | Old. | 旧。 |",
            &BTreeSet::from(["X"]),
            &|_| true
        )
        .len(),
        1
    );
    assert!(violations("| `X` | Old. | 旧。 |", &BTreeSet::from(["X"]), &|_| false).is_empty());
}
