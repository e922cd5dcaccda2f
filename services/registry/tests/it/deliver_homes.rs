//! Homes are handed over: the story on the roll, each refusal, the repeat and the race.

use proto::common::v1::SaleState;
use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

/// Homes 1 to 3 of building 1, sold to owners 1001 to 1003; home 4 unsold.
async fn sold(registry: &TestRegistry) {
    let homes: String = (1..=3).map(|number| home_row(1, number, "SOLD")).collect();
    let homes = HOMES_HEADER.to_owned() + &homes + &home_row(1, 4, "UNSOLD");
    registry.load(pb::TableKind::Homes, &homes).await;
    let owners: String = (1..=3)
        .map(|number| ownership_row(1, number, 1000 + number))
        .collect();
    registry
        .load(
            pb::TableKind::Ownerships,
            &(OWNERSHIPS_HEADER.to_owned() + &owners),
        )
        .await;
}

/// Heads of the roll of the whole area.
async fn heads(registry: &TestRegistry) -> usize {
    let roll = registry.roll(whole_area()).await.unwrap();
    let heads: std::collections::BTreeSet<String> = roll.into_iter().map(|entry| entry.head_key).collect();
    heads.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn homes_handed_over_count_with_their_owners_from_then_on() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        sold(&registry).await;
        assert_eq!(heads(&registry).await, 1, "the developer alone");
        let after = registry
            .deliver(
                &people::street(STREET),
                "k",
                building("1"),
                &[home(1, 2), home(1, 1)],
                TODAY,
            )
            .await
            .unwrap();
        let mut ids = [home(1, 1), home(1, 2)].map(|id| id.to_string());
        ids.sort_unstable();
        assert_eq!(
            after.iter().map(|home| &home.home_id).collect::<Vec<_>>(),
            ids.each_ref()
        );
        for home in &after {
            assert_eq!(
                (home.sale_state(), home.delivered_on.as_str()),
                (SaleState::Delivered, TODAY)
            );
        }
        assert_eq!(heads(&registry).await, 3, "two owners and the developer");

        let stored = registry.outbox().await.pop().unwrap();
        assert_eq!(stored.kind, "heju.registry.v1.HomesDelivered");
        assert_eq!((stored.aggregate, stored.version), (building("1").to_string(), 4));
        assert_eq!(
            stored.address,
            "heju.v1.registry.building.homes_delivered.330783.004.015"
        );
        let event: pb::HomesDelivered = serde_json::from_str(&stored.body).unwrap();
        assert_eq!(event.area_id, area().to_string());
        assert_eq!(event.home_ids, ids);
        assert_eq!(event.delivered_on, TODAY);

        // The table from before the hand-over still agrees with what was true then.
        let table = HOMES_HEADER.to_owned() + &home_row(1, 1, "SOLD");
        assert_eq!(registry.load(pb::TableKind::Homes, &table).await.unchanged, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_hand_over_that_cannot_be_has_its_reason_and_changes_nothing() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        sold(&registry).await;
        settle(&registry, 2, 1..=1).await;
        let events = registry.outbox().await.len();
        let authority = people::authority(CITY);
        let mut serial = 0;
        let mut send = async |caller: &access::Principal, block: &str, homes: &[ids::HomeId], on: &str| {
            serial += 1;
            refused(
                registry
                    .deliver(caller, &format!("k{serial}"), building(block), homes, on)
                    .await,
            )
        };
        // The first home could be handed over: beside one that cannot, it is not.
        let with_unsold = [home(1, 1), home(1, 4)];
        assert_eq!(send(&authority, "1", &with_unsold, TODAY).await, "HOME_UNOWNED");
        let elsewhere = [home(1, 1), home(2, 1)];
        assert_eq!(send(&authority, "1", &elsewhere, TODAY).await, "HOME_NOT_FOUND");
        assert_eq!(
            send(&authority, "2", &[home(2, 1)], TODAY).await,
            "HOME_DELIVERED"
        );
        let one = [home(1, 1)];
        assert_eq!(send(&authority, "1", &[], TODAY).await, "HOMES_MISSING");
        assert_eq!(
            send(&authority, "1", &one, "2026-03-03").await,
            "DELIVERY_IN_THE_FUTURE"
        );
        assert_eq!(send(&authority, "1", &one, "soon").await, "DATE_MALFORMED");
        assert_eq!(send(&authority, "9", &one, TODAY).await, "BUILDING_NOT_FOUND");
        for stranger in [people::street(OTHER_STREET), people::authority("330782")] {
            assert_eq!(send(&stranger, "1", &one, TODAY).await, "BUILDING_NOT_FOUND");
        }
        assert_eq!(
            send(&people::community(COMMUNITY), "1", &one, TODAY).await,
            "NOT_ALLOWED"
        );
        let many: Vec<_> = (1..=201).map(|number| home(1, number)).collect();
        assert_eq!(send(&authority, "1", &many, TODAY).await, "TOO_MANY_IDS");
        assert_eq!(registry.outbox().await.len(), events);
        let request = pb::GetHomeRequest {
            home_id: one[0].to_string(),
            ..Default::default()
        };
        let request = registry.world.request(&authority, request);
        let home = registry.client().get_home(request).await.unwrap().into_inner();
        assert_eq!(home.sale_state(), SaleState::Sold);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_gets_the_first_answer_and_of_two_at_the_same_moment_one_wins() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        sold(&registry).await;
        let street = people::street(STREET);
        let homes = [home(1, 1)];
        let deliver = async |key| registry.deliver(&street, key, building("1"), &homes, TODAY).await;
        let (one, other) = tokio::join!(deliver("a"), deliver("b"));
        let (key, first, lost) = match (one, other) {
            (Ok(first), Err(lost)) => ("a", first, lost),
            (Err(lost), Ok(first)) => ("b", first, lost),
            both => panic!("exactly one is accepted: {both:?}"),
        };
        let reason = rpc::failure::reason_of(&lost);
        assert!(
            ["HOME_DELIVERED", "CONFLICT"].contains(&reason.as_str()),
            "{reason}"
        );
        let events = registry.outbox().await.len();
        assert_eq!(deliver(key).await.unwrap(), first);
        assert_eq!(registry.outbox().await.len(), events);
        let other = registry
            .deliver(&street, key, building("1"), &[home(1, 2)], TODAY)
            .await;
        assert_eq!(refused(other), "IDEMPOTENCY_KEY_REUSED");
    }
}
