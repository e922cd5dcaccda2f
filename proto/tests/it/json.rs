//! Messages in JSON: the canonical mapping, there and back, and nothing unknown.

use std::fmt::Debug;

use heju_proto::{Timestamp, committees, common, funds, gateway, options, registry};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The message is written as `expected`, read back the same, and refused with one field more.
fn round_trip<M: Serialize + DeserializeOwned + PartialEq + Debug>(message: M, expected: Value) {
    let written = serde_json::to_value(&message).unwrap();
    assert_eq!(written, expected);
    assert_eq!(serde_json::from_value::<M>(written.clone()).unwrap(), message);
    let mut more = written;
    more.as_object_mut()
        .unwrap()
        .insert("noSuchField".to_owned(), json!(1));
    let refused = serde_json::from_value::<M>(more).unwrap_err().to_string();
    assert!(refused.contains("noSuchField"), "{refused}");
}

#[test]
fn common() {
    round_trip(
        common::v1::Scope {
            area_id: "area_1".into(),
            building_ids: vec!["building_1".into()],
            stairwells: vec![],
        },
        json!({"areaId": "area_1", "buildingIds": ["building_1"]}),
    );
}

#[test]
fn options() {
    round_trip(
        options::v1::Event {
            aggregate: "draw".into(),
            name: "proposed".into(),
        },
        json!({"aggregate": "draw", "name": "proposed"}),
    );
}

#[test]
fn registry() {
    round_trip(
        registry::v1::Home {
            home_id: "home_1".into(),
            exclusive_area: 8937,
            r#use: common::v1::HomeUse::Residential.into(),
            ..Default::default()
        },
        json!({"homeId": "home_1", "exclusiveArea": "8937", "use": "HOME_USE_RESIDENTIAL"}),
    );
}

#[test]
fn committees() {
    round_trip(
        committees::v1::Result {
            r#for: Some(committees::v1::Tally {
                heads: 31,
                area: 277_112,
            }),
            passed: true,
            ..Default::default()
        },
        json!({"for": {"heads": "31", "area": "277112"}, "passed": true}),
    );
}

#[test]
fn funds() {
    let event = funds::v1::DrawProposed {
        draw: Some(funds::v1::Draw {
            draw_id: "draw_1".into(),
            budget_fen: 9_007_199_254_740_993,
            state: funds::v1::DrawState::Proposed.into(),
            proposed_at: Some(Timestamp {
                seconds: 1_795_311_000,
                nanos: 0,
            }),
            ..Default::default()
        }),
    };
    round_trip(
        event,
        json!({"draw": {
            "drawId": "draw_1",
            "budgetFen": "9007199254740993",
            "state": "DRAW_STATE_PROPOSED",
            "proposedAt": "2026-11-22T01:30:00+00:00",
        }}),
    );
}

#[test]
fn gateway() {
    round_trip(
        gateway::v1::CreateSessionRequest {
            account: "authority".into(),
            password: "p".into(),
        },
        json!({"account": "authority", "password": "p"}),
    );
}

#[test]
fn bytes_are_base64_and_a_number_is_taken_for_a_64_bit_integer() {
    let request: funds::v1::ImportDepositsRequest =
        serde_json::from_value(json!({"content": "YSxi", "dryRun": true})).unwrap();
    assert_eq!(request.content, b"a,b");
    let request: funds::v1::AcceptWorkRequest = serde_json::from_value(json!({"settledFen": 5})).unwrap();
    assert_eq!(request.settled_fen, 5);
    assert!(serde_json::from_value::<funds::v1::AcceptWorkRequest>(json!({"settledFen": 5.5})).is_err());
    assert!(serde_json::from_value::<funds::v1::AcceptWorkRequest>(json!({"settledFen": "5x"})).is_err());
    assert!(
        serde_json::from_value::<funds::v1::ListDrawsRequest>(json!({"state": "DRAW_STATE_LOST"})).is_err()
    );
}
