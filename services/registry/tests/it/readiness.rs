//! What stands in the way of a roll, and that the roll refuses exactly where the report finds a blocker.

use access::Principal;
use proto::common::v1::Scope;
use proto::registry::v1 as pb;
use testkit::{backends, people};
use tonic::Status;

use crate::world::*;

async fn check(
    registry: &TestRegistry,
    caller: &Principal,
    message: pb::CheckReadinessRequest,
) -> Result<pb::Readiness, Status> {
    let request = registry.world.request(caller, message);
    registry
        .rolls()
        .check_readiness(request)
        .await
        .map(tonic::Response::into_inner)
}

fn whole() -> pb::CheckReadinessRequest {
    pb::CheckReadinessRequest {
        area_id: area().to_string(),
        ..Default::default()
    }
}

/// Cause, whether it blocks, homes.
fn counts(report: &pb::Readiness) -> Vec<(pb::ReadinessCause, bool, i64)> {
    let counts = report.counts.iter();
    counts
        .map(|count| (count.cause(), count.blocks, count.homes))
        .collect()
}

async fn verify_all(registry: &TestRegistry, serials: &[u32]) {
    for serial in serials {
        let message = pb::VerifyOwnerRequest {
            owner_id: owner(*serial).to_string(),
            verification: pb::Verification::Verified.into(),
            verified_on: TODAY.into(),
            mismatch: 0,
        };
        let request = registry.world.request(&people::street(STREET), message);
        registry.owners().verify_owner(request).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_names_every_home_by_building_and_the_roll_refuses_exactly_then() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let street = people::street(STREET);
        let empty = check(&registry, &street, whole()).await.unwrap();
        assert_eq!((empty.ready, empty.homes, empty.counts.len()), (false, 0, 0));
        assert_eq!(refused(registry.roll(whole_area()).await), "ROLL_EMPTY");

        settle(&registry, 1, 1..=3).await;
        verify_all(&registry, &[1001, 1002, 1003]).await;
        let report = check(&registry, &street, whole()).await.unwrap();
        assert!(report.ready, "{report:?}");
        assert_eq!((report.homes, report.heads, report.area), (3, 3, 30_000));
        assert_eq!((report.as_of_on.as_str(), report.items.len()), (TODAY, 0));
        assert_eq!(registry.roll(whole_area()).await.unwrap().len(), 3);

        // Two handed over to nobody in building 2, and one door twice in building 3.
        let nobody: String = (1..=2).map(|number| home_row(2, number, "DELIVERED")).collect();
        let twice: String = (1..=2)
            .map(|number| home_row(3, number, "UNSOLD").replace(&format!(",{number:04},"), ",0007,"))
            .collect();
        registry
            .load(
                pb::TableKind::Homes,
                &(HOMES_HEADER.to_owned() + &nobody + &twice),
            )
            .await;
        let report = check(&registry, &street, whole()).await.unwrap();
        assert!(!report.ready);
        assert_eq!((report.homes, report.heads, report.area), (7, 4, 50_000));
        assert_eq!(
            counts(&report),
            [
                (pb::ReadinessCause::NoOwner, true, 2),
                (pb::ReadinessCause::DoorTwice, true, 2)
            ]
        );
        let buildings: Vec<_> = report
            .buildings
            .iter()
            .map(|building| {
                (
                    building.number.as_str(),
                    building.homes,
                    building.heads,
                    building.blocked,
                )
            })
            .collect();
        assert_eq!(buildings, [("1", 3, 3, 0), ("2", 2, 0, 2), ("3", 2, 1, 2)]);
        let doors: Vec<_> = report
            .items
            .iter()
            .map(|item| (item.building_number.as_str(), item.room.as_str(), item.cause()))
            .collect();
        assert_eq!(
            doors,
            [
                ("2", "0001", pb::ReadinessCause::NoOwner),
                ("2", "0002", pb::ReadinessCause::NoOwner),
                ("3", "0007", pb::ReadinessCause::DoorTwice),
                ("3", "0007", pb::ReadinessCause::DoorTwice)
            ]
        );
        assert!(
            report.counts[0].message_zh.contains("产权") && report.counts[0].message_en.contains("owner")
        );
        assert_eq!(refused(registry.roll(whole_area()).await), "ROLL_NOT_READY");

        // Each building is as ready as its roll.
        for (number, ready) in [("1", true), ("2", false), ("3", false)] {
            let message = pb::CheckReadinessRequest {
                building_ids: vec![building(number).to_string()],
                ..whole()
            };
            let report = check(&registry, &street, message).await.unwrap();
            let scope = Scope {
                building_ids: vec![building(number).to_string()],
                ..whole_area()
            };
            assert_eq!(
                (report.ready, registry.roll(scope).await.is_ok()),
                (ready, ready),
                "{number}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn items_come_in_pages_and_a_list_of_homes_is_a_scope() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        let nobody: String = (1..=5).map(|number| home_row(2, number, "DELIVERED")).collect();
        registry
            .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &nobody))
            .await;
        let street = people::street(STREET);
        let mut rooms = Vec::new();
        let mut token = String::new();
        loop {
            let message = pb::CheckReadinessRequest {
                page_size: 3,
                page_token: token,
                ..whole()
            };
            let report = check(&registry, &street, message).await.unwrap();
            assert_eq!(report.homes, 7, "totals are of the whole scope on every page");
            rooms.extend(report.items.into_iter().map(|item| (item.room, item.cause)));
            token = report.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(rooms.len(), 7, "two not verified, five without owner: {rooms:?}");

        let of_homes = |numbers: &[u32]| pb::CheckReadinessRequest {
            home_ids: numbers
                .iter()
                .map(|number| home(1, *number).to_string())
                .collect(),
            ..whole()
        };
        let report = check(&registry, &street, of_homes(&[1, 2])).await.unwrap();
        assert!(report.ready && report.homes == 2);
        let roll = async |numbers: &[u32]| {
            let message = pb::StreamRollRequest {
                scope: Some(whole_area()),
                home_ids: numbers
                    .iter()
                    .map(|number| home(1, *number).to_string())
                    .collect(),
                ..Default::default()
            };
            registry.roll_of(&people::community(COMMUNITY), message).await
        };
        assert_eq!(roll(&[2]).await.unwrap()[0].home_id, home(1, 2).to_string());
        assert_eq!(refused(roll(&[2, 99]).await), "HOME_NOT_IN_SCOPE");
        assert_eq!(
            refused(check(&registry, &street, of_homes(&[1, 99])).await),
            "HOME_NOT_IN_SCOPE"
        );
        let elsewhere = pb::CheckReadinessRequest {
            building_ids: vec![building("2").to_string()],
            ..of_homes(&[1])
        };
        assert_eq!(
            refused(check(&registry, &street, elsewhere).await),
            "HOME_NOT_IN_SCOPE"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_under_two_documents_blocks_the_roll() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=3).await;
        let street = people::street(STREET);
        let set = async |serial: u32, mobile: &str| {
            let message = pb::SetMobileRequest {
                owner_id: owner(serial).to_string(),
                mobile: mobile.into(),
            };
            let request = registry.world.request(&street, message);
            registry.owners().set_mobile(request).await.unwrap();
        };
        // All of them are called 张三: the number makes two of them one person.
        set(1001, "13800000001").await;
        set(1002, "13800000002").await;
        assert_eq!(registry.roll(whole_area()).await.unwrap().len(), 3);
        set(1003, "13800000001").await;
        let status = registry.roll(whole_area()).await.unwrap_err();
        assert_eq!(rpc::failure::reason_of(&status), "ROLL_NOT_READY");
        assert!(
            !status.message().contains("1-0001"),
            "no door beside what is personal"
        );
        let report = check(&registry, &street, whole()).await.unwrap();
        assert!(!report.ready && counts(&report).contains(&(pb::ReadinessCause::OwnerTwice, true, 2)));
        // The committee sees that it is so, not of whom.
        let committee = people::committee_member(area());
        let report = check(&registry, &committee, whole()).await.unwrap();
        assert!(!report.ready && counts(&report).contains(&(pb::ReadinessCause::OwnerTwice, true, 2)));
        assert_eq!(report.items, []);
        set(1003, "13800000003").await;
        assert_eq!(registry.roll(whole_area()).await.unwrap().len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn minors_several_owners_and_unverified_ones_are_warnings() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 2..=2).await;
        let homes = HOMES_HEADER.to_owned() + &home_row(1, 1, "DELIVERED");
        registry.load(pb::TableKind::Homes, &homes).await;
        let child = citizen_born("20150301", 7);
        let row = format!("{},张小,CITIZEN_ID,{},{SINCE}\n", unit(1, 1), child.as_str());
        let owners = OWNERSHIPS_HEADER.to_owned() + &row + &ownership_row(1, 1, 1);
        registry.load(pb::TableKind::Ownerships, &owners).await;
        let street = people::street(STREET);
        let report = check(&registry, &street, whole()).await.unwrap();
        assert!(report.ready);
        assert_eq!(
            counts(&report),
            [
                (pb::ReadinessCause::OwnerUnverified, false, 2),
                (pb::ReadinessCause::NoGuardian, false, 1),
                (pb::ReadinessCause::NoRepresentative, false, 1)
            ]
        );
        assert_eq!(report.buildings[0].warned, 2);
        // Of full age on the day of the roll: nothing is missing then.
        let later = pb::CheckReadinessRequest {
            as_of: Some(
                "2033-03-01T04:00:00Z"
                    .parse::<chrono::DateTime<chrono::Utc>>()
                    .unwrap()
                    .into(),
            ),
            ..whole()
        };
        let report = check(&registry, &street, later).await.unwrap();
        assert!(
            !counts(&report)
                .iter()
                .any(|count| count.0 == pb::ReadinessCause::NoGuardian)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_is_for_whoever_calls_or_supervises_a_vote() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        for caller in [
            people::community(COMMUNITY),
            people::street(STREET),
            people::authority(CITY),
            people::auditor(CITY),
            people::committee_member(area()),
        ] {
            assert_eq!(check(&registry, &caller, whole()).await.unwrap().homes, 1);
        }
        let wrong = people::street(OTHER_STREET);
        assert_eq!(refused(check(&registry, &wrong, whole()).await), "AREA_NOT_FOUND");
        for caller in [
            people::firm(manager()),
            people::owner(owner(1001)),
            people::department(CITY),
        ] {
            assert_eq!(refused(check(&registry, &caller, whole()).await), "NOT_ALLOWED");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roll_of_thousands_of_homes_streams_in_order_and_without_a_gap() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2_500).await;
        let roll = registry.roll(whole_area()).await.unwrap();
        let expected: Vec<_> = (1..=2_500).map(|number| home(1, number).to_string()).collect();
        let found: Vec<_> = roll.iter().map(|entry| entry.home_id.clone()).collect();
        assert_eq!(found, expected);
        let report = check(&registry, &people::street(STREET), whole()).await.unwrap();
        assert_eq!(
            (report.homes, report.heads, report.area),
            (2_500, 2_500, 25_000_000)
        );
    }
}
