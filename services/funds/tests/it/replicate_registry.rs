//! The replica of the registry: in order, once, equal to its source.

use funds::api::inbound;
use funds::app::RegistryChange;
use funds::domain::home::SaleState;
use funds::store::reads;
use outbox::Standing;
use proto::common::v1 as common;
use proto::registry;

use crate::town::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_built_in_order_with_duplicates_equals_the_source() {
    for backend in testkit::backends().await {
        let town = Town::empty(backend).await;
        let story = registry_story();
        for (place, (aggregate, version, change)) in story.iter().enumerate() {
            town.replicate(aggregate, *version, change.clone()).await.unwrap();
            // Everything before is delivered again; the owners of today stay.
            for (aggregate, version, change) in &story[..=place] {
                town.replicate(aggregate, *version, change.clone()).await.unwrap();
            }
        }
        let reader = town.world.hosted("funds").store.reader();
        for (_, _, change) in &story {
            match change {
                RegistryChange::Area(area) => {
                    assert_eq!(reads::area(reader, area.id).await.unwrap().as_ref(), Some(area));
                }
                RegistryChange::Homes { homes, .. } => {
                    for home in homes {
                        let mut found = reads::home(reader, home.id).await.unwrap().unwrap();
                        found.owner_ids.clear();
                        assert_eq!(found, *home);
                        assert_eq!(reads::holding(reader, home.id).await.unwrap().available.0, 0);
                    }
                }
                RegistryChange::Ownerships(ownerships) => {
                    for ownership in ownerships {
                        let found = reads::home(reader, ownership.home_id).await.unwrap().unwrap();
                        assert_eq!(found.owner_ids, ownership.owner_ids);
                    }
                }
                RegistryChange::Building(_)
                | RegistryChange::Delivery { .. }
                | RegistryChange::Manager { .. }
                | RegistryChange::Sale(_)
                | RegistryChange::Correction { .. }
                | RegistryChange::Move(_)
                | RegistryChange::Elsewhere => {}
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_comes_too_early_waits_for_the_one_before() {
    for backend in testkit::backends().await {
        let town = Town::empty(backend).await;
        let story = registry_story();
        let (building, homes) = (&story[1], &story[2]);
        assert_eq!(
            town.replicate(&homes.0, homes.1, homes.2.clone()).await.unwrap(),
            Standing::Early { expected: 1 }
        );
        town.replicate(&building.0, building.1, building.2.clone())
            .await
            .unwrap();
        town.replicate(&homes.0, homes.1, homes.2.clone()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_firm_manages_the_area_from_the_next_version_on() {
    for backend in testkit::backends().await {
        let town = Town::new(backend).await;
        let reader = town.world.hosted("funds").store.reader();
        let aggregate = area_id().to_string();
        let before = reads::area(reader, area_id()).await.unwrap().unwrap();
        let next = ids::FirmId::derive("next");
        for (version, firm) in [(before.version + 1, Some(next)), (before.version + 2, None)] {
            let event = proto::registry::v1::AreaManagerChanged {
                area_id: aggregate.clone(),
                manager_id: firm.map(|id| id.to_string()).unwrap_or_default(),
                since: "2026-05-01".into(),
                ..Default::default()
            };
            let change = funds::api::inbound::manager(event).unwrap();
            // Delivered twice, it is followed once.
            for _ in 0..2 {
                town.replicate(&aggregate, version, change.clone()).await.unwrap();
            }
            let after = reads::area(reader, area_id()).await.unwrap().unwrap();
            assert_eq!((after.manager_id, after.version), (firm, version));
            assert_eq!(after.developer_id, before.developer_id);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_and_a_corrected_area_are_followed_in_the_order_of_the_buildings_versions() {
    for backend in testkit::backends().await {
        let town = Town::new(backend).await;
        let (building, unsold) = HOMES
            .iter()
            .find(|home| home.4 == common::SaleState::Unsold)
            .map(|home| (building_id(home.0).to_string(), home_id(home.0, home.1)))
            .unwrap();
        let sold = registry::v1::HomesSold {
            building_id: building.clone(),
            area_id: area_id().to_string(),
            home_ids: vec![unsold.to_string()],
            sold_on: "2026-03-02".into(),
        };
        let corrected = registry::v1::HomeCorrected {
            building_id: building.clone(),
            area_id: area_id().to_string(),
            home_id: unsold.to_string(),
            exclusive_area_before: 1,
            after: Some(registry::v1::HomeArea {
                exclusive_area: 12_345,
                ..Default::default()
            }),
        };
        let correction = inbound::correction(corrected).unwrap();
        assert_eq!(
            town.replicate(&building, 5, correction.clone()).await.unwrap(),
            Standing::Early { expected: 4 }
        );
        town.replicate(&building, 4, inbound::sale(sold).unwrap())
            .await
            .unwrap();
        town.replicate(&building, 5, correction).await.unwrap();
        let reader = town.world.hosted("funds").store.reader();
        let home = reads::home(reader, unsold).await.unwrap().unwrap();
        assert_eq!(home.sale_state, SaleState::Sold);
        assert_eq!((home.delivered_on, home.exclusive_area.0), (None, 12_345));
    }
}
