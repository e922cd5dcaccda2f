//! The replica of a whole city: built in batches it is the one that is built event by event.

use std::collections::BTreeMap;

use outbox::reactions;
use testkit::registry::{self, City, Told};

use crate::town::Town;

const CITY: City = City {
    areas: 2,
    buildings: 3,
    homes: 8,
    changes: 200,
    transfers_percent: 40,
};

/// Every table of the replica, and what is opened with it.
const TABLES: [(&str, &[&str]); 7] = [
    (
        "areas",
        &[
            "id",
            "number",
            "name",
            "division",
            "developer_id",
            "manager_id",
            "version",
        ],
    ),
    ("buildings", &["id", "area_id", "number"]),
    (
        "homes",
        &[
            "id",
            "area_id",
            "building_id",
            "stairwell",
            "room",
            "unit_number",
            "exclusive_area",
            "home_use",
            "sale_state",
            "delivered_on",
        ],
    ),
    ("home_owners", &["home_id", "owner_id"]),
    ("building_moves", &["building_id", "from_area_id", "to_area_id"]),
    (
        "accounts",
        &["id", "kind", "area_id", "home_id", "balance", "first_deposit"],
    ),
    ("positions", &["consumer", "aggregate", "version"]),
];

async fn follow(town: &Town, told: &[Told]) {
    let hosted = town.world.hosted("funds");
    let bus = &town.world.host.bus;
    registry::publish(bus, told).await;
    let replica = hosted
        .reactions
        .iter()
        .find(|reaction| reaction.name() == "replicate_registry");
    reactions::drain(&hosted.store, bus, replica.unwrap())
        .await
        .unwrap();
}

async fn tables(town: &Town) -> BTreeMap<&'static str, Vec<String>> {
    let reader = town.world.hosted("funds").store.reader();
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
        let (single, batched) = (Town::empty(backend).await, Town::empty(backend).await);
        for town in [&single, &batched] {
            events::stream::declare(&town.world.host.bus, "registry")
                .await
                .unwrap();
        }
        for event in &told {
            follow(&single, std::slice::from_ref(event)).await;
        }
        follow(&batched, &told).await;
        let (expected, found) = (tables(&single).await, tables(&batched).await);
        assert_eq!(expected["homes"].len(), 2 * 3 * 8);
        assert_eq!(expected["accounts"].len(), 2 + 2 * 2 * 3 * 8);
        assert_eq!(expected["positions"].len(), 2 + 2 * 3);
        assert!(!expected["building_moves"].is_empty());
        assert_eq!(expected, found);
        single.world.assert_no_dead_letters().await;
        batched.world.assert_no_dead_letters().await;
    }
}
