//! What a rule file is refused for, by changing the one that ships.

use proptest::prelude::*;
use rules::{RuleError, RuleSet};

use crate::day;

const SHIPPED: &str = include_str!("../../../../seeds/rules/330783.toml");

const PARTICIPATION: &str = "[[vote.participation]]\nfrom = \"2021-01-01\"\nvalue = \"2/3\"\n";

fn changed(from: &str, to: &str) -> Result<RuleSet, RuleError> {
    assert!(SHIPPED.contains(from), "{from}");
    RuleSet::parse(&SHIPPED.replacen(from, to, 1))
}

fn added(text: &str) -> Result<RuleSet, RuleError> {
    RuleSet::parse(&format!("{SHIPPED}\n{text}"))
}

fn participation(from: &str, until: Option<&str>, value: &str) -> String {
    let until = until.map_or(String::new(), |until| format!("until = \"{until}\"\n"));
    format!("[[vote.participation]]\nfrom = \"{from}\"\n{until}value = \"{value}\"\narticle = \"x\"\n")
}

#[test]
fn a_later_dated_value_takes_over_on_its_day() {
    let set = added(&participation("2027-01-01", None, "3/5")).unwrap();
    let on = |date| set.at(day(date)).unwrap().vote.participation;
    assert_eq!(on("2026-12-31").value.to_string(), "2/3");
    assert_eq!(on("2027-01-01").value.to_string(), "3/5");
    assert_eq!(on("2027-01-01").article, "x");
}

#[test]
fn the_order_in_the_file_does_not_matter() {
    let set = added(&format!(
        "{}{}",
        participation("2029-01-01", None, "1/1"),
        participation("2027-01-01", None, "3/5")
    ))
    .unwrap();
    let on = |date| set.at(day(date)).unwrap().vote.participation.value;
    assert_eq!(on("2028-12-31").to_string(), "3/5");
    assert_eq!(on("2029-01-01").to_string(), "1/1");
}

#[test]
fn two_values_on_one_day_are_refused() {
    let same_day = added(&participation("2021-01-01", None, "3/5")).unwrap_err();
    assert_eq!(
        same_day.to_string(),
        "the values of vote.participation overlap on 2021-01-01"
    );
    assert_eq!(same_day.reason(), "RULE_SET_INVALID");

    let ends_on_the_next_ones_first_day = added(&format!(
        "{}{}",
        participation("2027-01-01", Some("2028-01-01"), "3/5"),
        participation("2028-01-01", None, "1/2")
    ));
    assert!(matches!(
        ends_on_the_next_ones_first_day,
        Err(RuleError::Overlap { .. })
    ));
}

#[test]
fn a_gap_has_no_answer() {
    let set = added(&format!(
        "{}{}",
        participation("2027-01-01", Some("2027-06-30"), "3/5"),
        participation("2028-01-01", None, "1/2")
    ))
    .unwrap();
    assert!(set.at(day("2027-06-30")).is_ok());
    assert!(matches!(
        set.at(day("2027-07-01")),
        Err(RuleError::Missing { .. })
    ));
    assert!(set.at(day("2028-01-01")).is_ok());
}

#[test]
fn a_value_without_a_date_is_refused() {
    let text = PARTICIPATION.replace("from = \"2021-01-01\"\n", "");
    let refusal = changed(PARTICIPATION, &text).unwrap_err();
    let RuleError::Form { source } = &refusal else {
        panic!("{refusal:?}")
    };
    assert!(source.to_string().contains("from"), "{source}");
    assert_eq!(refusal.zh(), "规则文件格式不正确");
}

#[test]
fn impossible_dates_are_refused() {
    let text = PARTICIPATION.replace("2021-01-01", "2021-02-30");
    assert!(matches!(
        changed(PARTICIPATION, &text),
        Err(RuleError::Form { .. })
    ));
    let backwards = added(&participation("2027-01-01", Some("2026-12-31"), "3/5"));
    assert!(matches!(backwards, Err(RuleError::EndsBeforeItBegins { .. })));
}

#[test]
fn unknown_keys_are_refused() {
    for text in [
        "[[vote.partcipation]]\nfrom = \"2021-01-01\"\nvalue = \"2/3\"\narticle = \"x\"",
        "[[votes.participation]]\nfrom = \"2021-01-01\"\nvalue = \"2/3\"\narticle = \"x\"",
        "[[fund.replenish_below]]\nfrom = \"2027-01-01\"\nvalue = \"3/10\"\narticle = \"x\"\nnote = \"y\"",
    ] {
        assert!(matches!(added(text), Err(RuleError::Form { .. })), "{text}");
    }
    let parameter = added("[[parameter.comittee_seats]]\nfrom = \"2021-01-01\"\nvalue = 5\narticle = \"x\"");
    assert!(matches!(parameter, Err(RuleError::UnknownParameter { .. })));
}

#[test]
fn a_rule_left_out_is_refused() {
    let without = SHIPPED.replace("[[vote.notice_days]]", "[[parameter.fee_publicity_days]]");
    assert!(matches!(RuleSet::parse(&without), Err(RuleError::Form { .. })));
    let emptied = changed("jurisdiction", "vote.notice_days = []\njurisdiction");
    assert!(emptied.is_err());
}

#[test]
fn a_value_needs_an_article() {
    let refusal = changed("article = \"民法典第278条第2款\"", "article = \" \"").unwrap_err();
    assert!(matches!(refusal, RuleError::NoArticle { .. }));
}

#[test]
fn impossible_values_are_refused() {
    for (from, to) in [
        ("value = \"2/3\"", "value = \"3/2\""),
        ("value = \"2/3\"", "value = \"0/3\""),
        ("value = [6, 7, 8]", "value = [6, 10]"),
        ("value = 15\n", "value = 0\n"),
        ("value = 600\n", "value = 6000\n"),
        ("value = 10_000_000_000", "value = 0"),
    ] {
        assert!(matches!(changed(from, to), Err(RuleError::Value { .. })), "{to}");
    }
    for (from, to) in [
        ("value = \"2/3\"", "value = 0.667"),
        ("value = \"2/3\"", "value = \"2/0\""),
        ("value = 15\n", "value = -15\n"),
    ] {
        assert!(matches!(changed(from, to), Err(RuleError::Form { .. })), "{to}");
    }
}

#[test]
fn a_window_that_contradicts_itself_is_refused_on_the_day() {
    let set = changed("value = 60\n", "value = 4\n").unwrap();
    assert!(matches!(set.at(day("2026-01-01")), Err(RuleError::Value { .. })));
}

proptest! {
    #[test]
    fn no_text_panics(cut in 0_usize..2_000, junk in "\\PC{0,20}") {
        let head: String = SHIPPED.chars().take(cut).collect();
        let _ = RuleSet::parse(&format!("{head}{junk}"));
    }
}
