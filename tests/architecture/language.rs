//! What the language offers and we do not use.

use crate::assert_none;
use crate::source;
use crate::tree::{self, SourceFile};

/// Crates whose `src` is test code itself.
const TEST_CRATES: &[&str] = &["shared/testkit/", "tests/"];
/// Lines between `#[expect(clippy::…, reason = …)]` and what it excuses.
const REASON_WITHIN: usize = 8;

/// True for files that end up in a program.
fn is_production(path: &str) -> bool {
    path.contains("/src/")
        && !TEST_CRATES.iter().any(|folder| path.starts_with(folder))
        && !path.ends_with("/tests.rs")
        && !path.contains("/tests/")
}

/// Places where code gives up instead of answering, unless it says why that cannot happen.
fn panics(path: &str, text: &str) -> Vec<String> {
    let code = source::without_tests(&source::code(text));
    let lines: Vec<&str> = text.lines().collect();
    let excused = |line: usize| {
        lines[line.saturating_sub(REASON_WITHIN)..line]
            .iter()
            .any(|line| line.contains("clippy::expect_used"))
    };
    code.lines()
        .enumerate()
        .filter(|(_, line)| line.contains(".unwrap()") || line.contains(".expect("))
        .filter(|(number, _)| !excused(*number))
        .map(|(number, _)| format!("{path}:{}: unwrap or expect; return an error instead", number + 1))
        .collect()
}

/// True for files that money, area and votes pass through.
fn is_exact(path: &str) -> bool {
    let domain =
        path.starts_with("services/") && (path.contains("/src/domain/") || path.ends_with("/src/domain.rs"));
    domain || path.starts_with("shared/money/src/") || path.starts_with("shared/rules/src/")
}

/// Places where a binary fraction could come in.
fn floats(path: &str, text: &str) -> Vec<String> {
    let code = source::code(text);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let named = |line: &str| {
        line.split(|c| !is_word(c))
            .any(|word| matches!(word, "f32" | "f64"))
    };
    let literal = |line: &str| {
        let chars: Vec<char> = line.chars().collect();
        chars.windows(3).enumerate().any(|(at, three)| {
            let begins = |at: usize| {
                let start = chars[..=at].iter().rposition(|c| !is_word(*c));
                // `pair.0.1` is a field of a field.
                start.is_none_or(|start| chars[start] != '.' && chars[start + 1].is_ascii_digit())
            };
            three[0].is_ascii_digit() && three[1] == '.' && three[2].is_ascii_digit() && begins(at)
        })
    };
    code.lines()
        .enumerate()
        .filter(|(_, line)| named(line) || literal(line))
        .map(|(number, _)| format!("{path}:{}: floating point; use Fen, Area or Fraction", number + 1))
        .collect()
}

fn over(wanted: fn(&str) -> bool, check: fn(&str, &str) -> Vec<String>) -> Vec<String> {
    let files: Vec<SourceFile> = tree::rust_files()
        .into_iter()
        .filter(|file| wanted(&file.path))
        .collect();
    assert!(!files.is_empty(), "the rule looks at no file");
    files
        .iter()
        .flat_map(|file| check(&file.path, &file.text))
        .collect()
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    assert_none("unwrap and expect", over(is_production, panics));
}

#[test]
fn no_floating_point_near_money_area_and_votes() {
    assert_none("floating point", over(is_exact, floats));
}

#[test]
fn the_checks_can_fail() {
    assert_eq!(
        panics("a.rs", "fn a() {\n    b.unwrap();\n    c.expect(\"d\");\n}").len(),
        2
    );
    assert!(panics("a.rs", "// b.unwrap()\nfn a() { b.unwrap_or(1); }").is_empty());
    assert!(panics("a.rs", "#[cfg(test)]\nmod tests { fn a() { b.unwrap() } }").is_empty());
    assert!(
        panics(
            "a.rs",
            "#[expect(clippy::expect_used, reason = \"a test proves it\")]\na.expect(\"b\")"
        )
        .is_empty()
    );
    assert_eq!(
        floats("a.rs", "let a: f64 = b;\nlet c = 1.5;\nlet d = 0.1_f32;").len(),
        3
    );
    assert!(
        floats(
            "a.rs",
            "let a = pair.0.1; // 1.5\nfor i in 0..10 {}\nlet b = 1.max(2); let f64_like = 3;"
        )
        .is_empty()
    );
    assert!(is_exact("services/funds/src/domain/ledger.rs") && !is_exact("services/funds/src/store.rs"));
    assert!(is_production("shared/db/src/lib.rs") && !is_production("shared/testkit/src/lib.rs"));
}
