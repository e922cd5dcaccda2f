//! The events: complete enough that whoever follows them holds what the tables hold.

use std::collections::BTreeMap;

use proto::common::v1::SaleState;
use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

/// What somebody knows who followed every event.
#[derive(Debug, Default, PartialEq)]
struct Replica {
    firms: BTreeMap<String, pb::Firm>,
    areas: BTreeMap<String, pb::Area>,
    buildings: BTreeMap<String, pb::Building>,
    homes: BTreeMap<String, pb::Home>,
}

impl Replica {
    fn apply(&mut self, event: &Stored) {
        let name = event.kind.strip_prefix("heju.registry.v1.").unwrap();
        if let Some(building) = self.buildings.get_mut(&event.aggregate) {
            assert_eq!(event.version, building.version + 1, "versions have no gaps");
            building.version = event.version;
        } else if let Some(area) = self.areas.get_mut(&event.aggregate) {
            assert_eq!(event.version, area.version + 1, "versions have no gaps");
            area.version = event.version;
        } else {
            assert_eq!(event.version, 1);
        }
        match name {
            "FirmRegistered" => {
                let firm = serde_json::from_str::<pb::FirmRegistered>(&event.body)
                    .unwrap()
                    .firm
                    .unwrap();
                assert_eq!(event.aggregate, firm.firm_id);
                self.firms.insert(firm.firm_id.clone(), firm);
            }
            "AreaRegistered" => {
                let area = serde_json::from_str::<pb::AreaRegistered>(&event.body)
                    .unwrap()
                    .area
                    .unwrap();
                assert_eq!(event.aggregate, area.area_id);
                self.areas.insert(area.area_id.clone(), area);
            }
            "BuildingRegistered" => {
                let building = serde_json::from_str::<pb::BuildingRegistered>(&event.body)
                    .unwrap()
                    .building
                    .unwrap();
                assert_eq!(event.aggregate, building.building_id);
                self.buildings.insert(building.building_id.clone(), building);
            }
            "HomesRegistered" => {
                let event: pb::HomesRegistered = serde_json::from_str(&event.body).unwrap();
                assert!((1..=200).contains(&event.homes.len()));
                for home in event.homes {
                    assert_eq!(
                        (&home.building_id, &home.area_id),
                        (&event.building_id, &event.area_id)
                    );
                    assert!(home.owner_ids.is_empty());
                    assert!(self.homes.insert(home.home_id.clone(), home).is_none());
                }
            }
            "OwnershipsRecorded" => {
                let event: pb::OwnershipsRecorded = serde_json::from_str(&event.body).unwrap();
                assert!((1..=200).contains(&event.ownerships.len()));
                event
                    .ownerships
                    .into_iter()
                    .for_each(|ownership| self.own(ownership));
            }
            "HomeTransferred" => {
                let event: pb::HomeTransferred = serde_json::from_str(&event.body).unwrap();
                let before = event.before.unwrap();
                assert_eq!(self.homes[&before.home_id].owner_ids, before.owner_ids);
                self.own(event.after.unwrap());
            }
            // An area that has come this far is the same area.
            "SetUpDue" => assert_eq!(event.version, 2),
            "HomesDelivered" => {
                let event: pb::HomesDelivered = serde_json::from_str(&event.body).unwrap();
                for home_id in &event.home_ids {
                    let home = self.homes.get_mut(home_id).unwrap();
                    home.set_sale_state(SaleState::Delivered);
                    home.delivered_on.clone_from(&event.delivered_on);
                }
            }
            "HomesSold" => {
                let event: pb::HomesSold = serde_json::from_str(&event.body).unwrap();
                for home_id in &event.home_ids {
                    self.homes
                        .get_mut(home_id)
                        .unwrap()
                        .set_sale_state(SaleState::Sold);
                }
            }
            "HomeCorrected" => {
                let event: pb::HomeCorrected = serde_json::from_str(&event.body).unwrap();
                let home = self.homes.get_mut(&event.home_id).unwrap();
                assert_eq!(home.exclusive_area, event.exclusive_area_before);
                home.exclusive_area = event.after.unwrap().exclusive_area;
            }
            // A building that is known better is the same building.
            "BuildingFactsRecorded" => {}
            other => panic!("an event that nobody expects: {other}"),
        }
    }

