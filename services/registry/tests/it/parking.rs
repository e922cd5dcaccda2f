//! Parking that is no exclusive part: recorded, recorded anew, and listed beside the spaces that are homes.

use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

fn lot(kind: pb::ParkingKind, spaces: i32, leased: i32) -> pb::RecordParkingRequest {
    pb::RecordParkingRequest {
        area_id: area().to_string(),
        kind: kind.into(),
        name: "地下一层".into(),
        spaces,
        leased,
        numbers: "B1-001 至 B1-120".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lot_is_recorded_anew_under_its_name_and_counted_beside_titled_spaces() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let space = format!("{AREA},1,,P1,{},12.50,PARKING,UNSOLD,\n", unit(1, 900));
        registry
            .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &space))
            .await;
        let committee = people::committee_member(area());
        let record = async |key: &str, message| {
            call!(registry, building_client.record_parking, &committee, key, message)
        };
        use pb::ParkingKind::{CommonGround, Planned};
        let first = record("1", lot(Planned, 120, 80)).await.unwrap();
        assert!(!first.common);
        let again = record("2", lot(Planned, 120, 90)).await.unwrap();
        assert_eq!(
            (again.parking_id.as_str(), again.version),
            (first.parking_id.as_str(), 2)
        );
        assert_eq!(record("2", lot(Planned, 120, 90)).await.unwrap(), again);
        assert_eq!(
            refused(record("2", lot(Planned, 120, 91)).await),
            "IDEMPOTENCY_KEY_REUSED"
        );
        let ground = record("3", lot(CommonGround, 10, 0)).await.unwrap();
        assert!(ground.common, "all owners own it together");
        assert_eq!(
            refused(record("4", lot(CommonGround, 10, 0)).await),
            "PARKING_UNCHANGED"
        );
        assert_eq!(
            refused(record("5", lot(Planned, 10, 11)).await),
            "LEASED_MORE_THAN_SPACES"
        );
        assert_eq!(
            refused(record("6", lot(Planned, 0, 0)).await),
            "SPACES_OUT_OF_RANGE"
        );
        let unsaid = record("7", lot(pb::ParkingKind::Unspecified, 1, 0)).await;
        assert_eq!(refused(unsaid), "PARKING_KIND_MISSING");
        assert_eq!(
            registry.told(&first.parking_id).await,
            ["ParkingRecorded 1", "ParkingRecorded 2"]
        );
        let list = pb::ListParkingRequest {
            area_id: area().to_string(),
            ..Default::default()
        };
        let caller = people::firm(manager());
        let found = call!(registry, building_client.list_parking, &caller, "l", list.clone());
        let found = found.unwrap();
        assert_eq!((found.parking, found.exclusive_spaces), (vec![again, ground], 1));
        let stranger = people::street(OTHER_STREET);
        let hidden = call!(registry, building_client.list_parking, &stranger, "l", list);
        assert_eq!(refused(hidden), "AREA_NOT_FOUND");
        let message = lot(Planned, 5, 0);
        let street = call!(
            registry,
            building_client.record_parking,
            &people::street(STREET),
            "8",
            message
        );
        assert_eq!(refused(street), "NOT_ALLOWED");
    }
}
