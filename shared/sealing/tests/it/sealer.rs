//! Sealed fields open where they belong and nowhere else.

use proptest::prelude::*;
use sealing::{KeyError, Keys, SealError, Sealer};

const FIRST: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const SECOND: &str = "2222222222222222222222222222222222222222222222222222222222222222";
const INDEX: &str = "3333333333333333333333333333333333333333333333333333333333333333";

fn sealer(keys: &[(&str, &str)], current: &str) -> Sealer {
    Sealer::new(Keys::from_hex(keys.iter().copied(), current, INDEX).unwrap())
}

fn first() -> Sealer {
    sealer(&[("k1", FIRST)], "k1")
}

#[test]
fn a_field_opens_where_it_was_sealed() {
    let sealed = first().seal("owner.name", "owner_1", "张三").unwrap();
    assert!(sealed.starts_with("v1.k1."), "{sealed}");
    assert!(!sealed.contains("张三"));
    assert_eq!(
        first().open("owner.name", "owner_1", &sealed),
        Ok("张三".to_owned())
    );
}

#[test]
fn it_opens_nowhere_else() {
    let sealed = first().seal("owner.name", "owner_1", "张三").unwrap();
    for (field, record) in [
        ("owner.mobile", "owner_1"),
        ("owner.name", "owner_2"),
        ("owner.nameowner_1", ""),
        ("owner.nam", "eowner_1"),
    ] {
        assert_eq!(first().open(field, record, &sealed), Err(SealError::Broken));
    }
    assert_eq!(SealError::Broken.reason(), "SEAL_BROKEN");
}

#[test]
fn equal_texts_are_sealed_differently() {
    let seal = || first().seal("owner.name", "owner_1", "张三").unwrap();
    assert_ne!(seal(), seal());
}

#[test]
fn a_changed_seal_does_not_open() {
    let sealed = first().seal("owner.name", "owner_1", "张三").unwrap();
    let mut refused = 0;
    for index in 0..sealed.len() {
        for replacement in ["A", "B"] {
            let mut changed = sealed.clone();
            changed.replace_range(index..=index, replacement);
            if changed != sealed {
                assert!(
                    first().open("owner.name", "owner_1", &changed).is_err(),
                    "{index}"
                );
                refused += 1;
            }
        }
    }
    assert!(refused > sealed.len());
    let cut = &sealed[..sealed.len() - 4];
    assert!(first().open("owner.name", "owner_1", cut).is_err());
}

#[test]
fn malformed_seals_are_told_apart_from_missing_keys() {
    for text in [
        "",
        "v1",
        "v1.",
        "v1.k1",
        "v2.k1.AAAA",
        "v1.K1.AAAA",
        "v1..AAAA",
        "v1.k1.",
        "v1.k1.AAAA",
        "v1.k1.***",
        "张三",
    ] {
        assert_eq!(first().open("f", "r", text), Err(SealError::Malformed), "{text}");
    }
    let refusal = first().open("f", "r", "v1.k9.AAAA").unwrap_err();
    assert_eq!(refusal, SealError::KeyUnknown { id: "k9".to_owned() });
    assert!(!refusal.zh().is_empty());
}

#[test]
fn keys_rotate() {
    let before = first();
    let after = sealer(&[("k1", FIRST), ("k2", SECOND)], "k2");
    let sealed = before.seal("owner.name", "owner_1", "张三").unwrap();
    assert_eq!(after.is_outdated(&sealed), Ok(true));

    let anew = after.reseal("owner.name", "owner_1", &sealed).unwrap();
    assert!(anew.starts_with("v1.k2."));
    assert_eq!(after.is_outdated(&anew), Ok(false));

    let retired = sealer(&[("k2", SECOND)], "k2");
    assert_eq!(
        retired.open("owner.name", "owner_1", &anew),
        Ok("张三".to_owned())
    );
    assert!(matches!(
        retired.open("owner.name", "owner_1", &sealed),
        Err(SealError::KeyUnknown { .. })
    ));
}

#[test]
fn the_key_named_in_the_text_is_part_of_the_seal() {
    // Two ids for one key: renaming it in the text must not go unnoticed.
    let sealed = first().seal("f", "r", "x").unwrap();
    let renamed = sealed.replace("v1.k1.", "v1.k2.");
    let both = sealer(&[("k1", FIRST), ("k2", FIRST)], "k1");
    assert_eq!(both.open("f", "r", &renamed), Err(SealError::Broken));
}

#[test]
fn blind_indexes_find_equal_values_of_one_field() {
    let index = first().blind_index("owner.document", "34052419800101001X");
    assert_eq!(index, first().blind_index("owner.document", "34052419800101001X"));
    assert_ne!(index, first().blind_index("owner.document", "340524198001010010"));
    assert_ne!(index, first().blind_index("owner.mobile", "34052419800101001X"));
    assert_ne!(first().blind_index("ab", "c"), first().blind_index("a", "bc"));

    let rotated = sealer(&[("k2", SECOND)], "k2");
    assert_eq!(index, rotated.blind_index("owner.document", "34052419800101001X"));
    let other = Keys::from_hex([("k1", FIRST)], "k1", SECOND).unwrap();
    assert_ne!(
        index,
        Sealer::new(other).blind_index("owner.document", "34052419800101001X")
    );
}

#[test]
fn wrong_keys_are_refused_without_being_named() {
    let keys = |keys: &[(&str, &str)], current: &str| {
        Keys::from_hex(keys.iter().copied(), current, INDEX).unwrap_err()
    };
    let short = keys(&[("k1", &FIRST[2..])], "k1");
    assert_eq!(short, KeyError::Form { id: "k1".to_owned() });
    assert!(!short.to_string().contains("1111"));
    assert!(matches!(
        keys(&[("k1", &FIRST.replace('1', "g"))], "k1"),
        KeyError::Form { .. }
    ));
    assert_eq!(keys(&[("k.1", FIRST)], "k.1"), KeyError::Id);
    assert_eq!(keys(&[("", FIRST)], ""), KeyError::Id);
    assert!(matches!(
        keys(&[("k1", FIRST), ("k1", SECOND)], "k1"),
        KeyError::Twice { .. }
    ));
    assert!(matches!(
        keys(&[("k1", FIRST)], "k2"),
        KeyError::CurrentMissing { .. }
    ));
    assert!(matches!(keys(&[("k1", INDEX)], "k1"), KeyError::Shared { .. }));
    assert!(Keys::from_hex([("k1", FIRST)], "k1", "").is_err());
}

#[test]
fn debug_prints_ids_only() {
    let text = format!("{:?}", sealer(&[("k1", FIRST), ("k2", SECOND)], "k2"));
    assert!(text.contains("k1") && text.contains("k2"), "{text}");
    assert!(
        !text.contains("1111") && !text.contains("17, 17") && !text.contains("51, 51"),
        "{text}"
    );
}

#[test]
fn a_field_has_its_limit() {
    let long = "x".repeat(64 * 1024 + 1);
    assert_eq!(first().seal("f", "r", &long), Err(SealError::TooLong));
    assert!(first().seal("f", "r", &long[1..]).is_ok());
}

proptest! {
    #[test]
    fn every_text_survives(field in "[a-z.]{0,12}", record in "\\PC{0,12}", plain in "\\PC{0,80}") {
        let sealed = first().seal(&field, &record, &plain).unwrap();
        prop_assert_eq!(first().open(&field, &record, &sealed), Ok(plain));
    }

    #[test]
    fn no_text_panics(text in "(v1\\.)?(k1\\.)?\\PC{0,60}") {
        let _ = first().open("f", "r", &text);
    }
}
