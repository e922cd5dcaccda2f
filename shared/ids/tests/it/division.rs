//! Division codes: levels, containment, subjects.

use ids::{DivisionCode, DivisionLevel};
use proptest::prelude::*;

fn code(text: &str) -> DivisionCode {
    text.parse().unwrap()
}

#[test]
fn a_code_knows_its_level_and_its_parts() {
    let community = code("330783004015");
    assert_eq!(community.level(), DivisionLevel::Community);
    assert_eq!(community.city(), code("330783"));
    assert_eq!(community.street(), Some(code("330783004")));
    assert_eq!(community.community(), Some(community));
    assert_eq!(community.parent(), Some(code("330783004")));

    let street = code("330783004");
    assert_eq!(street.level(), DivisionLevel::Street);
    assert_eq!(street.community(), None);

    let city = code("330783");
    assert_eq!(city.level(), DivisionLevel::City);
    assert_eq!((city.street(), city.parent()), (None, None));
}

#[test]
fn parents_go_upwards_from_itself() {
    let parents: Vec<String> = code("330783004015")
        .parents()
        .map(|division| division.to_string())
        .collect();
    assert_eq!(parents, ["330783004015", "330783004", "330783"]);
}

#[test]
fn a_division_contains_itself_and_what_lies_in_it() {
    let (city, street, community) = (code("330783"), code("330783004"), code("330783004015"));
    assert!(city.contains(&community) && city.contains(&street) && city.contains(&city));
    assert!(street.contains(&community));
    assert!(!community.contains(&street) && !street.contains(&city));
    assert!(!code("330783005").contains(&community));
    assert!(!code("330782").contains(&community));
}

#[test]
fn subjects_have_zeros_where_a_level_is_absent() {
    assert_eq!(code("330783004015").subject_tokens(), "330783.004.015");
    assert_eq!(code("330783004").subject_tokens(), "330783.004.000");
    assert_eq!(code("330783").subject_tokens(), "330783.000.000");
}

#[test]
fn statistical_codes_with_zeros_at_the_end_are_the_shorter_code() {
    assert_eq!(code("330783004000"), code("330783004"));
    assert_eq!(code("330783000000"), code("330783"));
    assert_eq!(code("330783000").to_string(), "330783");
}

#[test]
fn wrong_codes_are_refused() {
    let wrong = [
        "",
        "33078",
        "3307830",
        "3307830040",
        "33078300401",
        "3307830040150",
        "33078A",
        "３３０７８３",
        "990783",
        "000000",
        "330783000015",
        "-33078",
        "330783 ",
    ];
    for text in wrong {
        let refusal = text.parse::<DivisionCode>().unwrap_err();
        assert_eq!(refusal.reason(), "DIVISION_CODE_MALFORMED", "{text:?}");
        assert!(!refusal.zh().is_empty());
    }
}

#[test]
fn serde_is_the_text() {
    let street = code("330783004");
    assert_eq!(serde_json::to_string(&street).unwrap(), "\"330783004\"");
    assert_eq!(
        serde_json::from_str::<DivisionCode>("\"330783004\"").unwrap(),
        street
    );
    assert!(serde_json::from_str::<DivisionCode>("330783").is_err());
}

proptest! {
    #[test]
    fn order_and_containment_are_those_of_the_text(
        a in "330783(00[1-3](00[1-3])?)?",
        b in "330783(00[1-3](00[1-3])?)?",
    ) {
        let (left, right) = (code(&a), code(&b));
        prop_assert_eq!(left.to_string(), a.clone());
        prop_assert_eq!(left.cmp(&right), a.cmp(&b));
        prop_assert_eq!(left.contains(&right), b.starts_with(&a));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,14}|[0-9０-９]{0,13}") {
        let _ = text.parse::<DivisionCode>();
    }
}
