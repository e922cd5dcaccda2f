//! Boundaries of many places in one file: recorded together, told apart where they are wrong, and taken away again.

use access::Principal;
use proto::registry::v1 as pb;
use proto::registry::v1::division_service_client::DivisionServiceClient;
use serde_json::{Value, json};
use testkit::{backends, people};
use tonic::Status;

use crate::boundaries::square;
use crate::divisions::{ask, merge};
use crate::exports::{File, whole};
use crate::world::*;

/// A Feature that names its place by this property.
pub fn feature(property: &str, place: impl Into<Value>, geometry: &str) -> Value {
    let geometry: Value = serde_json::from_str(geometry).unwrap();
    let mut properties = serde_json::Map::new();
    properties.insert(property.into(), place.into());
    properties.insert("remark".into(), json!("测绘"));
    json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

fn division(code: &str, west: u32) -> Value {
    feature("division_code", code, &square(west, 2))
}

pub fn collection(features: &[Value]) -> String {
    json!({"type": "FeatureCollection", "name": "layer", "features": features}).to_string()
}

pub fn file(geojson: &str, on: &str) -> pb::ImportBoundariesRequest {
    pb::ImportBoundariesRequest {
        geojson: geojson.into(),
        valid_from_on: on.into(),
        mode: pb::ImportMode::Strict.into(),
        ..Default::default()
    }
}

async fn import_as(
    registry: &TestRegistry,
    caller: &Principal,
    key: &str,
    message: pb::ImportBoundariesRequest,
) -> Result<pb::BoundariesReport, Status> {
    ask!(registry, caller, key, import_boundaries, message)
}

pub async fn import(
    registry: &TestRegistry,
    key: &str,
    message: pb::ImportBoundariesRequest,
) -> Result<pb::BoundariesReport, Status> {
    import_as(registry, &people::authority(CITY), key, message).await
}

pub async fn export(registry: &TestRegistry, code: &str, on: &str) -> Result<File, Status> {
    let message = pb::ExportBoundariesRequest {
        code: code.into(),
        as_of_on: on.into(),
    };
    let request = registry.world.request(&people::owner(owner(1)), message);
    let mut client = DivisionServiceClient::new(registry.peer());
    whole(client.export_boundaries(request).await).await
}

/// The ids of the Features of a file, in order.
pub fn ids(file: &File) -> Vec<String> {
    let text: Value = serde_json::from_slice(&file.content).unwrap();
    let features = text["features"].as_array().unwrap().iter();
    features
        .map(|feature| feature["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Features recorded, unchanged, and wrong.
fn counts(report: &pb::BoundariesReport) -> (i32, i32, i32) {
    (report.recorded, report.unchanged, report.error_count)
}

/// What is wrong, as `index place property REASON`.
pub fn errors(report: &pb::BoundariesReport) -> Vec<String> {
    let told = report.errors.iter().map(|error| {
        assert!(!error.message_zh.is_empty() && !error.message_en.is_empty());
        format!(
            "{} {} {} {}",
            error.index, error.place, error.property, error.reason
        )
    });
    told.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn boundaries_of_divisions_and_areas_are_recorded_together_and_once() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let before = registry.outbox().await.len();
        let geojson = collection(&[
            division(STREET, 2),
            // As map programs like to keep codes.
            feature("division_code", 330_783_004_015_u64, &square(2, 2)),
            feature("area_number", AREA, &square(3, 2)),
        ]);
        let report = import(&registry, "a", file(&geojson, "2026-01-01"))
            .await
            .unwrap();
        assert_eq!((report.features, counts(&report)), (3, (3, 0, 0)));
        let told = registry.told_of("BoundarySet").await;
        let told: Vec<_> = told
            .iter()
            .map(|event| (event.aggregate.as_str(), event.version))
            .collect();
        let area_id = area().to_string();
        assert_eq!(told, [(STREET, 1), (COMMUNITY, 1), (area_id.as_str(), 1)]);
        let read = pb::GetAreaBoundaryRequest {
            area_id: area().to_string(),
            as_of_on: String::new(),
        };
        let found = ask!(registry, &people::owner(owner(1)), "r", get_area_boundary, read).unwrap();
        assert_eq!((found.version, found.valid_from_on.as_str()), (1, "2026-01-01"));
        assert!(!found.geojson.contains("remark"), "only the boundary is kept");

        // The same request once more is answered as before; under another key all of it stands.
        let again = import(&registry, "a", file(&geojson, "2026-01-01"))
            .await
            .unwrap();
        assert_eq!(again, report);
        for (key, on) in [("b", "2026-01-01"), ("c", TODAY)] {
            let again = import(&registry, key, file(&geojson, on)).await.unwrap();
            assert_eq!(counts(&again), (0, 3, 0));
        }
        let other = import(&registry, "a", file(&geojson, TODAY)).await;
        assert_eq!(refused(other), "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(registry.outbox().await.len(), before + 3);

        // What changed is recorded, and the rest left alone.
        let moved = collection(&[division(STREET, 4), division(COMMUNITY, 2)]);
        let report = import(&registry, "d", file(&moved, TODAY)).await.unwrap();
        assert_eq!(counts(&report), (1, 1, 0));
        assert_eq!(registry.told(STREET).await, ["BoundarySet 1", "BoundarySet 2"]);
        // On an earlier day the earlier one stands; another one there would rewrite history.
        let report = import(&registry, "e", file(&geojson, "2026-02-01"))
            .await
            .unwrap();
        assert_eq!(counts(&report), (0, 3, 0));
        let report = import(&registry, "f", file(&moved, "2026-02-01")).await.unwrap();
        assert_eq!(errors(&report), [format!("0 {STREET}  BOUNDARY_CHANGED_LATER")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_feature_that_is_wrong_has_its_line_and_the_mode_says_what_becomes_of_the_others() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let before = registry.outbox().await.len();
        let bow = "{\"type\":\"Polygon\",\"coordinates\":[[[120.2,29.2],[120.3,29.3],[120.3,29.2],[120.2,29.3],[120.2,29.2]]]}";
        let abroad =
            "{\"type\":\"Polygon\",\"coordinates\":[[[29.2,120.2],[29.3,120.2],[29.3,120.3],[29.2,120.2]]]}";
        let point = "{\"type\":\"Point\",\"coordinates\":[120.2,29.2]}";
        let mut both = division(STREET, 2);
        both["properties"]["area_number"] = json!(AREA);
        let geojson = collection(&[
            division(STREET, 2),
            feature("division_code", COMMUNITY, bow),
            division(STREET, 3),
            feature("area_number", AREA, abroad),
            division("330783999", 2),
            division("33078", 2),
            feature("area_number", "330783004015-9999", &square(2, 2)),
            feature("name", "白云街道", &square(2, 2)),
            both,
            feature("division_code", OTHER_STREET, point),
            json!({"type": "Feature", "properties": {"division_code": OTHER_COMMUNITY}, "geometry": 7}),
            json!(3),
        ]);
        let expected = [
            format!("1 {COMMUNITY}  BOUNDARY_INVALID"),
            format!("2 {STREET}  DUPLICATE_FEATURE"),
            format!("3 {AREA}  BOUNDARY_OUTSIDE_CITY"),
            "4 330783999  DIVISION_NOT_FOUND".into(),
            "5 33078 division_code CODE_MALFORMED".into(),
            "6 330783004015-9999  AREA_NOT_FOUND".into(),
            "7  division_code / area_number VALUE_MISSING".into(),
            format!("8 {AREA} area_number VALUE_UNEXPECTED"),
            format!("9 {OTHER_STREET}  BOUNDARY_NOT_A_POLYGON"),
            format!("10 {OTHER_COMMUNITY}  GEOJSON_MALFORMED"),
            "11  division_code / area_number VALUE_MISSING".into(),
        ];
        for mode in [pb::ImportMode::Check, pb::ImportMode::Strict] {
            let message = pb::ImportBoundariesRequest {
                mode: mode.into(),
                ..file(&geojson, TODAY)
            };
            let report = import(&registry, "a", message).await.unwrap();
            assert_eq!(errors(&report), expected, "{mode:?}");
            assert_eq!((report.features, counts(&report)), (12, (0, 0, 11)));
            assert_eq!(registry.outbox().await.len(), before);
        }
        let message = pb::ImportBoundariesRequest {
            mode: pb::ImportMode::Lenient.into(),
            ..file(&geojson, TODAY)
        };
        // The key of a report that recorded nothing is free for the mended file.
        let report = import(&registry, "a", message.clone()).await.unwrap();
        assert_eq!(errors(&report), expected);
        assert_eq!(counts(&report), (1, 0, 11));
        assert_eq!(registry.outbox().await.len(), before + 1);
        assert_eq!(import(&registry, "a", message).await.unwrap(), report);
        // A check of what is right records nothing either.
        let message = pb::ImportBoundariesRequest {
            mode: pb::ImportMode::Check.into(),
            ..file(&collection(&[division(STREET, 3)]), "2026-05-01")
        };
        let report = import(&registry, "b", message).await.unwrap();
        assert_eq!(counts(&report), (0, 0, 0));
        assert_eq!(registry.outbox().await.len(), before + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_none_is_refused_as_a_whole() {
    for backend in backends().await {
        let registry = TestRegistry::new(backend).await;
        let good = collection(&[division(STREET, 2)]);
        let many = collection(&vec![json!({}); 2_001]);
        let ring = vec![json!([120.2, 29.2]); 200_001];
        let long = json!({"type": "Polygon", "coordinates": [ring]}).to_string();
        let long = collection(&[feature("division_code", STREET, &long)]);
        let heavy = format!("{good}{}", " ".repeat(6 * 1024 * 1024));
        for (geojson, reason) in [
            (&good[..good.len() - 3], "BOUNDARY_FILE_BROKEN"),
            ("", "BOUNDARY_FILE_BROKEN"),
            (square(2, 2).as_str(), "NOT_A_FEATURE_COLLECTION"),
            ("[]", "NOT_A_FEATURE_COLLECTION"),
            (
                "{\"type\":\"FeatureCollection\",\"features\":{}}",
                "NOT_A_FEATURE_COLLECTION",
            ),
            (
                "{\"type\":\"FeatureCollection\",\"features\":[]}",
                "FEATURES_MISSING",
            ),
            (many.as_str(), "BOUNDARY_FILE_TOO_LARGE"),
            (long.as_str(), "BOUNDARY_FILE_TOO_LARGE"),
            (heavy.as_str(), "BOUNDARY_FILE_TOO_LARGE"),
        ] {
            assert_eq!(
                refused(import(&registry, "a", file(geojson, TODAY)).await),
                reason
            );
        }
        let spoilt: &[Spoilt<pb::ImportBoundariesRequest>] = &[
            (|message| message.mode = 0, "IMPORT_MODE_MISSING"),
            (|message| message.valid_from_on.clear(), "DATE_MALFORMED"),
            (
                |message| message.division_property = "area_number".into(),
                "PROPERTY_NAMES_EQUAL",
            ),
            (|message| message.area_property = "长".repeat(65), "TEXT_TOO_LONG"),
        ];
        for (spoil, reason) in spoilt {
            let mut message = file(&good, TODAY);
            spoil(&mut message);
            assert_eq!(refused(import(&registry, "a", message).await), *reason);
        }
        // A mark in front, other names, and a code as a fraction are what programs write.
        let named = collection(&[feature("QHDM", json!(330_783_004.0), &square(2, 2))]);
        let message = pb::ImportBoundariesRequest {
            division_property: "QHDM".into(),
            ..file(&format!("\u{feff}{named}"), TODAY)
        };
        assert_eq!(counts(&import(&registry, "a", message).await.unwrap()), (1, 0, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_set_a_boundary_may_not_do_it_with_a_file() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let before = registry.outbox().await.len();
        let geojson = collection(&[division(STREET, 2), feature("area_number", AREA, &square(2, 2))]);
        for other in [
            people::street(STREET),
            people::owner(owner(1)),
            people::auditor(CITY),
        ] {
            let answer = import_as(&registry, &other, "a", file(&geojson, TODAY)).await;
            assert_eq!(refused(answer), "NOT_ALLOWED");
        }
        // The authority of another city: as of a single one, it is told of divisions and not of areas.
        let message = pb::ImportBoundariesRequest {
            mode: pb::ImportMode::Lenient.into(),
            ..file(&geojson, TODAY)
        };
        let report = import_as(&registry, &people::authority("330782"), "b", message)
            .await
            .unwrap();
        assert_eq!(
            errors(&report),
            [
                format!("0 {STREET}  NOT_ALLOWED"),
                format!("1 {AREA}  AREA_NOT_FOUND")
            ]
        );
        assert_eq!(registry.outbox().await.len(), before);
        // Two files with other boundaries of one place at the same moment: one of them is recorded.
        let other = collection(&[division(STREET, 3)]);
        let (one, two) = tokio::join!(
            import(&registry, "c", file(&geojson, TODAY)),
            import(&registry, "d", file(&other, TODAY))
        );
        let recorded = [one, two]
            .into_iter()
            .filter(|answer| answer.as_ref().is_ok_and(|report| report.recorded > 0));
        assert_eq!(recorded.count(), 1);
        assert_eq!(registry.told(STREET).await, ["BoundarySet 1"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_away_imports_again_unchanged() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let hole = "{\"type\":\"MultiPolygon\",\"coordinates\":[\
            [[[120.2,29.2],[120.3,29.2],[120.3,29.3],[120.2,29.3],[120.2,29.2]],\
             [[120.2400001,29.24],[120.26,29.24],[120.26,29.2612345],[120.24,29.26],[120.2400001,29.24]]],\
            [[[120.4,29.2],[120.41,29.2],[120.41,29.21],[120.4,29.2]]]]}";
        let geojson = collection(&[
            feature("area_number", AREA, hole),
            division(COMMUNITY, 2),
            division(STREET, 2),
            division(OTHER_STREET, 3),
        ]);
        import(&registry, "a", file(&geojson, "2026-01-01"))
            .await
            .unwrap();
        let moved = collection(&[division(STREET, 4)]);
        import(&registry, "b", file(&moved, "2026-02-01")).await.unwrap();

        let taken = export(&registry, STREET, "").await.unwrap();
        assert_eq!(taken.name, "边界-330783004-20260302.geojson");
        assert_eq!(taken.content_type, "application/geo+json");
        assert_eq!(ids(&taken), [STREET, COMMUNITY, &area().to_string()]);
        let text: Value = serde_json::from_slice(&taken.content).unwrap();
        let properties = &text["features"][0]["properties"];
        assert_eq!(properties["division_code"], STREET);
        assert_eq!(properties["valid_from_on"], "2026-02-01");
        assert!(!properties["name"].as_str().unwrap().is_empty());
        assert_eq!(text["features"][2]["properties"]["area_number"], AREA);

        let events = registry.outbox().await.len();
        for (day, recorded) in [("", 3), ("2026-01-15", 3), ("2025-12-31", 0)] {
            let taken = export(&registry, STREET, day).await.unwrap();
            assert_eq!(ids(&taken).len(), recorded, "{day}");
            if recorded == 0 {
                continue;
            }
            let on = if day.is_empty() { TODAY } else { day };
            let message = file(std::str::from_utf8(&taken.content).unwrap(), on);
            let report = import(&registry, on, message).await.unwrap();
            assert_eq!(counts(&report), (0, 3, 0), "{day}");
        }
        assert_eq!(registry.outbox().await.len(), events);

        // What merged is no more, and what merged into a street lies in it.
        assert_eq!(ids(&export(&registry, CITY, "").await.unwrap()).len(), 4);
        merge(&registry, "m", &[COMMUNITY], OTHER_COMMUNITY, TODAY)
            .await
            .unwrap();
        let city = export(&registry, CITY, "").await.unwrap();
        assert_eq!(ids(&city), [OTHER_STREET, STREET, &area().to_string()]);
        let street = export(&registry, OTHER_STREET, "").await.unwrap();
        assert_eq!(ids(&street), [OTHER_STREET, &area().to_string()]);

        assert_eq!(
            refused(export(&registry, "330783999", "").await),
            "DIVISION_NOT_FOUND"
        );
        assert_eq!(
            refused(export(&registry, "x", "").await),
            "DIVISION_CODE_MALFORMED"
        );
    }
}
