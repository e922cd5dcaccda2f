//! A home passes to other owners: the story, each refusal, the repeat and the race.

use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_home_passes_to_new_owners_and_the_event_names_both() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=3).await;
        let authority = people::authority(CITY);
        let new = [owner(1002), owner(1003)];
        let after = registry
            .transfer(&authority, "k", home(1, 1), &new, TODAY)
            .await
            .unwrap();
        let mut expected = new.map(|id| id.to_string());
        expected.sort_unstable();
        assert_eq!(
            (after.owner_ids.as_slice(), after.owned_since.as_str()),
            (expected.as_slice(), TODAY)
        );

        let stored = registry.outbox().await.pop().unwrap();
        assert_eq!(stored.kind, "heju.registry.v1.HomeTransferred");
        assert_eq!(stored.aggregate, building("1").to_string());
        assert_eq!(stored.version, 4, "building, homes, ownerships, transfer");
        assert_eq!(
            stored.address,
            "heju.v1.registry.building.home_transferred.330783.004.015"
        );
        let event: pb::HomeTransferred = serde_json::from_str(&stored.body).unwrap();
        assert_eq!(event.before.unwrap().owner_ids, [owner(1001).to_string()]);
        assert_eq!(event.after.unwrap().since, TODAY);

        // The table from before the transfer still agrees with what was true then.
        let table = OWNERSHIPS_HEADER.to_owned() + &ownership_row(1, 1, 1001);
        assert_eq!(
            registry.load(pb::TableKind::Ownerships, &table).await.unchanged,
            1
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_transfer_that_cannot_be_has_its_reason() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=2).await;
        let unsold = HOMES_HEADER.to_owned() + &home_row(1, 3, "UNSOLD");
        registry.load(pb::TableKind::Homes, &unsold).await;
        let events = registry.outbox().await.len();
        let authority = people::authority(CITY);
        let mut serial = 0;
        let mut send = async |caller: &access::Principal, number: u32, owners: &[ids::OwnerId], on: &str| {
            serial += 1;
            refused(
                registry
                    .transfer(caller, &format!("k{serial}"), home(1, number), owners, on)
                    .await,
            )
        };
        assert_eq!(send(&authority, 9, &[owner(1002)], TODAY).await, "HOME_NOT_FOUND");
        assert_eq!(
            send(&authority, 1, &[owner(4000)], TODAY).await,
            "OWNER_NOT_FOUND"
        );
        assert_eq!(
            send(&authority, 1, &[owner(1001)], TODAY).await,
            "OWNERS_UNCHANGED"
        );
        assert_eq!(
            send(&authority, 1, &[owner(1002)], "2026-03-03").await,
            "TRANSFER_IN_THE_FUTURE"
        );
        assert_eq!(
            send(&authority, 1, &[owner(1002)], "2020-04-30").await,
            "TRANSFER_BEFORE_OWNERSHIP"
        );
        assert_eq!(
            send(&authority, 3, &[owner(1002)], TODAY).await,
            "TRANSFER_BEFORE_OWNERSHIP"
        );
        assert_eq!(send(&authority, 1, &[], TODAY).await, "OWNERS_MISSING");
        assert_eq!(
            send(&authority, 1, &[owner(1002)], "yesterday").await,
            "DATE_MALFORMED"
        );
        assert_eq!(
            send(&people::street(STREET), 1, &[owner(1002)], TODAY).await,
            "NOT_ALLOWED"
        );
        assert_eq!(
            send(&people::street(OTHER_STREET), 1, &[owner(1002)], TODAY).await,
            "HOME_NOT_FOUND"
        );
        assert_eq!(
            send(&people::authority("330782"), 1, &[owner(1002)], TODAY).await,
            "HOME_NOT_FOUND"
        );
        assert_eq!(
            send(&people::owner(owner(1001)), 1, &[owner(1002)], TODAY).await,
            "NOT_ALLOWED"
        );
        assert_eq!(registry.outbox().await.len(), events);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_gets_the_first_answer_and_the_key_takes_no_other_transfer() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=3).await;
        let authority = people::authority(CITY);
        let first = registry
            .transfer(&authority, "k", home(1, 1), &[owner(1002)], TODAY)
            .await
            .unwrap();
        let events = registry.outbox().await.len();
        let again = registry
            .transfer(&authority, "k", home(1, 1), &[owner(1002)], TODAY)
            .await
            .unwrap();
        assert_eq!((again, registry.outbox().await.len()), (first, events));
        let other = registry
            .transfer(&authority, "k", home(1, 1), &[owner(1003)], TODAY)
            .await;
        assert_eq!(refused(other), "IDEMPOTENCY_KEY_REUSED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_transfers_at_the_same_moment_none_is_lost() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=3).await;
        let authority = people::authority(CITY);
        let (second, third) = ([owner(1002)], [owner(1003)]);
        let (one, other) = tokio::join!(
            registry.transfer(&authority, "a", home(1, 1), &second, TODAY),
            registry.transfer(&authority, "b", home(1, 1), &third, TODAY)
        );
        let accepted = usize::from(one.is_ok()) + usize::from(other.is_ok());
        assert!(accepted >= 1);
        for status in [one, other].into_iter().filter_map(Result::err) {
            assert_eq!(rpc::failure::reason_of(&status), "CONFLICT");
        }
        let transfers: Vec<i64> = registry
            .outbox()
            .await
            .into_iter()
            .filter(|event| event.kind.ends_with("HomeTransferred"))
            .map(|event| event.version)
            .collect();
        assert_eq!(transfers, (4..4 + accepted as i64).collect::<Vec<_>>());
    }
}
