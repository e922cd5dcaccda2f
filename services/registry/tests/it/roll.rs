//! The roll: the worked examples E1, E3 and E5, its dates, and when there is none.

use std::collections::HashSet;

use proto::common::v1::Scope;
use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

fn heads(roll: &[pb::RollEntry]) -> usize {
    roll.iter()
        .map(|entry| &entry.head_key)
        .collect::<HashSet<_>>()
        .len()
}

fn total(roll: &[pb::RollEntry]) -> i64 {
    roll.iter().map(|entry| entry.exclusive_area).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn e1_the_denominators_are_84_heads_and_10000_square_metres() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let mut homes = HOMES_HEADER.to_owned();
        let mut owners = OWNERSHIPS_HEADER.to_owned();
        for number in 1..=100 {
            let state = match number {
                1..=10 => "UNSOLD",
                11..=15 => "SOLD",
                _ => "DELIVERED",
            };
            homes += &home_row(1, number, state);
            if number > 15 {
                owners += &ownership_row(1, number, if number <= 18 { 16 } else { number });
            }
        }
        assert_eq!(registry.load(pb::TableKind::Homes, &homes).await.recorded, 100);
        assert_eq!(
            registry.load(pb::TableKind::Ownerships, &owners).await.recorded,
            85
        );

        let roll = registry.roll(whole_area()).await.unwrap();
        assert_eq!((roll.len(), heads(&roll), total(&roll)), (100, 84, 1_000_000));
        let of_developer: Vec<_> = roll
            .iter()
            .filter(|entry| !entry.developer_id.is_empty())
            .collect();
        assert_eq!(of_developer.len(), 15);
        assert!(
            of_developer
                .iter()
                .all(|entry| entry.developer_id == developer().to_string())
        );
        assert!(of_developer.iter().all(|entry| entry.owner_ids.is_empty()));
        let of_three = roll
            .iter()
            .filter(|entry| entry.owner_ids == [owner(16).to_string()]);
        assert_eq!(of_three.count(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e3_an_owner_alone_and_the_same_owner_with_another_are_two_heads() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let homes = HOMES_HEADER.to_owned() + &home_row(1, 1, "DELIVERED") + &home_row(1, 2, "DELIVERED");
        registry.load(pb::TableKind::Homes, &homes).await;
        let owners = OWNERSHIPS_HEADER.to_owned()
            + &ownership_row(1, 1, 1)
            + &ownership_row(1, 2, 2)
            + &ownership_row(1, 2, 1);
        registry.load(pb::TableKind::Ownerships, &owners).await;
        let roll = registry.roll(whole_area()).await.unwrap();
        assert_eq!((heads(&roll), total(&roll)), (2, 20_000));
        let mut couple = [owner(1).to_string(), owner(2).to_string()];
        couple.sort_unstable();
        assert_eq!(roll[1].owner_ids, couple);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e5_the_roll_of_one_building_holds_its_homes_only() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=20).await;
        settle(&registry, 3, 1..=40).await;
        let scope = Scope {
            building_ids: vec![building("3").to_string()],
            ..whole_area()
        };
        let roll = registry.roll(scope.clone()).await.unwrap();
        assert_eq!((roll.len(), heads(&roll)), (40, 40));
        assert!(
            roll.iter()
                .all(|entry| entry.building_id == building("3").to_string())
        );

        let stairwell = Scope {
            stairwells: vec!["1".into()],
            ..scope.clone()
        };
        assert_eq!(registry.roll(stairwell).await.unwrap().len(), 40);
        let unknown = Scope {
            stairwells: vec!["9".into()],
            ..scope
        };
        assert_eq!(refused(registry.roll(unknown).await), "STAIRWELL_NOT_IN_BUILDING");
        let without_building = Scope {
            stairwells: vec!["1".into()],
            ..whole_area()
        };
        assert_eq!(
            refused(registry.roll(without_building).await),
            "STAIRWELLS_WITHOUT_BUILDING"
        );
        let foreign = ids::BuildingId::derive("elsewhere/1").to_string();
        let elsewhere = Scope {
            building_ids: vec![building("3").to_string(), foreign],
            ..whole_area()
        };
        assert_eq!(refused(registry.roll(elsewhere).await), "BUILDING_NOT_IN_AREA");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parking_spaces_count_only_where_the_rules_of_the_assembly_say_so() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        let space = format!("{AREA},2,P,001,{},12.50,PARKING,UNSOLD,\n", unit(2, 1));
        registry
            .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &space))
            .await;
        assert_eq!(registry.roll(whole_area()).await.unwrap().len(), 2);
        let counted = pb::StreamRollRequest {
            scope: Some(whole_area()),
            count_parking: true,
            ..Default::default()
        };
        let roll = registry
            .roll_of(&people::community(COMMUNITY), counted)
            .await
            .unwrap();
        assert_eq!((roll.len(), total(&roll)), (3, 21_250));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roll_is_as_of_its_day_before_and_after_a_transfer_and_a_hand_over() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        let authority = people::authority(CITY);
        registry
            .transfer(&authority, "t", home(1, 1), &[owner(1002)], "2026-02-01")
            .await
            .unwrap();
        let as_of = |at: &str| pb::StreamRollRequest {
            scope: Some(whole_area()),
            as_of: Some(at.parse::<chrono::DateTime<chrono::Utc>>().unwrap().into()),
            ..Default::default()
        };
        let roll = async |at: &str| {
            registry
                .roll_of(&people::community(COMMUNITY), as_of(at))
                .await
                .unwrap()
        };
        // 15:59 UTC is the last minute of 31 January in China.
        let before = roll("2026-01-31T15:59:00Z").await;
        assert_eq!(
            (heads(&before), &before[0].owner_ids),
            (2, &vec![owner(1001).to_string()])
        );
        let after = roll("2026-01-31T16:00:00Z").await;
        assert_eq!(
            (heads(&after), &after[0].owner_ids),
            (1, &vec![owner(1002).to_string()])
        );
        let before_hand_over = roll("2020-04-30T15:59:00Z").await;
        assert!(
            before_hand_over
                .iter()
                .all(|entry| entry.developer_id == developer().to_string())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roll_that_cannot_be_counted_is_refused_as_a_whole() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        assert_eq!(refused(registry.roll(whole_area()).await), "ROLL_EMPTY");
        settle(&registry, 1, 1..=3).await;
        let homes: String = (4..=10).map(|number| home_row(1, number, "DELIVERED")).collect();
        registry
            .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &homes))
            .await;
        let status = registry.roll(whole_area()).await.unwrap_err();
        assert_eq!(rpc::failure::reason_of(&status), "ROLL_NOT_READY");
        assert!(
            status.message().contains("7 homes") && status.message().contains("1-0004"),
            "{}",
            status.message()
        );
        assert!(
            !status.message().contains("1-0009"),
            "five rooms are named, not more"
        );

        let nobodys = "330783004015-0002";
        let area = format!(
            "number,name,division_code,developer_credit_code,manager_credit_code\n{nobodys},无名,{COMMUNITY},,\n"
        );
        registry.load(pb::TableKind::Areas, &area).await;
        registry
            .load(
                pb::TableKind::Buildings,
                &format!("area_number,number,floors\n{nobodys},1,6\n"),
            )
            .await;
        let row = home_row(1, 500, "UNSOLD").replace(AREA, nobodys);
        registry
            .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &row))
            .await;
        let scope = Scope {
            area_id: ids::AreaId::derive(nobodys).to_string(),
            ..Scope::default()
        };
        assert_eq!(refused(registry.roll(scope).await), "ROLL_NOT_READY");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roll_goes_to_whoever_may_announce_a_ballot_in_the_area() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        let ask = async |caller| {
            let request = pb::StreamRollRequest {
                scope: Some(whole_area()),
                ..Default::default()
            };
            registry.roll_of(&caller, request).await
        };
        assert_eq!(ask(people::committee_member(area())).await.unwrap().len(), 2);
        assert_eq!(ask(people::street(STREET)).await.unwrap().len(), 2);
        assert_eq!(refused(ask(people::street(OTHER_STREET)).await), "AREA_NOT_FOUND");
        assert_eq!(refused(ask(people::firm(manager())).await), "NOT_ALLOWED");
        assert_eq!(refused(ask(people::owner(owner(1001))).await), "NOT_ALLOWED");
    }
}
