//! Unified social credit codes (E22 of the domain's examples).

use ids::{CreditCode, Fault};
use proptest::prelude::*;

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

#[test]
fn the_standards_example_is_valid() {
    assert_eq!(CreditCode::check_char("91350100M000100Y4"), Ok('3'));
    let code: CreditCode = "91350100M000100Y43".parse().unwrap();
    assert_eq!(code.as_str(), "91350100M000100Y43");
}

#[test]
fn remainder_zero_gives_the_character_zero() {
    assert_eq!(CreditCode::check_char("91330783MA2E40029"), Ok('0'));
    assert!("91330783MA2E400290".parse::<CreditCode>().is_ok());
}

#[test]
fn a_wrong_check_character_is_refused() {
    for check in ALPHABET.chars().filter(|c| *c != '3') {
        let text = format!("91350100M000100Y4{check}");
        let refusal = text.parse::<CreditCode>().unwrap_err();
        assert_eq!(refusal.fault, Fault::Check);
        assert_eq!(refusal.reason(), "CREDIT_CODE_CHECK_FAILED");
    }
}

#[test]
fn letters_outside_the_alphabet_are_refused() {
    for letter in "IOSVZ".chars() {
        let text = format!("91350100M000100Y4{letter}");
        let refusal = text.parse::<CreditCode>().unwrap_err();
        assert_eq!(refusal.fault, Fault::Character { position: 18 });
        assert_eq!(refusal.reason(), "CREDIT_CODE_MALFORMED");
    }
}

#[test]
fn other_malformed_codes_are_refused() {
    let wrong = [
        "",
        "91350100M000100Y4",
        "91350100M000100Y433",
        "9135010AM000100Y43",
        "91350100M000100Y4３",
        "91350100-M00100Y43",
    ];
    for text in wrong {
        let refusal = text.parse::<CreditCode>().unwrap_err();
        assert_eq!(refusal.reason(), "CREDIT_CODE_MALFORMED", "{text:?}");
    }
    assert!(CreditCode::check_char("91350100M000100Y43").is_err());
}

#[test]
fn small_letters_become_capitals() {
    let code: CreditCode = "91350100m000100y43".parse().unwrap();
    assert_eq!(code.to_string(), "91350100M000100Y43");
}

proptest! {
    #[test]
    fn a_computed_check_character_is_accepted(
        body in "[159][1-9][0-9]{6}[0-9A-HJ-NP-RTUWXY]{9}",
    ) {
        let check = CreditCode::check_char(&body).unwrap();
        prop_assert!(ALPHABET.contains(check));
        let whole = format!("{body}{check}");
        prop_assert!(whole.parse::<CreditCode>().is_ok());
    }

    #[test]
    fn one_mistyped_digit_is_noticed(
        body in "9133[0-9]{4}[0-9]{9}",
        place in 4_usize..17,
        shift in 1_u8..10,
    ) {
        let check = CreditCode::check_char(&body).unwrap();
        let mut bytes = format!("{body}{check}").into_bytes();
        bytes[place] = b'0' + (bytes[place] - b'0' + shift) % 10;
        let mistyped = String::from_utf8(bytes).unwrap();
        prop_assert!(mistyped.parse::<CreditCode>().is_err());
    }
}
