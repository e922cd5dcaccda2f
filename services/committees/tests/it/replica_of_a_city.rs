//! The replica of a whole city: built in batches it is the one that is built event by event.

use std::collections::BTreeMap;

use outbox::reactions;
use testkit::registry::{self, City, Told};

use crate::stage::Stage;

const CITY: City = City {
    areas: 2,
    buildings: 3,
    homes: 8,
    changes: 200,
    transfers_percent: 40,
};

/// Every table of the replica.
const TABLES: [(&str, &[&str]); 4] = [
    ("areas", &["area_id", "division", "manager_id", "developer_id"]),
    ("buildings", &["building_id", "area_id", "number"]),
    ("home_owners", &["home_id", "owner_id", "area_id"]),
    ("positions", &["consumer", "aggregate", "version"]),
];

async fn follow(stage: &Stage, told: &[Told]) {
    let hosted = stage.world.hosted("committees");
    let bus = &stage.world.host.bus;
    registry::publish(bus, told).await;
    let replica = hosted
        .reactions
        .iter()
        .find(|reaction| reaction.name() == "replicate_registry");
    reactions::drain(&hosted.store, bus, replica.unwrap())
        .await
        .unwrap();
}

async fn tables(stage: &Stage) -> BTreeMap<&'static str, Vec<String>> {
    let reader = stage.world.hosted("committees").store.reader();
    let mut tables = BTreeMap::new();
    for (table, columns) in TABLES {
        tables.insert(table, registry::rows(reader, table, columns).await);
    }
    tables
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_built_in_batches_equals_one_built_event_by_event() {
    for backend in testkit::backends().await {
        let told = registry::tell(CITY);
        let (single, batched) = (Stage::new(backend).await, Stage::new(backend).await);
        let before = tables(&single).await;
        for event in &told {
            follow(&single, std::slice::from_ref(event)).await;
        }
        follow(&batched, &told).await;
        let (expected, found) = (tables(&single).await, tables(&batched).await);
        assert_eq!(expected["areas"].len(), before["areas"].len() + 2);
        assert_eq!(expected["buildings"].len(), before["buildings"].len() + 2 * 3);
        assert!(expected["home_owners"].len() > before["home_owners"].len());
        assert_eq!(expected, found);
        single.end().await;
        batched.end().await;
    }
}
