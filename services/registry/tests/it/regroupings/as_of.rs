//! After a regrouping, a past day shows each area with the buildings and homes that it had then.

use proto::registry::v1 as pb;
use proto::registry::v1::registry_service_client::RegistryServiceClient;

use super::land::*;
use crate::world::*;

const BEFORE: &str = "2026-03-09";

/// What the reads tell of two areas as of a day; versions left out, they are the present ones.
#[derive(Debug, PartialEq)]
struct Seen {
    areas: Vec<(String, String, String)>,
    buildings: Vec<(String, String)>,
    homes: Vec<(String, String, Vec<String>)>,
    total_area: Vec<i64>,
}

async fn seen(land: &Land, as_of_on: &str) -> Seen {
    let mut client = RegistryServiceClient::new(land.registry().peer());
    let world = &land.registry().world;
    let mut seen = Seen {
        areas: Vec::new(),
        buildings: Vec::new(),
        homes: Vec::new(),
        total_area: Vec::new(),
    };
    let list = pb::ListAreasRequest {
        as_of_on: as_of_on.into(),
        ..Default::default()
    };
    let listed = client
        .list_areas(world.request(&authority(), list))
        .await
        .unwrap();
    let listed = listed.into_inner().areas;
    seen.areas = listed
        .into_iter()
        .map(|area| (area.number, area.manager_id, area.ended_on))
        .collect();
    for number in [AREA, OTHER] {
        let area_id = area_of(number).to_string();
        // A page of two, so that the token of a past day is followed too.
        let mut page_token = String::new();
        loop {
            let list = pb::ListBuildingsRequest {
                area_id: area_id.clone(),
                as_of_on: as_of_on.into(),
                page_size: 2,
                page_token,
            };
            let page = client
                .list_buildings(world.request(&authority(), list))
                .await
                .unwrap();
            let page = page.into_inner();
            let buildings = page.buildings.into_iter();
            seen.buildings
                .extend(buildings.map(|building| (building.area_id, building.number)));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        let list = pb::ListHomesRequest {
            area_id: area_id.clone(),
            as_of_on: as_of_on.into(),
            ..Default::default()
        };
        let homes = client
            .list_homes(world.request(&authority(), list))
            .await
            .unwrap();
        let homes = homes.into_inner().homes.into_iter();
        seen.homes
            .extend(homes.map(|home| (home.area_id, home.home_id, home.owner_ids)));
        let get = pb::GetSetUpRequest {
            area_id,
            as_of_on: as_of_on.into(),
        };
        let set_up = client.get_set_up(world.request(&authority(), get)).await.unwrap();
        seen.total_area.push(set_up.into_inner().total_area);
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_past_day_shows_the_areas_as_they_were() {
    each(async |land| {
        let before = seen(&land, "").await;
        assert!(before.areas.iter().any(|(number, ..)| number == OTHER));
        let id = land.merger_to_decide().await;
        land.desk.at(DECIDED).await;
        land.approve(&id).await.unwrap();

        assert_eq!(seen(&land, BEFORE).await, before);
        let after = seen(&land, DECIDED).await;
        assert_eq!(after, seen(&land, "").await);
        assert!(!after.areas.iter().any(|(number, ..)| number == OTHER));
        let other_id = other().to_string();
        assert!(after.homes.iter().all(|(area_id, ..)| *area_id != other_id));
        assert_eq!(after.homes.len(), before.homes.len());
        assert_eq!(after.total_area, [before.total_area.iter().sum(), 0]);

        let mut client = RegistryServiceClient::new(land.registry().peer());
        for (as_of_on, area_number) in [(BEFORE, OTHER), (DECIDED, AREA), ("", AREA)] {
            let get = pb::GetHomeRequest {
                home_id: other_home(1).to_string(),
                as_of_on: as_of_on.into(),
            };
            let request = land.registry().world.request(&authority(), get);
            let home = client.get_home(request).await.unwrap().into_inner();
            assert_eq!(home.area_id, area_of(area_number).to_string(), "on {as_of_on:?}");
        }
    })
    .await;
}
