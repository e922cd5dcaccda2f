//! Equipment: recorded once, watched for its inspections, and retired.

use chrono::{DateTime, TimeDelta, Utc};
use proto::registry::v1 as pb;
use testkit::{backends, people};

use crate::world::*;

fn lift(code: &str) -> pb::RegisterEquipmentRequest {
    pb::RegisterEquipmentRequest {
        area_id: area().to_string(),
        building_id: building("1").to_string(),
        kind: pb::EquipmentKind::Lift.into(),
        code: code.into(),
        location: "1幢1单元".into(),
        installed_on: "2025-05-31".into(),
    }
}

fn inspection(id: &str, on: &str, result: pb::InspectionResult) -> pb::RecordInspectionRequest {
    pb::RecordInspectionRequest {
        equipment_id: id.into(),
        inspected_on: on.into(),
        inspector: "金华市特种设备检验检测院".into(),
        result: result.into(),
        valid_until_on: String::new(),
    }
}

fn midnight(day: &str) -> DateTime<Utc> {
    format!("{day}T00:00:00+08:00").parse().unwrap()
}

async fn registered(registry: &TestRegistry, code: &str) -> pb::Equipment {
    let firm = people::firm(manager());
    let message = lift(code);
    // A key is visible ASCII, which the number of a lift is not.
    let key = format!("lift-{}", &code[code.len() - 1..]);
    call!(registry, building_client.register_equipment, &firm, &key, message).unwrap()
}

