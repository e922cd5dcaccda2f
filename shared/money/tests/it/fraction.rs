//! Fractions of the law: the edges of E1, E4, E9 and E24.

use money::{AmountError, Fraction};
use proptest::prelude::*;

fn fraction(text: &str) -> Fraction {
    text.parse().unwrap()
}

#[test]
fn two_thirds_include_equality() {
    let two_thirds = fraction("2/3");
    assert!(two_thirds.is_reached_by(56, 84));
    assert!(!two_thirds.is_reached_by(55, 84));
    // 10,000.00 m²: 6,666.67 reaches it, 6,666.66 does not.
    assert!(two_thirds.is_reached_by(666_667, 1_000_000));
    assert!(!two_thirds.is_reached_by(666_666, 1_000_000));
}

#[test]
fn more_than_half_excludes_the_half() {
    let half = fraction("1/2");
    assert!(!half.is_exceeded_by(30, 60));
    assert!(half.is_exceeded_by(31, 60));
    assert!(!half.is_exceeded_by(360_000, 720_000));
    assert!(half.is_exceeded_by(360_001, 720_000));
}

#[test]
fn three_quarters_include_equality() {
    let three_quarters = fraction("3/4");
    assert!(three_quarters.is_reached_by(540_000, 720_000));
    assert!(three_quarters.is_reached_by(42, 56));
    assert!(!three_quarters.is_reached_by(41, 56));
}

#[test]
fn the_replenish_line_itself_is_not_below_it() {
    let line = fraction("3/10");
    assert!(line.is_reached_by(240_000, 800_000));
    assert!(!line.is_reached_by(239_999, 800_000));
}

#[test]
fn parts_of_an_amount_round_as_asked() {
    // E24: 68,432.50 m² at 7‰ are 479.0275, so at least 479.03.
    assert_eq!(fraction("7/1000").of_ceil(6_843_250), Ok(47_903));
    assert_eq!(fraction("7/1000").of_floor(6_843_250), Ok(47_902));
    // E11: 2 % of 123,456,789.00 yuan.
    assert_eq!(fraction("2/100").of_floor(12_345_678_900), Ok(246_913_578));
    assert_eq!(fraction("1/2").of_floor(-3), Ok(-2));
    assert_eq!(fraction("1/2").of_ceil(-3), Ok(-1));
    assert_eq!(
        fraction("2/1").of_floor(i64::MAX),
        Err(AmountError::AmountTooLarge)
    );
}

#[test]
fn malformed_fractions_are_refused() {
    for text in [
        "",
        "2",
        "2/",
        "/3",
        "2/0",
        "-2/3",
        "2/-3",
        "+2/3",
        " 2/3",
        "2/3/4",
        "0.5/1",
        "9223372036854775808/1",
    ] {
        let refusal = text.parse::<Fraction>().unwrap_err();
        assert_eq!(refusal.reason(), "FRACTION_MALFORMED", "{text:?}");
    }
    assert!(Fraction::new(-1, 2).is_err());
    assert!(Fraction::new(1, 0).is_err());
    assert_eq!(fraction("0/1").numerator(), 0);
}

#[test]
fn serde_is_the_text() {
    let two_thirds = fraction("2/3");
    assert_eq!(serde_json::to_string(&two_thirds).unwrap(), "\"2/3\"");
    assert_eq!(serde_json::from_str::<Fraction>("\"2/3\"").unwrap(), two_thirds);
    assert!(serde_json::from_str::<Fraction>("\"2/0\"").is_err());
}

proptest! {
    #[test]
    fn comparisons_are_exact_at_any_size(
        part in any::<i64>(), whole in any::<i64>(), above in 0..=i64::MAX, below in 1..=i64::MAX,
    ) {
        let fraction = Fraction::new(above, below).unwrap();
        let left = i128::from(part) * i128::from(below);
        let right = i128::from(whole) * i128::from(above);
        prop_assert_eq!(fraction.is_reached_by(part, whole), left >= right);
        prop_assert_eq!(fraction.is_exceeded_by(part, whole), left > right);
    }

    #[test]
    fn floor_and_ceiling_enclose_the_exact_part(
        amount in any::<i64>(), above in 0..1000_i64, below in 1..1000_i64,
    ) {
        let fraction = Fraction::new(above, below).unwrap();
        if let (Ok(floor), Ok(ceil)) = (fraction.of_floor(amount), fraction.of_ceil(amount)) {
            let exact = i128::from(amount) * i128::from(above);
            let below = i128::from(below);
            prop_assert!(i128::from(floor) * below <= exact && exact < (i128::from(floor) + 1) * below);
            prop_assert!((i128::from(ceil) - 1) * below < exact && exact <= i128::from(ceil) * below);
        }
    }
}
