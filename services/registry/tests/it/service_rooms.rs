//! Service rooms: E24 through the calls, what is owed, who checks and who reads.

use access::Principal;
use proto::registry::v1 as pb;
use proto::registry::v1::delineation_service_client::DelineationServiceClient;
use testkit::{backends, people};
use tonic::Status;

use crate::delineations::{approved, send, with_firms};
use crate::world::*;

fn check_of(area_id: &str) -> pb::CheckServiceRoomsRequest {
    pb::CheckServiceRoomsRequest {
        area_id: area_id.into(),
        measured_area: 6_900_000,
        built_rooms: 47_903,
        average_price_fen: 1_250_000,
        ..Default::default()
    }
}

async fn check(
    registry: &TestRegistry,
    key: &str,
    message: pb::CheckServiceRoomsRequest,
) -> Result<pb::ServiceRooms, Status> {
    send!(
        registry,
        &people::authority(CITY),
        key,
        check_service_rooms,
        message
    )
}

async fn read(
    registry: &TestRegistry,
    caller: &Principal,
    area_id: &str,
) -> Result<pb::ServiceRooms, Status> {
    let message = pb::GetServiceRoomsRequest {
        area_id: area_id.into(),
        ..Default::default()
    };
    send!(registry, caller, "r", get_service_rooms, message)
}

#[tokio::test(flavor = "multi_thread")]
async fn e24_what_was_built_beyond_the_permit_is_owed_in_rooms_or_money() {
    for backend in backends().await {
        let registry = with_firms(backend).await;
        let area_id = approved(&registry, "n").await.decision.unwrap().area_id;
        let reader = people::street(STREET);
        assert_eq!(
            refused(read(&registry, &reader, &area_id).await),
            "SERVICE_ROOMS_NOT_CHECKED"
        );
        let rooms = check(&registry, "a", check_of(&area_id)).await.unwrap();
        assert_eq!(
            (rooms.permit_area, rooms.required_by_permit),
            (6_843_250, 47_903),
            "the delineation says what was permitted"
        );
        assert_eq!(
            (rooms.required_by_survey, rooms.to_build, rooms.to_top_up_or_pay),
            (48_300, 0, 397)
        );
        assert_eq!(rooms.payment_fen, 4_962_500);
        assert_eq!(rooms.article, "浙江省物业管理条例第26条");
        assert_eq!((rooms.version, rooms.checked_on.as_str()), (1, TODAY));
        // Topped up: nothing is owed any more, and the first check stays in its event.
        let mut mended = check_of(&area_id);
        mended.built_rooms = 48_300;
        mended.average_price_fen = 0;
        let mended = check(&registry, "b", mended).await.unwrap();
        assert_eq!((mended.version, mended.to_top_up_or_pay), (2, 0));
        assert_eq!(read(&registry, &reader, &area_id).await.unwrap(), mended);
        let events = registry.outbox().await.into_iter();
        let told: Vec<_> = events
            .filter(|event| event.kind.ends_with("ServiceRoomsChecked"))
            .collect();
        assert_eq!((told[0].version, told[1].version), (1, 2));
        assert_eq!(told[0].aggregate, area_id);
        assert_eq!(
            told[0].address,
            "heju.v1.registry.service_rooms.checked.330783.004.015"
        );
        let event: pb::ServiceRoomsChecked = serde_json::from_str(&told[0].body).unwrap();
        assert_eq!(event.service_rooms.unwrap(), rooms);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_area_from_a_table_needs_its_permit_said_and_three_per_thousand_hold_without_dwellings() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let mut message = check_of(&area().to_string());
        assert_eq!(
            refused(check(&registry, "a", message.clone()).await),
            "PERMIT_AREA_MISSING"
        );
        message.permit_area = 6_843_250;
        message.measured_area = 6_843_250;
        message.all_non_residential = true;
        message.built_rooms = 20_000;
        message.average_price_fen = 0;
        let rooms = check(&registry, "a", message).await.unwrap();
        assert_eq!((rooms.required_by_permit, rooms.to_build), (20_530, 530));
        assert_eq!(
            rooms.payment_fen, 0,
            "what the permit asks for is built, not paid"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_check_that_cannot_be_has_its_reason() {
    for backend in backends().await {
        let registry = with_firms(backend).await;
        let area_id = approved(&registry, "n").await.decision.unwrap().area_id;
        let events = registry.outbox().await.len();
        let mut serial = 0;
        let mut send = async |change: &dyn Fn(&mut pb::CheckServiceRoomsRequest)| {
            serial += 1;
            let mut message = check_of(&area_id);
            change(&mut message);
            refused(check(&registry, &format!("k{serial}"), message).await)
        };
        assert_eq!(send(&|m| m.permit_area = 1).await, "PERMIT_AREA_DIFFERS");
        assert_eq!(send(&|m| m.measured_area = 0).await, "AREA_SIZE_INVALID");
        assert_eq!(send(&|m| m.measured_area = i64::MAX).await, "AREA_SIZE_INVALID");
        assert_eq!(send(&|m| m.built_rooms = -1).await, "AREA_SIZE_INVALID");
        assert_eq!(send(&|m| m.average_price_fen = 0).await, "SALE_PRICE_MISSING");
        assert_eq!(send(&|m| m.average_price_fen = -1).await, "SALE_PRICE_INVALID");
        assert_eq!(send(&|m| m.area_id = area().to_string()).await, "AREA_NOT_FOUND");
        assert_eq!(registry.outbox().await.len(), events);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_checks_and_owners_committee_firm_and_street_read() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        let area_id = area().to_string();
        let mut message = check_of(&area_id);
        message.permit_area = 6_843_250;
        let first = check(&registry, "a", message.clone()).await.unwrap();
        assert_eq!(check(&registry, "a", message.clone()).await.unwrap(), first);
        for reader in [
            people::owner(owner(1001)),
            people::committee_member(area()),
            people::firm(manager()),
            people::firm(developer()),
            people::community(COMMUNITY),
        ] {
            assert_eq!(read(&registry, &reader, &area_id).await.unwrap(), first);
        }
        for stranger in [
            people::street(OTHER_STREET),
            people::committee_member(ids::AreaId::derive("other")),
        ] {
            assert_eq!(
                refused(read(&registry, &stranger, &area_id).await),
                "AREA_NOT_FOUND"
            );
        }
        for other in [people::street(STREET), people::firm(developer())] {
            let answer = send!(registry, &other, "x", check_service_rooms, message.clone());
            assert_eq!(refused(answer), "NOT_ALLOWED");
        }
        let (one, two) = tokio::join!(
            check(&registry, "p", message.clone()),
            check(&registry, "q", message.clone())
        );
        let versions: Vec<i64> = [one, two]
            .into_iter()
            .flatten()
            .map(|rooms| rooms.version)
            .collect();
        assert!(
            versions == [2] || versions == [2, 3] || versions == [3, 2],
            "{versions:?}"
        );
    }
}