async fn overdue(registry: &TestRegistry) -> Vec<String> {
    let list = pb::ListEquipmentRequest {
        area_id: area().to_string(),
        overdue_only: true,
        ..Default::default()
    };
    let caller = people::department(CITY);
    let found = call!(registry, building_client.list_equipment, &caller, "l", list).unwrap();
    found.equipment.into_iter().map(|one| one.code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inspection_is_told_a_month_before_and_when_overdue_and_begins_anew_when_passed() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        let lift = registered(&registry, "梯1").await;
        assert_eq!(lift.next_inspection_on, "2026-05-31");
        let id = lift.equipment_id;
        registry
            .world
            .advance_to(midnight("2026-05-01") - TimeDelta::seconds(1))
            .await;
        assert_eq!(registry.told(&id).await, ["EquipmentRegistered 1"]);
        registry.world.advance_to(midnight("2026-05-01")).await;
        assert_eq!(registry.told(&id).await.last().unwrap(), "InspectionDue 2");
        registry
            .world
            .advance_to(midnight("2026-06-01") - TimeDelta::seconds(1))
            .await;
        assert_eq!(overdue(&registry).await.len(), 0);
        registry.world.advance_to(midnight("2026-06-01")).await;
        assert_eq!(registry.told(&id).await.last().unwrap(), "InspectionOverdue 3");
        assert_eq!(overdue(&registry).await, ["梯1"]);

        let firm = people::firm(manager());
        let inspect = async |key: &str, message| {
            call!(registry, building_client.record_inspection, &firm, key, message)
        };
        let failed = inspection(&id, "2026-06-01", pb::InspectionResult::Failed);
        let answer = inspect("1", failed).await.unwrap();
        assert!(answer.overdue);
        let passed = inspection(&id, "2026-06-01", pb::InspectionResult::Passed);
        let answer = inspect("2", passed.clone()).await.unwrap();
        assert_eq!(
            (answer.next_inspection_on.as_str(), answer.overdue),
            ("2027-06-01", false)
        );
        assert_eq!(inspect("2", passed).await.unwrap(), answer);
        let early = inspection(&id, "2026-05-31", pb::InspectionResult::Passed);
        assert_eq!(refused(inspect("3", early).await), "INSPECTION_TOO_EARLY");
        registry.world.advance_to(midnight("2027-05-02")).await;
        assert_eq!(
            registry.told(&id).await[3..],
            ["EquipmentInspected 4", "EquipmentInspected 5", "InspectionDue 6"]
        );
        let retire = pb::RetireEquipmentRequest {
            equipment_id: id.clone(),
            retired_on: "2027-05-02".into(),
        };
        let gone = call!(registry, building_client.retire_equipment, &firm, "4", retire).unwrap();
        assert_eq!((gone.next_inspection_on.as_str(), gone.version), ("", 7));
        registry.world.advance_to(midnight("2028-01-01")).await;
        assert_eq!(registry.told(&id).await.len(), 7, "the clock stops");
        let late = inspection(&id, "2027-06-01", pb::InspectionResult::Passed);
        assert_eq!(refused(inspect("5", late).await), "EQUIPMENT_RETIRED");
        let list = pb::ListInspectionsRequest {
            equipment_id: id,
            ..Default::default()
        };
        let found = call!(registry, building_client.list_inspections, &firm, "l", list).unwrap();
        let results: Vec<_> = found.inspections.iter().map(pb::Inspection::result).collect();
        assert_eq!(
            results,
            [pb::InspectionResult::Passed, pb::InspectionResult::Failed]
        );
        registry.world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_record_that_cannot_be_has_its_reason_and_strangers_know_of_none() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        registry
            .load(
                pb::TableKind::Areas,
                &areas(&[("330783001014-0001", OTHER_COMMUNITY)]),
            )
            .await;
        let lift_1 = registered(&registry, "梯1").await;
        let firm = people::firm(manager());
        let record = async |caller: &access::Principal, key: &str, message| {
            call!(registry, building_client.register_equipment, caller, key, message)
        };
        assert_eq!(refused(record(&firm, "1", lift("梯1")).await), "EQUIPMENT_KNOWN");
        let wrong = |change: fn(&mut pb::RegisterEquipmentRequest)| {
            let mut message = lift("梯2");
            change(&mut message);
            message
        };
        let cases: &[Spoilt<pb::RegisterEquipmentRequest>] = &[
            (|m| m.kind = 0, "EQUIPMENT_KIND_MISSING"),
            (|m| m.code.clear(), "EQUIPMENT_CODE_MISSING"),
            (|m| m.location.clear(), "LOCATION_MISSING"),
            (|m| m.installed_on = "2026-03-03".into(), "DAY_IN_THE_FUTURE"),
            (
                |m| m.area_id = ids::AreaId::derive("330783001014-0001").to_string(),
                "BUILDING_NOT_IN_AREA",
            ),
        ];
        for (change, reason) in cases.iter().copied() {
            assert_eq!(refused(record(&firm, reason, wrong(change)).await), reason);
        }
        assert_eq!(
            refused(record(&people::firm(developer()), "s", lift("梯3")).await),
            "NOT_ALLOWED"
        );
        for stranger in [people::street(OTHER_STREET), people::authority("330782")] {
            assert_eq!(
                refused(record(&stranger, "t", lift("梯3")).await),
                "AREA_NOT_FOUND"
            );
            let message = inspection(&lift_1.equipment_id, TODAY, pb::InspectionResult::Passed);
            let answer = call!(
                registry,
                building_client.record_inspection,
                &stranger,
                "u",
                message
            );
            assert_eq!(refused(answer), "EQUIPMENT_NOT_FOUND");
        }
        let (one, other) = tokio::join!(record(&firm, "a", lift("梯4")), record(&firm, "b", lift("梯4")));
        let accepted = [&one, &other].iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(accepted, 1, "{one:?} {other:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn equipment_is_listed_page_by_page() {
    for backend in backends().await {
        let registry = TestRegistry::with_area(backend).await;
        for code in ["梯1", "梯2", "梯3"] {
            registered(&registry, code).await;
        }
        let mut list = pb::ListEquipmentRequest {
            area_id: area().to_string(),
            building_id: building("1").to_string(),
            kind: pb::EquipmentKind::Lift.into(),
            page_size: 2,
            ..Default::default()
        };
        let caller = people::committee_member(area());
        let mut codes = Vec::new();
        loop {
            let page = call!(
                registry,
                building_client.list_equipment,
                &caller,
                "l",
                list.clone()
            )
            .unwrap();
            codes.extend(page.equipment.into_iter().map(|one| one.code));
            if page.next_page_token.is_empty() {
                break;
            }
            list.page_token = page.next_page_token;
        }
        assert_eq!(codes, ["梯1", "梯2", "梯3"]);
        list.page_token.clear();
        list.set_kind(pb::EquipmentKind::Fire);
        let page = call!(registry, building_client.list_equipment, &caller, "l", list).unwrap();
        assert_eq!(page.equipment, []);
    }
}
