//! The replica of the registry: in order, once, equal to its source.

use funds::app::RegistryChange;
use funds::store::reads;

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
                | RegistryChange::Sale(_)
                | RegistryChange::Correction { .. }
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
            reason_of(town.replicate(&homes.0, homes.1, homes.2.clone()).await),
            "CONFLICT"
        );
        town.replicate(&building.0, building.1, building.2.clone())
            .await
            .unwrap();
        town.replicate(&homes.0, homes.1, homes.2.clone()).await.unwrap();
    }
}
