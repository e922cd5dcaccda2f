//! Reading, writing and adding amounts and areas.

use money::{AmountError, Area, Fen};
use proptest::prelude::*;

#[test]
fn yuan_are_read_as_written_by_a_person() {
    for (text, fen) in [
        ("0", 0),
        ("0.01", 1),
        ("1", 100),
        ("1.5", 150),
        ("1234.56", 123_456),
        ("0001.00", 100),
        ("92233720368547758.07", i64::MAX),
    ] {
        assert_eq!(Fen::parse_yuan(text), Ok(Fen(fen)), "{text}");
    }
    assert_eq!(Area::parse_m2("89.37"), Ok(Area(8937)));
}

#[test]
fn everything_else_is_refused_with_its_reason() {
    use AmountError::{
        AmountEmpty, AmountFullWidth, AmountMalformed, AmountSigned, AmountTooLarge, AmountTooPrecise,
    };
    let wrong = [
        ("", AmountEmpty),
        ("-1", AmountSigned),
        ("+1", AmountSigned),
        ("\u{2212}1", AmountSigned),
        ("１２", AmountFullWidth),
        ("12．5", AmountFullWidth),
        ("－1", AmountFullWidth),
        ("￥12", AmountFullWidth),
        ("1.234", AmountTooPrecise),
        ("1.230", AmountTooPrecise),
        ("1.", AmountMalformed),
        (".5", AmountMalformed),
        (".", AmountMalformed),
        ("1e3", AmountMalformed),
        ("1,234.56", AmountMalformed),
        ("1.2.3", AmountMalformed),
        (" 1", AmountMalformed),
        ("1 ", AmountMalformed),
        ("0x10", AmountMalformed),
        ("NaN", AmountMalformed),
        ("12元", AmountMalformed),
        ("1.-5", AmountMalformed),
        ("٣", AmountMalformed),
        ("92233720368547758.08", AmountTooLarge),
        ("99999999999999999999999999", AmountTooLarge),
    ];
    for (text, refusal) in wrong {
        assert_eq!(Fen::parse_yuan(text), Err(refusal), "{text}");
        assert_eq!(Area::parse_m2(text), Err(refusal), "{text}");
        assert!(refusal.reason().starts_with("AMOUNT_"));
        assert!(!refusal.zh().is_empty());
    }
}

#[test]
fn amounts_are_written_with_groups_and_two_decimals() {
    for (fen, text) in [
        (0, "0.00"),
        (5, "0.05"),
        (99_999, "999.99"),
        (100_000, "1,000.00"),
        (123_456, "1,234.56"),
        (-123_456_789, "-1,234,567.89"),
        (i64::MIN, "-92,233,720,368,547,758.08"),
    ] {
        assert_eq!(Fen(fen).to_string(), text);
    }
    assert_eq!(Area(8937).to_string(), "89.37");
    assert_eq!(Area(5).to_string(), "0.05");
    assert_eq!(Area(1_000_000).to_string(), "10000.00");
    assert_eq!(format!("{:>10}", Fen(100)), "      1.00");
}

#[test]
fn overflow_is_refused() {
    let refusal = Err(AmountError::AmountTooLarge);
    assert_eq!(Fen(i64::MAX).checked_add(Fen(1)), refusal);
    assert_eq!(Fen(i64::MIN).checked_sub(Fen(1)), refusal);
    assert_eq!(Fen(i64::MIN).checked_neg(), refusal);
    assert_eq!(Fen::try_sum([Fen(i64::MAX), Fen(1)]), refusal);
    assert_eq!(Fen::try_sum([Fen(i64::MAX), Fen(1), Fen(-1)]), Ok(Fen(i64::MAX)));
    assert_eq!(Fen::try_sum([]), Ok(Fen::ZERO));
    let refusal = Err(AmountError::AmountTooLarge);
    assert_eq!(Area(i64::MAX).checked_add(Area(1)), refusal);
    assert_eq!(Area::try_sum([Area(i64::MAX), Area(1)]), refusal);
}

#[test]
fn serde_is_the_plain_number() {
    assert_eq!(serde_json::to_string(&Fen(-5)).unwrap(), "-5");
    assert_eq!(serde_json::from_str::<Area>("8937").unwrap(), Area(8937));
    assert!(serde_json::from_str::<Fen>("1.5").is_err());
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(fen in 0..=i64::MAX) {
        let plain = Fen(fen).to_string().replace(',', "");
        prop_assert_eq!(Fen::parse_yuan(&plain), Ok(Fen(fen)));
        prop_assert_eq!(Area::parse_m2(&Area(fen).to_string()), Ok(Area(fen)));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,24}|[-+0-9.,０-９]{0,24}") {
        let _ = Fen::parse_yuan(&text);
    }
}
