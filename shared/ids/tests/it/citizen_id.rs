//! Citizen identity numbers. The only real-looking number is the standard's own example.

use ids::{CitizenId, Fault};
use proptest::prelude::*;

#[test]
fn the_standards_example_is_valid() {
    assert_eq!(CitizenId::check_char("34052419800101001"), Ok('X'));
    let id: CitizenId = "34052419800101001x".parse().unwrap();
    assert_eq!(id.as_str(), "34052419800101001X");
    assert_eq!(id.born_on().to_string(), "1980-01-01");
}

#[test]
fn a_wrong_check_character_is_refused() {
    for check in "0123456789".chars() {
        let refusal = format!("34052419800101001{check}").parse::<CitizenId>();
        let refusal = refusal.unwrap_err();
        assert_eq!(refusal.reason(), "CITIZEN_ID_CHECK_FAILED");
    }
}

fn with_check(body: &str) -> String {
    format!("{body}{}", CitizenId::check_char(body).unwrap())
}

#[test]
fn impossible_birth_dates_are_refused() {
    for date in [
        "19800230", "19801301", "19800100", "18991231", "21000101", "20230229",
    ] {
        let refusal = with_check(&format!("330783{date}001")).parse::<CitizenId>();
        assert_eq!(refusal.unwrap_err().fault, Fault::BirthDate, "{date}");
    }
    assert!(with_check("33078320240229001").parse::<CitizenId>().is_ok());
}

#[test]
fn residents_of_hong_kong_macao_and_taiwan_have_numbers_too() {
    for region in ["810000", "820000", "830000"] {
        assert!(
            with_check(&format!("{region}19800101001"))
                .parse::<CitizenId>()
                .is_ok()
        );
    }
    let refusal = with_check("99078319800101001").parse::<CitizenId>();
    assert_eq!(refusal.unwrap_err().fault, Fault::Province);
}

#[test]
fn malformed_numbers_are_refused_and_never_repeated() {
    for text in [
        "",
        "340524800101001",
        "3405241980010100 1X",
        "X4052419800101001X",
        "３4052419800101001X",
    ] {
        let refusal = text.parse::<CitizenId>().unwrap_err();
        assert_eq!(refusal.reason(), "CITIZEN_ID_MALFORMED", "{text:?}");
        assert!(!refusal.to_string().contains("8001010"));
        assert!(!refusal.zh().contains("8001010"));
    }
}

#[test]
fn debug_hides_the_number() {
    let id: CitizenId = "34052419800101001X".parse().unwrap();
    assert_eq!(format!("{id:?}"), "CitizenId(hidden)");
}

proptest! {
    #[test]
    fn a_computed_check_character_is_accepted(
        year in 1900..2100, month in 1..13, day in 1..29, sequence in 0..1000,
    ) {
        let body = format!("330783{year:04}{month:02}{day:02}{sequence:03}");
        prop_assert!(with_check(&body).parse::<CitizenId>().is_ok());
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,19}|[0-9Xx]{17,19}") {
        let _ = text.parse::<CitizenId>();
    }
}
