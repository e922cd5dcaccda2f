//! Boundaries: recorded from a day on, read as of a day, and asked where a point lies.

use proto::registry::v1 as pb;
use proto::registry::v1::division_service_client::DivisionServiceClient;
use testkit::{backends, people};
use tonic::Status;

use crate::divisions::{ask, merge};
use crate::world::*;

/// A square from its south-western corner, in tenths of a degree from 120.0 and 29.0.
pub fn square(west: u32, south: u32) -> String {
    let corner = |x: u32, y: u32| format!("[120.{},29.{}]", west + x, south + y);
    format!(
        "{{\"type\":\"Polygon\",\"coordinates\":[[{},{},{},{},{}]]}}",
        corner(0, 0),
        corner(1, 0),
        corner(1, 1),
        corner(0, 1),
        corner(0, 0)
    )
}

async fn set(
    registry: &TestRegistry,
    key: &str,
    code: &str,
    geojson: &str,
    on: &str,
) -> Result<pb::Boundary, Status> {
    let message = pb::SetDivisionBoundaryRequest {
        code: code.into(),
        geojson: geojson.into(),
        valid_from_on: on.into(),
    };
    ask!(
        registry,
        &people::authority(CITY),
        key,
        set_division_boundary,
        message
    )
}

async fn get(registry: &TestRegistry, code: &str, on: &str) -> Result<pb::Boundary, Status> {
    let message = pb::GetDivisionBoundaryRequest {
        code: code.into(),
        as_of_on: on.into(),
    };
    ask!(
        registry,
        &people::owner(owner(1)),
        "r",
        get_division_boundary,
        message
    )
}