    fn own(&mut self, ownership: pb::Ownership) {
        let home = self.homes.get_mut(&ownership.home_id).unwrap();
        home.owner_ids = ownership.owner_ids;
        home.owned_since = ownership.since;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_the_events_holds_what_the_tables_hold() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        settle(&registry, 1, 1..=450).await;
        settle(&registry, 3, 1..=5).await;
        settle(&registry, 1, 451..=460).await;
        let unsold = HOMES_HEADER.to_owned() + &home_row(2, 1, "UNSOLD") + &home_row(2, 2, "SOLD");
        registry.load(pb::TableKind::Homes, &unsold).await;
        let authority = people::authority(CITY);
        registry
            .transfer(&authority, "a", home(3, 1), &[owner(3002)], "2026-01-01")
            .await
            .unwrap();
        registry
            .transfer(&authority, "b", home(3, 1), &[owner(3004), owner(3003)], TODAY)
            .await
            .unwrap();
        let bought = OWNERSHIPS_HEADER.to_owned() + &ownership_row(2, 2, 2002);
        registry.load(pb::TableKind::Ownerships, &bought).await;
        registry
            .deliver(&authority, "c", building("2"), &[home(2, 2)], TODAY)
            .await
            .unwrap();

        let sold = pb::SellHomesRequest {
            building_id: building("2").to_string(),
            home_ids: vec![home(2, 1).to_string()],
            sold_on: TODAY.to_owned(),
        };
        call!(registry, building_client.sell_homes, &authority, "d", sold).unwrap();
        let corrected = pb::CorrectExclusiveAreaRequest {
            home_id: home(3, 1).to_string(),
            exclusive_area: 10_001,
            source: pb::AreaSource::Survey.into(),
            document_digest: "0".repeat(64),
            reason: "实测更正".to_owned(),
        };
        call!(
            registry,
            building_client.correct_exclusive_area,
            &authority,
            "e",
            corrected
        )
        .unwrap();
        let known = pb::RecordBuildingFactsRequest {
            building_id: building("3").to_string(),
            completed_on: "2020-01-01".to_owned(),
            design_life_years: 50,
        };
        call!(
            registry,
            building_client.record_building_facts,
            &authority,
            "f",
            known
        )
        .unwrap();

        let mut replica = Replica::default();
        let events = registry.outbox().await;
        events.iter().for_each(|event| replica.apply(event));
        assert_eq!(replica, tables(&registry).await);
        assert_eq!((replica.firms.len(), replica.homes.len()), (2, 467));

        for event in &events {
            assert!(!event.body.contains("张三"), "no name in an event");
            assert!(
                !event.body.contains(citizen(1001).as_str()),
                "no document in an event"
            );
            let place = if event.kind.ends_with("FirmRegistered") {
                "330783.000.000"
            } else {
                "330783.004.015"
            };
            assert!(event.address.ends_with(place), "{}", event.address);
        }
        registry.world.pump().await;
        registry.world.assert_no_dead_letters().await;
    }
}

async fn tables(registry: &TestRegistry) -> Replica {
    let caller = people::authority(CITY);
    let (world, mut client) = (&registry.world, registry.client());
    let mut tables = Replica::default();
    let firms = client
        .list_firms(world.request(&caller, pb::ListFirmsRequest::default()))
        .await
        .unwrap();
    tables.firms.extend(
        firms
            .into_inner()
            .firms
            .into_iter()
            .map(|firm| (firm.firm_id.clone(), firm)),
    );
    let areas = client
        .list_areas(world.request(&caller, pb::ListAreasRequest::default()))
        .await
        .unwrap();
    for area in areas.into_inner().areas {
        let of_area = pb::ListBuildingsRequest {
            area_id: area.area_id.clone(),
            ..Default::default()
        };
        let buildings = client
            .list_buildings(world.request(&caller, of_area))
            .await
            .unwrap()
            .into_inner()
            .buildings;
        tables.buildings.extend(
            buildings
                .into_iter()
                .map(|building| (building.building_id.clone(), building)),
        );
        let of_area = pb::ListHomesRequest {
            area_id: area.area_id.clone(),
            page_size: 500,
            ..Default::default()
        };
        let homes = client
            .list_homes(world.request(&caller, of_area))
            .await
            .unwrap()
            .into_inner()
            .homes;
        tables
            .homes
            .extend(homes.into_iter().map(|home| (home.home_id.clone(), home)));
        tables.areas.insert(area.area_id.clone(), area);
    }
    tables
}
