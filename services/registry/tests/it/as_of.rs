//! Reads of a past day: homes, buildings, areas; and that who may read is decided as of now.

use access::Principal;
use ids::HomeId;
use proto::common::v1::SaleState;
use proto::registry::v1 as pb;
use testkit::{backends, people};
use tonic::Status;

use crate::world::*;

async fn get(
    registry: &TestRegistry,
    caller: &Principal,
    home: HomeId,
    day: &str,
) -> Result<pb::Home, Status> {
    let message = pb::GetHomeRequest {
        home_id: home.to_string(),
        as_of_on: day.into(),
    };
    let request = registry.world.request(caller, message);
    Ok(registry.client().get_home(request).await?.into_inner())
}

/// Ids of the homes that a list of a day gives, read by pages of one.
async fn list(
    registry: &TestRegistry,
    caller: &Principal,
    message: pb::ListHomesRequest,
) -> Result<Vec<pb::Home>, Status> {
    let mut message = pb::ListHomesRequest {
        page_size: 1,
        ..message
    };
    let mut homes = Vec::new();
    loop {
        let request = registry.world.request(caller, message.clone());
        let page = registry.client().list_homes(request).await?.into_inner();
        assert!(page.homes.len() <= 1);
        homes.extend(page.homes);
        if page.next_page_token.is_empty() {
            return Ok(homes);
        }
        message.page_token = page.next_page_token;
    }
}

fn own(day: &str) -> pb::ListHomesRequest {
    pb::ListHomesRequest {
        as_of_on: day.into(),
        ..Default::default()
    }
}

fn of_area(day: &str) -> pb::ListHomesRequest {
    pb::ListHomesRequest {
        area_id: area().to_string(),
        ..own(day)
    }
}

