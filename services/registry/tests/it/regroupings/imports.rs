//! Tables after a regrouping: a building that moved is found under its new area and number, and under no other.

use proto::registry::v1 as pb;
use proto::registry::v1::propose_regrouping_request::Plan;

use super::land::*;
use crate::exports::equipped::{EQUIPMENT_HEADER, INSPECTIONS_HEADER, PARKING_HEADER};
use crate::world::*;

fn homes(area_number: &str, building: u32, number: u32) -> String {
    let row = home_row(building, number, "UNSOLD").replace(AREA, area_number);
    HOMES_HEADER.to_owned() + &row
}

#[tokio::test(flavor = "multi_thread")]
async fn homes_of_a_building_that_moved_are_recorded_in_the_area_it_came_to() {
    each(async |land| {
        land.merged().await;
        let registry = land.registry();
        // It is building 8 of the survivor now, whatever its id was derived from.
        registry.load(pb::TableKind::Homes, &homes(AREA, 8, 3)).await;
        let message = pb::GetHomeRequest {
            home_id: other_home(3).to_string(),
            as_of_on: String::new(),
        };
        let request = land.desk.request(&authority(), message);
        let found = registry.client().get_home(request).await.unwrap().into_inner();
        assert_eq!(
            (found.area_id, found.building_id),
            (area().to_string(), building_of(OTHER, "8").to_string())
        );
        assert_eq!(
            registry.error_of(pb::TableKind::Homes, &homes(OTHER, 8, 4)).await,
            "area_number VALUE_DIFFERS"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_buildings_neither_doubles_a_moved_one_nor_fills_an_ended_area() {
    each(async |land| {
        land.merged().await;
        let registry = land.registry();
        let table = |area: &str, number: &str| format!("area_number,number,floors\n{area},{number},6\n");
        let same = registry.load(pb::TableKind::Buildings, &table(AREA, "11")).await;
        assert_eq!((same.recorded, same.unchanged), (0, 1));
        assert_eq!(
            registry
                .error_of(pb::TableKind::Buildings, &table(OTHER, "8"))
                .await,
            "area_number VALUE_DIFFERS"
        );
        assert_eq!(
            registry
                .error_of(pb::TableKind::Buildings, &table(OTHER, "9"))
                .await,
            "area_number REFERENCE_UNKNOWN"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_number_of_a_building_that_came_back_under_another_is_not_its_number() {
    each(async |land| {
        let moved = building_of(AREA, "2").to_string();
        let mut back = adjustment(OTHER, AREA, &[]);
        if let Some(Plan::Adjust(plan)) = &mut back.plan {
            plan.building_ids = vec![moved.clone()];
        }
        back.numbers = vec![pb::BuildingNumber {
            building_id: moved,
            number: "22".into(),
        }];
        for message in [adjustment(AREA, OTHER, &["2"]), back] {
            let id = land.proposed(message).await.regrouping_id;
            land.consent(&id, AREA).await;
            land.consent(&id, OTHER).await;
            land.approve(&id).await.unwrap();
        }
        let registry = land.registry();
        let table = |number: &str| format!("area_number,number,floors\n{AREA},{number},18\n");
        assert_eq!(
            registry.error_of(pb::TableKind::Buildings, &table("2")).await,
            "number VALUE_DIFFERS"
        );
        let same = registry.load(pb::TableKind::Buildings, &table("22")).await;
        assert_eq!((same.recorded, same.unchanged), (0, 1));
        assert_eq!(
            registry.error_of(pb::TableKind::Homes, &homes(AREA, 2, 3)).await,
            "building_number VALUE_DIFFERS"
        );
        registry.load(pb::TableKind::Homes, &homes(AREA, 22, 3)).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_followed_to_another_area_is_found_there_and_an_ended_area_takes_nothing() {
    each(async |land| {
        let registry = land.registry();
        let lift = |area: &str| format!("{EQUIPMENT_HEADER}{area},LIFT,DT-8,8,大堂,2020-05-01,\n");
        let inspected =
            |area: &str| format!("{INSPECTIONS_HEADER}{area},LIFT,DT-8,2025-12-01,检测院,PASSED,\n");
        let lot = |area: &str| format!("{PARKING_HEADER}{area},PLANNED,地下,,5,0,\n");
        registry.load(pb::TableKind::Equipment, &lift(OTHER)).await;
        registry.load(pb::TableKind::Parking, &lot(OTHER)).await;
        land.merged().await;
        let same = registry.load(pb::TableKind::Equipment, &lift(AREA)).await;
        assert_eq!((same.recorded, same.unchanged), (0, 1));
        let same = registry.load(pb::TableKind::Parking, &lot(AREA)).await;
        assert_eq!((same.recorded, same.unchanged), (0, 1));
        let new = registry.load(pb::TableKind::Inspections, &inspected(AREA)).await;
        assert_eq!(new.recorded, 1);
        for (kind, table) in [
            (pb::TableKind::Equipment, lift(OTHER)),
            (pb::TableKind::Inspections, inspected(OTHER)),
            (pb::TableKind::Parking, lot(OTHER)),
        ] {
            assert_eq!(
                registry.error_of(kind, &table).await,
                "area_number AREA_ENDED",
                "{kind:?}"
            );
        }
    })
    .await;
}