async fn locate(registry: &TestRegistry, longitude: i64, on: &str) -> Result<Vec<String>, Status> {
    let message = pb::LocatePointRequest {
        longitude_e7: longitude,
        latitude_e7: 292_500_000,
        as_of_on: on.into(),
    };
    let answer = ask!(registry, &people::owner(owner(1)), "r", locate_point, message)?;
    Ok(answer
        .divisions
        .into_iter()
        .map(|division| division.code)
        .collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_boundary_holds_from_its_day_on_and_tells_where_a_point_lies() {
    for backend in backends().await {
        let registry = TestRegistry::new(backend).await;
        assert_eq!(refused(get(&registry, STREET, "").await), "BOUNDARY_NOT_FOUND");
        let first = set(&registry, "a", STREET, &square(2, 2), "2026-01-01")
            .await
            .unwrap();
        assert_eq!((first.place_id.as_str(), first.version), (STREET, 1));
        assert!(first.geojson.contains("\"Feature\""));
        set(&registry, "b", COMMUNITY, &square(2, 2), "2026-01-01")
            .await
            .unwrap();
        let second = set(&registry, "c", STREET, &square(3, 2), "2026-04-01")
            .await
            .unwrap();
        assert_eq!(second.version, 2);
        assert_eq!(get(&registry, STREET, "").await.unwrap(), first);
        assert_eq!(get(&registry, STREET, "2026-04-01").await.unwrap(), second);
        assert_eq!(
            refused(get(&registry, STREET, "2025-12-31").await),
            "BOUNDARY_NOT_FOUND"
        );

        let here = 1_202_500_000;
        assert_eq!(locate(&registry, here, "").await.unwrap(), [STREET, COMMUNITY]);
        assert_eq!(locate(&registry, here, "2026-04-01").await.unwrap(), [COMMUNITY]);
        assert_eq!(
            locate(&registry, 1_203_500_000, "2026-04-01").await.unwrap(),
            [STREET]
        );
        assert_eq!(
            refused(locate(&registry, 292_500_000, "").await),
            "POINT_OUTSIDE_CITY"
        );
        merge(&registry, "m", &[COMMUNITY], OTHER_COMMUNITY, "2026-05-01")
            .await
            .unwrap();
        assert!(locate(&registry, here, "2026-05-01").await.unwrap().is_empty());

        let events = registry.outbox().await;
        let told: Vec<_> = events
            .iter()
            .filter(|event| event.kind.ends_with("BoundarySet") && event.aggregate == STREET)
            .collect();
        assert_eq!((told[0].version, told[1].version), (1, 2));
        assert_eq!(told[1].address, "heju.v1.registry.boundary.set.330783.004.000");
        let event: pb::BoundarySet = serde_json::from_str(&told[1].body).unwrap();
        assert_eq!(event.boundary.unwrap(), second);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_boundary_that_cannot_be_has_its_reason() {
    for backend in backends().await {
        let registry = TestRegistry::new(backend).await;
        let good = square(2, 2);
        let kept = set(&registry, "k", STREET, &good, TODAY).await.unwrap();
        assert_eq!(set(&registry, "k", STREET, &good, TODAY).await.unwrap(), kept);
        let other = set(&registry, "k", STREET, &square(3, 2), TODAY).await;
        assert_eq!(refused(other), "IDEMPOTENCY_KEY_REUSED");
        let bow = "{\"type\":\"Polygon\",\"coordinates\":[[[120.2,29.2],[120.3,29.3],[120.3,29.2],[120.2,29.3],[120.2,29.2]]]}";
        for (code, geojson, on, reason) in [
            (STREET, good.as_str(), TODAY, "BOUNDARY_CHANGED_LATER"),
            (STREET, "", TODAY, "GEOJSON_MALFORMED"),
            (
                STREET,
                "{\"type\":\"Point\",\"coordinates\":[120.2,29.2]}",
                TODAY,
                "BOUNDARY_NOT_A_POLYGON",
            ),
            (STREET, bow, TODAY, "BOUNDARY_INVALID"),
            (
                STREET,
                "{\"type\":\"Polygon\",\"coordinates\":[[[120.2,29.2],[120.3,29.2],[120.3,29.3]]]}",
                TODAY,
                "BOUNDARY_RING_OPEN",
            ),
            (
                STREET,
                "{\"type\":\"Polygon\",\"coordinates\":[[[29.2,120.2],[29.3,120.2],[29.3,120.3],[29.2,120.2]]]}",
                TODAY,
                "BOUNDARY_OUTSIDE_CITY",
            ),
            ("330783999", good.as_str(), TODAY, "DIVISION_NOT_FOUND"),
            (STREET, good.as_str(), "x", "DATE_MALFORMED"),
        ] {
            assert_eq!(refused(set(&registry, "n", code, geojson, on).await), reason);
        }
        let message = pb::SetDivisionBoundaryRequest {
            code: STREET.into(),
            geojson: good,
            valid_from_on: "2026-05-01".into(),
        };
        for other in [people::street(STREET), people::authority("330782")] {
            let answer = ask!(registry, &other, "o", set_division_boundary, message.clone());
            assert_eq!(refused(answer), "NOT_ALLOWED");
        }
        let (one, two) = tokio::join!(
            set(&registry, "p", STREET, &message.geojson, "2026-05-01"),
            set(&registry, "q", STREET, &message.geojson, "2026-05-01")
        );
        assert!(one.is_ok() != two.is_ok(), "exactly one is accepted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_areas_boundary_is_the_authoritys_to_set_and_everybodys_to_read() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let message = pb::SetAreaBoundaryRequest {
            area_id: area().to_string(),
            geojson: square(2, 2),
            valid_from_on: TODAY.into(),
        };
        let authority = people::authority(CITY);
        let kept = ask!(registry, &authority, "a", set_area_boundary, message.clone()).unwrap();
        assert_eq!(kept.place_id, area().to_string());
        let read = pb::GetAreaBoundaryRequest {
            area_id: area().to_string(),
            as_of_on: String::new(),
        };
        for reader in [people::owner(owner(9)), people::street(OTHER_STREET)] {
            let found = ask!(registry, &reader, "r", get_area_boundary, read.clone()).unwrap();
            assert_eq!(found, kept);
        }
        // An area is no division: a point in it lies in none that is recorded.
        assert!(locate(&registry, 1_202_500_000, "").await.unwrap().is_empty());
        let answer = ask!(
            registry,
            &people::authority("330782"),
            "b",
            set_area_boundary,
            message.clone()
        );
        assert_eq!(refused(answer), "AREA_NOT_FOUND");
        let answer = ask!(
            registry,
            &people::street(STREET),
            "b",
            set_area_boundary,
            message.clone()
        );
        assert_eq!(refused(answer), "NOT_ALLOWED");
        let unknown = pb::SetAreaBoundaryRequest {
            area_id: ids::AreaId::derive("unknown").to_string(),
            ..message
        };
        let answer = ask!(registry, &authority, "c", set_area_boundary, unknown);
        assert_eq!(refused(answer), "AREA_NOT_FOUND");
        let stored = registry.outbox().await.pop().unwrap();
        assert_eq!(stored.address, "heju.v1.registry.boundary.set.330783.004.015");
    }
}
