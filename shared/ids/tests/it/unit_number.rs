//! Real-estate unit numbers (E22 of the domain's examples).

use ids::{Fault, UnitNumber};
use proptest::prelude::*;

#[test]
fn a_home_in_a_building_is_read() {
    let unit: UnitNumber = "330783004015GB00001F00030012".parse().unwrap();
    assert_eq!(unit.county(), "330783");
    assert_eq!(unit.parcel(), "330783004015GB00001");
    assert!(unit.is_building());
    assert_eq!(unit.to_string().len(), 28);
}

#[test]
fn the_feature_is_one_of_four_letters() {
    for feature in ["L", "Q"] {
        let unit: UnitNumber = format!("330783004015GB00001{feature}00000001").parse().unwrap();
        assert!(!unit.is_building());
    }
    let refusal = "330783004015GB00001A00030012".parse::<UnitNumber>();
    assert_eq!(refusal.unwrap_err().fault, Fault::Character { position: 20 });
}

#[test]
fn a_bare_parcel_has_no_units() {
    assert!("330783004015GB00001W00000000".parse::<UnitNumber>().is_ok());
    let refusal = "330783004015GB00001W00000010".parse::<UnitNumber>();
    assert_eq!(refusal.unwrap_err().fault, Fault::Character { position: 27 });
}

#[test]
fn malformed_numbers_are_refused() {
    let wrong = [
        "",
        "330783004015GB00001F0003001",
        "330783004015GB00001F000300122",
        "330783004015GB00001FF00030012",
        "3307830040151B00001F00030012",
        "330783004015GB0000IF00030012",
        "99078300401５GB00001F00030012",
        "990783004015GB00001F00030012",
    ];
    for text in wrong {
        let refusal = text.parse::<UnitNumber>().unwrap_err();
        assert_eq!(refusal.reason(), "UNIT_NUMBER_MALFORMED", "{text:?}");
    }
}

proptest! {
    #[test]
    fn every_number_of_the_standards_form_is_read(
        text in "330783[0-9]{6}[A-Z]{2}[0-9]{5}[FLQ][0-9]{8}",
    ) {
        let unit: UnitNumber = text.parse().unwrap();
        prop_assert_eq!(unit.as_str(), text);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,30}") {
        let _ = text.parse::<UnitNumber>();
    }
}
