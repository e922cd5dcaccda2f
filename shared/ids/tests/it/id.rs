//! Ids: one spelling, one kind, repeatable where derived.

use ids::kinds::PREFIXES;
use ids::{AreaId, DrawId, HomeId, IdError};
use proptest::prelude::*;
use uuid::Uuid;

#[test]
fn the_text_is_prefix_and_hex() {
    let id = DrawId::from_uuid(Uuid::from_u128(0xab));
    assert_eq!(id.to_string(), "draw_000000000000000000000000000000ab");
    assert_eq!(format!("{id:?}"), id.to_string());
    assert_eq!(id.to_string().parse(), Ok(id));
}

#[test]
fn an_id_of_another_kind_is_told_apart_from_a_malformed_one() {
    let area = AreaId::generate().to_string();
    let refusal = area.parse::<HomeId>().unwrap_err();
    assert_eq!(
        refusal,
        IdError::OtherKind {
            expected: "home",
            found: "area".to_owned()
        }
    );
    assert_eq!(refusal.reason(), "ID_OF_OTHER_KIND");
    assert_eq!(
        refusal.to_string(),
        "expected an id that begins with home_, found one that begins with area_"
    );
    assert_eq!(refusal.zh(), "编号类型不符：应以 home_ 开头，实际以 area_ 开头");
}

#[test]
fn malformed_ids_are_refused() {
    let hex = "0193c2aaaaaa7aaa8aaaaaaaaaaaaaaa";
    let malformed = [
        String::new(),
        "home".to_owned(),
        "home_".to_owned(),
        hex.to_owned(),
        format!("_{hex}"),
        format!("home-{hex}"),
        format!("home_{}", hex.to_uppercase()),
        format!("HOME_{hex}"),
        format!("home_{hex}0"),
        format!("home_{}", &hex[1..]),
        format!(" home_{hex}"),
        format!("home_{hex}\n"),
        format!("home__{hex}"),
        "home_0193c2aa-aaaa-7aaa-8aaa-aaaaaaaaaaaa".to_owned(),
        format!("home_{}", "０".repeat(32)),
        format!("{}_{hex}", "x".repeat(25)),
    ];
    for text in malformed {
        let refusal = text.parse::<HomeId>().unwrap_err();
        assert_eq!(refusal.reason(), "ID_MALFORMED", "{text:?}");
    }
}

#[test]
fn a_derived_id_is_the_same_for_ever() {
    let home = HomeId::derive("330783004015GB00001F00030012");
    assert_eq!(home, HomeId::derive("330783004015GB00001F00030012"));
    assert_eq!(home.as_uuid().get_version_num(), 5);
    // Written down: a change here renames every imported record.
    assert_eq!(home.to_string(), "home_4e2b3b4b6bcc57cf840972ad7119b112");
}

#[test]
fn a_derived_id_depends_on_the_kind() {
    assert_ne!(HomeId::derive("1").as_uuid(), AreaId::derive("1").as_uuid());
}

#[test]
fn generated_ids_order_by_time() {
    let ids: Vec<DrawId> = (0..1000).map(|_| DrawId::generate()).collect();
    assert!(ids.is_sorted());
    assert_eq!(ids[0].as_uuid().get_version_num(), 7);
}

#[test]
fn serde_is_the_text() {
    let id = DrawId::generate();
    let json = serde_json::to_string(&id).unwrap();
    assert_eq!(json, format!("\"{id}\""));
    assert_eq!(serde_json::from_str::<DrawId>(&json).unwrap(), id);
    let refusal = serde_json::from_str::<HomeId>(&json).unwrap_err();
    assert!(refusal.to_string().contains("begins with draw_"), "{refusal}");
    assert!(serde_json::from_str::<DrawId>("7").is_err());
}

#[test]
fn the_registry_is_alphabetical_and_plain() {
    assert!(PREFIXES.is_sorted_by(|a, b| a < b));
    for prefix in PREFIXES {
        assert!(prefix.bytes().all(|b| b.is_ascii_lowercase()), "{prefix}");
        assert!(prefix.len() <= 24);
    }
}

proptest! {
    #[test]
    fn every_uuid_survives_its_text(bits in any::<u128>()) {
        let id = HomeId::from_uuid(Uuid::from_u128(bits));
        prop_assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn no_text_panics_and_only_the_one_spelling_is_read(text in "(home|area)?_?[0-9a-fA-F]{0,34}|\\PC*") {
        if let Ok(id) = text.parse::<HomeId>() {
            prop_assert_eq!(id.to_string(), text);
        }
    }
}