/// Homes 1 and 2 of building 1 of owners since 2020; the first passed to the owner of the second on 2024-01-10.
async fn transferred(registry: &TestRegistry) {
    settle(registry, 1, 1..=2).await;
    let authority = people::authority(CITY);
    let to = [owner(1002)];
    registry
        .transfer(&authority, "t", home(1, 1), &to, "2024-01-10")
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_of_a_day_has_the_owners_and_the_area_that_counted_then() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        transferred(&registry).await;
        let authority = people::authority(CITY);
        let correction = pb::CorrectExclusiveAreaRequest {
            home_id: home(1, 1).to_string(),
            exclusive_area: 10_150,
            source: pb::AreaSource::Register.into(),
            document_digest: "9f".repeat(32),
            reason: "登记簿更正登记".into(),
        };
        call!(
            registry,
            building_client.correct_exclusive_area,
            &authority,
            "c",
            correction
        )
        .unwrap();
        let street = people::street(STREET);
        let (first, second) = (vec![owner(1001).to_string()], vec![owner(1002).to_string()]);
        for (day, owners, since, area) in [
            ("2020-04-30", vec![], "", 10_000),
            (SINCE, first.clone(), SINCE, 10_000),
            ("2024-01-09", first, SINCE, 10_000),
            ("2024-01-10", second.clone(), "2024-01-10", 10_000),
            ("2026-03-01", second.clone(), "2024-01-10", 10_000),
            (TODAY, second.clone(), "2024-01-10", 10_150),
            ("", second, "2024-01-10", 10_150),
        ] {
            let then = get(&registry, &street, home(1, 1), day).await.unwrap();
            assert_eq!(
                (&then.owner_ids, then.owned_since.as_str(), then.exclusive_area),
                (&owners, since, area),
                "{day}"
            );
            let listed = list(&registry, &street, of_area(day)).await.unwrap();
            assert_eq!(listed.len(), 2, "{day}: pages are those of any day");
            assert_eq!(listed[0], then, "{day}: a list says the same");
        }
        // A firm is not told owners of any day.
        let firm = people::firm(manager());
        let then = list(&registry, &firm, of_area("2021-01-01")).await.unwrap();
        assert!(then.iter().all(|home| home.owner_ids.is_empty()));
        for (day, reason) in [
            ("2026-03-03", "DAY_IN_THE_FUTURE"),
            ("2026-02-30", "DATE_MALFORMED"),
        ] {
            assert_eq!(refused(get(&registry, &street, home(1, 1), day).await), reason);
            assert_eq!(refused(list(&registry, &street, of_area(day)).await), reason);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_of_a_day_is_as_far_sold_and_handed_over_as_it_was() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let authority = people::authority(CITY);
        let homes = HOMES_HEADER.to_owned() + &home_row(2, 1, "UNSOLD") + &home_row(2, 2, "DELIVERED");
        registry.load(pb::TableKind::Homes, &homes).await;
        let sale = pb::SellHomesRequest {
            building_id: building("2").to_string(),
            home_ids: vec![home(2, 1).to_string()],
            sold_on: "2025-02-01".into(),
        };
        call!(registry, building_client.sell_homes, &authority, "s", sale).unwrap();
        let owned = ownership_row(2, 1, 2001).replace(SINCE, "2025-03-01") + &ownership_row(2, 2, 2002);
        registry
            .load(
                pb::TableKind::Ownerships,
                &(OWNERSHIPS_HEADER.to_owned() + &owned),
            )
            .await;
        let delivered = [home(2, 1)];
        registry
            .deliver(&authority, "d", building("2"), &delivered, "2025-06-30")
            .await
            .unwrap();
        for (day, state, on) in [
            ("2025-01-31", SaleState::Unsold, ""),
            ("2025-02-01", SaleState::Sold, ""),
            ("2025-06-29", SaleState::Sold, ""),
            ("2025-06-30", SaleState::Delivered, "2025-06-30"),
            ("", SaleState::Delivered, "2025-06-30"),
        ] {
            let then = get(&registry, &authority, home(2, 1), day).await.unwrap();
            assert_eq!(
                (then.sale_state(), then.delivered_on.as_str()),
                (state, on),
                "{day}"
            );
        }
        // Where the day of a sale is not known, a home without owners was the developer's.
        let before = get(&registry, &authority, home(2, 2), "2020-04-30")
            .await
            .unwrap();
        assert_eq!(before.sale_state(), SaleState::Unsold);
        // The hand-over of the area goes with it.
        let set_up = async |day: &str| {
            let message = pb::GetSetUpRequest {
                area_id: area().to_string(),
                as_of_on: day.into(),
            };
            let request = registry.world.request(&authority, message);
            registry.client().get_set_up(request).await.map(|answer| {
                let found = answer.into_inner();
                (found.delivered_area, found.total_area, found.first_delivered_on)
            })
        };
        let nothing = (0, 20_000, String::new());
        assert_eq!(set_up("2020-04-30").await.unwrap(), nothing);
        assert_eq!(set_up(SINCE).await.unwrap(), (10_000, 20_000, SINCE.into()));
        let all = (20_000, 20_000, SINCE.to_owned());
        assert_eq!(set_up("2025-06-30").await.unwrap(), all);
        assert_eq!(set_up("").await.unwrap(), all);
        assert_eq!(refused(set_up("2026-03-03").await), "DAY_IN_THE_FUTURE");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_owner_sees_no_more_than_now_and_the_present_one_not_who_was_before() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        transferred(&registry).await;
        let (former, present) = (people::owner(owner(1001)), people::owner(owner(1002)));
        for day in ["2021-01-01", "2024-01-10", ""] {
            let hidden = get(&registry, &former, home(1, 1), day).await;
            assert_eq!(refused(hidden), "HOME_NOT_FOUND", "{day}");
            assert_eq!(list(&registry, &former, own(day)).await.unwrap(), [], "{day}");
        }
        let before = get(&registry, &present, home(1, 1), "2021-01-01").await.unwrap();
        assert_eq!((before.owner_ids.len(), before.owned_since.as_str()), (0, ""));
        let since = get(&registry, &present, home(1, 1), "2024-01-10").await.unwrap();
        assert_eq!(since.owner_ids, [owner(1002).to_string()]);
        let ids = |homes: Vec<pb::Home>| homes.into_iter().map(|home| home.home_id).collect::<Vec<_>>();
        let (one, two) = (home(1, 1).to_string(), home(1, 2).to_string());
        let then = list(&registry, &present, own("2024-01-09")).await.unwrap();
        assert_eq!(ids(then), [two.as_str()]);
        let then = list(&registry, &present, own("2024-01-10")).await.unwrap();
        assert_eq!(ids(then), [one, two]);
        // How a home was held concerns who held it.
        let holding = async |caller: &Principal, day: &str| {
            let message = pb::GetHoldingRequest {
                home_id: home(1, 1).to_string(),
                as_of_on: day.into(),
            };
            let request = registry.world.request(caller, message);
            let held = registry.owners().get_holding(request).await;
            held.map(|held| held.into_inner().since)
        };
        let street = people::street(STREET);
        assert_eq!(holding(&street, "2024-01-09").await.unwrap(), SINCE);
        assert_eq!(holding(&street, "2024-01-10").await.unwrap(), "2024-01-10");
        assert_eq!(refused(holding(&present, "2024-01-09").await), "HOME_NOT_HELD");
        assert_eq!(holding(&present, "2024-01-10").await.unwrap(), "2024-01-10");
        assert_eq!(refused(holding(&former, "2024-01-09").await), "HOME_NOT_FOUND");
        let elsewhere = get(&registry, &people::street(OTHER_STREET), home(1, 1), "2021-01-01").await;
        assert_eq!(refused(elsewhere), "HOME_NOT_FOUND");
    }
}
