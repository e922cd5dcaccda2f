//! When the first assembly is to be prepared: told once, by share, by time, and on the day after a table.

use access::Principal;
use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

/// Ten sold homes of 100 m² with owners in building 1.
async fn ten_sold(registry: &TestRegistry) {
    let homes: String = (1..=10).map(|number| home_row(1, number, "SOLD")).collect();
    registry
        .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &homes))
        .await;
    let owners: String = (1..=10)
        .map(|number| ownership_row(1, number, 1000 + number))
        .collect();
    registry
        .load(
            pb::TableKind::Ownerships,
            &(OWNERSHIPS_HEADER.to_owned() + &owners),
        )
        .await;
}

async fn hand_over(registry: &TestRegistry, numbers: std::ops::RangeInclusive<u32>) {
    let key = format!("homes-{numbers:?}");
    let homes: Vec<_> = numbers.map(|number| home(1, number)).collect();
    registry
        .deliver(&people::street(STREET), &key, building("1"), &homes, TODAY)
        .await
        .unwrap();
}

async fn set_up(registry: &TestRegistry, caller: &Principal) -> Result<pb::SetUp, tonic::Status> {
    let message = pb::GetSetUpRequest {
        area_id: area().to_string(),
        ..Default::default()
    };
    let request = registry.world.request(caller, message);
    registry
        .client()
        .get_set_up(request)
        .await
        .map(tonic::Response::into_inner)
}

/// What was told, with the version of the area.
async fn told(registry: &TestRegistry) -> Vec<(i64, pb::SetUp)> {
    let events = registry.outbox().await.into_iter();
    events
        .filter(|event| event.kind == "heju.registry.v1.SetUpDue")
        .map(|event| {
            assert_eq!(event.aggregate, area().to_string());
            assert_eq!(event.address, "heju.v1.registry.area.set_up_due.330783.004.015");
            let due: pb::SetUpDue = serde_json::from_str(&event.body).unwrap();
            (event.version, due.set_up.unwrap())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_percent_handed_over_is_told_at_once_and_only_once() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        ten_sold(&registry).await;
        let street = people::street(STREET);
        hand_over(&registry, 1..=5).await;
        let half = set_up(&registry, &street).await.unwrap();
        assert_eq!((half.delivered_area, half.total_area), (50_000, 100_000));
        assert_eq!(half.first_delivered_on, TODAY);
        assert_eq!(half.condition(), pb::SetUpCondition::Unspecified);
        assert!(half.due_on.is_empty());
        assert_eq!(told(&registry).await, []);

        hand_over(&registry, 6..=6).await;
        let due = set_up(&registry, &street).await.unwrap();
        assert_eq!(due.condition(), pb::SetUpCondition::Share);
        assert_eq!((due.due_on.as_str(), due.delivered_area), (TODAY, 60_000));
        assert_eq!(due.article, "浙江省物业管理条例第8条");
        assert_eq!(told(&registry).await, [(2, due)]);

        hand_over(&registry, 7..=10).await;
        registry
            .world
            .advance_to("2028-03-03T00:00:00Z".parse().unwrap())
            .await;
        registry.world.pump().await;
        assert_eq!(told(&registry).await.len(), 1);
        registry.world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_percent_is_enough_when_two_years_have_passed() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        ten_sold(&registry).await;
        hand_over(&registry, 1..=3).await;
        // The last moment of 2028-03-01 in China, and the first of 2028-03-02.
        registry
            .world
            .advance_to("2028-03-01T15:59:59Z".parse().unwrap())
            .await;
        registry.world.pump().await;
        assert_eq!(told(&registry).await, []);
        registry
            .world
            .advance_to("2028-03-01T16:00:00Z".parse().unwrap())
            .await;
        registry.world.pump().await;
        let told = told(&registry).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].1.condition(), pb::SetUpCondition::Time);
        assert_eq!((told[0].0, told[0].1.due_on.as_str()), (2, "2028-03-02"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_looked_at_on_the_day_after_when_all_of_the_area_is_there() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        // Handed over homes first: half of the tables would say that all of it is.
        settle(&registry, 1, 1..=2).await;
        let unsold: String = (1..=8).map(|number| home_row(2, number, "UNSOLD")).collect();
        registry
            .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &unsold))
            .await;
        registry
            .world
            .advance_to("2026-03-03T00:00:00Z".parse().unwrap())
            .await;
        registry.world.pump().await;
        assert_eq!(told(&registry).await, [], "a fifth is handed over");

        settle(&registry, 3, 1..=2).await;
        assert_eq!(told(&registry).await, []);
        registry
            .world
            .advance_to("2026-03-04T00:00:00Z".parse().unwrap())
            .await;
        registry.world.pump().await;
        let told = told(&registry).await;
        assert_eq!(told.len(), 1);
        assert_eq!(
            told[0].1.condition(),
            pb::SetUpCondition::Time,
            "a third since 2020"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_do_not_learn_how_far_an_area_is() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=1).await;
        for known in [
            people::community(COMMUNITY),
            people::authority(CITY),
            people::owner(owner(1001)),
            people::firm(manager()),
        ] {
            set_up(&registry, &known).await.unwrap();
        }
        for stranger in [people::street(OTHER_STREET), people::authority("330782")] {
            assert_eq!(refused(set_up(&registry, &stranger).await), "AREA_NOT_FOUND");
        }
    }
}
