//! Buildings' parts: areas are corrected, homes are sold, and warranties run.

use proto::common::v1::SaleState;
use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

/// SHA-256 of nothing.
const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn correction(number: u32, area: i64) -> pb::CorrectExclusiveAreaRequest {
    pb::CorrectExclusiveAreaRequest {
        home_id: home(1, number).to_string(),
        exclusive_area: area,
        source: pb::AreaSource::Register.into(),
        document_digest: DIGEST.into(),
        reason: "登记簿更正登记".into(),
    }
}

fn sale(numbers: &[u32], on: &str) -> pb::SellHomesRequest {
    pb::SellHomesRequest {
        building_id: building("1").to_string(),
        home_ids: numbers
            .iter()
            .map(|number| home(1, *number).to_string())
            .collect(),
        sold_on: on.into(),
    }
}

fn facts(completed_on: &str, years: i32) -> pb::RecordBuildingFactsRequest {
    pb::RecordBuildingFactsRequest {
        building_id: building("1").to_string(),
        completed_on: completed_on.into(),
        design_life_years: years,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_area_counts_from_its_day_and_what_was_counted_stays() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        let authority = people::authority(CITY);
        let correct = async |key: &str, message| {
            call!(
                registry,
                building_client.correct_exclusive_area,
                &authority,
                key,
                message
            )
        };
        let known = correct("1", correction(1, 10_050)).await.unwrap();
        let areas: Vec<_> = known.areas.iter().map(|area| area.exclusive_area).collect();
        assert_eq!(areas, [10_000, 10_050]);
        assert_eq!(known.areas[1].since, TODAY);
        let stored = registry.outbox().await.into_iter();
        // The area is looked at as well, for its shares are other ones now.
        let stored = stored
            .rev()
            .find(|event| event.kind.ends_with("HomeCorrected"))
            .unwrap();
        assert_eq!(
            stored.address,
            "heju.v1.registry.building.home_corrected.330783.004.015"
        );
        assert_eq!((stored.aggregate, stored.version), (building("1").to_string(), 4));
        let event: pb::HomeCorrected = serde_json::from_str(&stored.body).unwrap();
        assert_eq!(event.exclusive_area_before, 10_000);
        assert_eq!(event.after.unwrap().exclusive_area, 10_050);

        // A second one on the same day stands beside the first.
        let known = correct("2", correction(1, 10_060)).await.unwrap();
        assert_eq!(known.areas.len(), 3);
        let area_on = async |at: &str| {
            let request = pb::StreamRollRequest {
                scope: Some(whole_area()),
                as_of: Some(at.parse::<chrono::DateTime<chrono::Utc>>().unwrap().into()),
                ..Default::default()
            };
            let roll = registry.roll_of(&people::community(COMMUNITY), request).await;
            let roll = roll.unwrap().into_iter();
            roll.map(|entry| entry.exclusive_area).sum::<i64>()
        };
        assert_eq!(area_on("2026-03-01T04:00:00Z").await, 20_000);
        assert_eq!(area_on("2026-03-02T04:00:00Z").await, 20_060);
        let read = pb::GetHomeFactsRequest {
            home_id: home(1, 1).to_string(),
        };
        let own = people::owner(owner(1001));
        let found = call!(registry, building_client.get_home_facts, &own, "g", read.clone());
        assert_eq!(found.unwrap(), known);
        let neighbour = people::owner(owner(1002));
        let hidden = call!(registry, building_client.get_home_facts, &neighbour, "g", read);
        assert_eq!(refused(hidden), "HOME_NOT_FOUND");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_correction_that_cannot_be_has_its_reason_and_of_two_at_once_one_wins() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        let authority = people::authority(CITY);
        let correct = async |caller: &access::Principal, key: &str, message| {
            call!(
                registry,
                building_client.correct_exclusive_area,
                caller,
                key,
                message
            )
        };
        let events = registry.outbox().await.len();
        let wrong = |change: fn(&mut pb::CorrectExclusiveAreaRequest)| {
            let mut message = correction(1, 10_050);
            change(&mut message);
            message
        };
        let cases: &[Spoilt<pb::CorrectExclusiveAreaRequest>] = &[
            (|m| m.source = 0, "AREA_SOURCE_MISSING"),
            (|m| m.reason.clear(), "AREA_SOURCE_NOT_BETTER"),
            (|m| m.exclusive_area = 10_000, "EXCLUSIVE_AREA_UNCHANGED"),
            (|m| m.exclusive_area = 0, "EXCLUSIVE_AREA_OUT_OF_RANGE"),
            (|m| m.document_digest = "abc".into(), "DOCUMENT_DIGEST_MALFORMED"),
            (|m| m.home_id = home(9, 9).to_string(), "HOME_NOT_FOUND"),
        ];
        for (change, reason) in cases.iter().copied() {
            assert_eq!(refused(correct(&authority, reason, wrong(change)).await), reason);
        }
        for (stranger, reason) in [
            (people::street(STREET), "NOT_ALLOWED"),
            (people::firm(manager()), "NOT_ALLOWED"),
            (people::street(OTHER_STREET), "HOME_NOT_FOUND"),
            (people::authority("330782"), "HOME_NOT_FOUND"),
        ] {
            let answer = correct(&stranger, "s", correction(1, 10_050)).await;
            assert_eq!(refused(answer), reason);
        }
        assert_eq!(registry.outbox().await.len(), events);
        let (one, other) = tokio::join!(
            correct(&authority, "a", correction(1, 10_050)),
            correct(&authority, "b", correction(1, 10_050))
        );
        let (key, first, lost) = match (one, other) {
            (Ok(first), Err(lost)) => ("a", first, lost),
            (Err(lost), Ok(first)) => ("b", first, lost),
            both => panic!("exactly one is accepted: {both:?}"),
        };
        let reason = rpc::failure::reason_of(&lost);
        assert!(
            ["EXCLUSIVE_AREA_UNCHANGED", "CONFLICT"].contains(&reason.as_str()),
            "{reason}"
        );
        let again = correct(&authority, key, correction(1, 10_050)).await;
        assert_eq!(again.unwrap(), first);
        let other = correct(&authority, key, correction(2, 10_050)).await;
        assert_eq!(refused(other), "IDEMPOTENCY_KEY_REUSED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn homes_are_sold_once_and_all_or_none() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let homes: String = (1..=3).map(|number| home_row(1, number, "UNSOLD")).collect();
        let table = HOMES_HEADER.to_owned() + &homes;
        registry.load(pb::TableKind::Homes, &table).await;
        let authority = people::authority(CITY);
        let sell =
            async |key: &str, message| call!(registry, building_client.sell_homes, &authority, key, message);
        let sold = sell("1", sale(&[1, 2], "2026-03-01")).await.unwrap();
        assert!(sold.homes.iter().all(|home| home.sale_state() == SaleState::Sold));
        let stored = registry.outbox().await.pop().unwrap();
        let event: pb::HomesSold = serde_json::from_str(&stored.body).unwrap();
        assert_eq!((event.home_ids.len(), event.sold_on.as_str()), (2, "2026-03-01"));
        assert_eq!(sell("1", sale(&[1, 2], "2026-03-01")).await.unwrap(), sold);
        assert_eq!(refused(sell("2", sale(&[2, 3], TODAY)).await), "HOME_SOLD");
        assert_eq!(
            refused(sell("3", sale(&[3], "2026-03-03")).await),
            "DAY_IN_THE_FUTURE"
        );
        assert_eq!(refused(sell("4", sale(&[], TODAY)).await), "HOMES_MISSING");
        assert_eq!(refused(sell("5", sale(&[9], TODAY)).await), "HOME_NOT_FOUND");
        let street = people::street(STREET);
        let answer = call!(
            registry,
            building_client.sell_homes,
            &street,
            "6",
            sale(&[3], TODAY)
        );
        assert_eq!(refused(answer), "NOT_ALLOWED");
        // The table from before the sale still agrees with what was true then.
        assert_eq!(registry.load(pb::TableKind::Homes, &table).await.unchanged, 3);
        let read = pb::GetHomeFactsRequest {
            home_id: home(1, 1).to_string(),
        };
        let found = call!(registry, building_client.get_home_facts, &authority, "g", read);
        assert_eq!(found.unwrap().sold_on, "2026-03-01");
    }
}

/// E10: waterproofing runs eight years from the hand-over in Zhejiang, whatever the State's five years say.
#[tokio::test(flavor = "multi_thread")]
async fn e10_warranties_run_from_acceptance_or_hand_over_each_by_its_article() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        let authority = people::authority(CITY);
        let record = async |key: &str, message| {
            call!(
                registry,
                building_client.record_building_facts,
                &authority,
                key,
                message
            )
        };
        let late = record("1", facts("2020-05-02", 0)).await;
        assert_eq!(refused(late), "COMPLETION_AFTER_DELIVERY");
        assert_eq!(
            refused(record("2", facts("2020-03-01", 4)).await),
            "DESIGN_LIFE_OUT_OF_RANGE"
        );
        let known = record("3", facts("2020-03-01", 70)).await.unwrap();
        assert_eq!(
            (known.completed_on.as_str(), known.design_life_years),
            ("2020-03-01", 70)
        );
        assert_eq!(
            refused(record("4", facts("2020-03-01", 70)).await),
            "FACTS_UNCHANGED"
        );
        let message = pb::GetWarrantiesRequest {
            building_id: building("1").to_string(),
        };
        let read = async |caller: &access::Principal| {
            call!(
                registry,
                building_client.get_warranties,
                caller,
                "g",
                message.clone()
            )
        };
        let found = read(&people::owner(owner(1001))).await.unwrap();
        assert_eq!(found.last_delivered_on, SINCE);
        let of = |part: pb::WarrantyPart| {
            let one = found.warranties.iter().find(|one| one.part() == part);
            let one = one.unwrap();
            assert!(!one.article.is_empty());
            (one.begins_on.as_str(), one.ends_on.as_str(), one.runs)
        };
        assert_eq!(
            of(pb::WarrantyPart::Waterproofing),
            ("2020-05-01", "2028-05-01", true)
        );
        assert_eq!(
            of(pb::WarrantyPart::HiddenLines),
            ("2020-05-01", "2028-05-01", true)
        );
        assert_eq!(
            of(pb::WarrantyPart::Structure),
            ("2020-03-01", "2090-03-01", true)
        );
        assert_eq!(of(pb::WarrantyPart::Lift), ("2020-03-01", "2022-03-01", false));
        assert_eq!(of(pb::WarrantyPart::HeatingAndCooling), ("2020-03-01", "", false));
        assert_eq!(found.warranties.len(), 8);
        for stranger in [people::owner(owner(9)), people::street(OTHER_STREET)] {
            assert_eq!(refused(read(&stranger).await), "BUILDING_NOT_FOUND");
        }
    }
}
