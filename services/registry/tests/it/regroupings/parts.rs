//! What follows buildings and areas: equipment, parking, prices and contracts; and what an ended area refuses.

use proto::committees::v1::Matter;
use proto::common::v1 as common;
use proto::registry::v1 as pb;
use proto::registry::v1::contract_service_client::ContractServiceClient;
use proto::registry::v1::price_service_client::PriceServiceClient;
use testkit::people;

use super::land::*;
use crate::boundaries::square;
use crate::boundary_files::{collection, errors, export, feature, file, ids, import};
use crate::contracts::desk::terms;
use crate::contracts::project_managers::{assign, employed, managers, term};
use crate::world::*;

fn lift(area_number: &str, building: &str, code: &str) -> pb::RegisterEquipmentRequest {
    let mut lift = pb::RegisterEquipmentRequest {
        area_id: area_of(area_number).to_string(),
        code: code.into(),
        location: "大堂".into(),
        installed_on: "2020-05-01".into(),
        ..Default::default()
    };
    if !building.is_empty() {
        lift.building_id = building_of(area_number, building).to_string();
    }
    lift.set_kind(pb::EquipmentKind::Lift);
    lift
}

async fn register(land: &Land, message: pb::RegisterEquipmentRequest) -> Result<pb::Equipment, String> {
    let request = land.desk.request(&people::authority(CITY), message);
    let answer = land
        .registry()
        .building_client()
        .register_equipment(request)
        .await;
    answer
        .map(tonic::Response::into_inner)
        .map_err(|status| rpc::failure::reason_of(&status))
}

async fn codes(land: &Land, area_number: &str) -> Vec<String> {
    let message = pb::ListEquipmentRequest {
        area_id: area_of(area_number).to_string(),
        ..Default::default()
    };
    let request = land.desk.request(&people::authority(CITY), message);
    let answer = land
        .registry()
        .building_client()
        .list_equipment(request)
        .await
        .unwrap();
    let mut codes: Vec<_> = answer
        .into_inner()
        .equipment
        .into_iter()
        .map(|one| one.code)
        .collect();
    codes.sort();
    codes
}

#[tokio::test(flavor = "multi_thread")]
async fn equipment_goes_with_its_building_and_all_of_an_area_that_ends() {
    each(async |land| {
        for (area, building, code) in [
            (AREA, "2", "DT-2"),
            (AREA, "", "DT-1"),
            (OTHER, "8", "DT-8"),
            (OTHER, "", "DT-1"),
        ] {
            register(&land, lift(area, building, code)).await.unwrap();
        }
        let lot = pb::RecordParkingRequest {
            area_id: other().to_string(),
            kind: pb::ParkingKind::CommonGround.into(),
            name: "南广场".into(),
            spaces: 20,
            ..Default::default()
        };
        let request = land.desk.request(&people::authority(CITY), lot);
        land.registry()
            .building_client()
            .record_parking(request)
            .await
            .unwrap();
        let id = land.proposed(adjustment(AREA, OTHER, &["2"])).await.regrouping_id;
        land.consent(&id, AREA).await;
        land.consent(&id, OTHER).await;
        land.approve(&id).await.unwrap();
        assert_eq!(codes(&land, AREA).await, ["DT-1"]);
        assert_eq!(codes(&land, OTHER).await, ["DT-1", "DT-2", "DT-8"]);

        land.merged().await;
        assert!(codes(&land, OTHER).await.is_empty());
        let clash = format!("DT-1@{OTHER}");
        assert_eq!(codes(&land, AREA).await, ["DT-1", clash.as_str(), "DT-2", "DT-8"]);
        let message = pb::ListParkingRequest {
            area_id: area().to_string(),
            ..Default::default()
        };
        let request = land.desk.request(&people::authority(CITY), message);
        let lots = land
            .registry()
            .building_client()
            .list_parking(request)
            .await
            .unwrap();
        let names: Vec<_> = lots
            .into_inner()
            .parking
            .into_iter()
            .map(|lot| lot.name)
            .collect();
        assert_eq!(names, ["南广场"]);
        let late = register(&land, lift(OTHER, "", "DT-9")).await;
        assert_eq!(late.unwrap_err(), "AREA_ENDED");
    })
    .await;
}

/// A contract of an area by its owners' decision.
async fn contract(
    land: &Land,
    area_number: &str,
    firm: ids::FirmId,
    from: &str,
) -> Result<pb::Contract, String> {
    let ballot = land
        .decided(
            area_number,
            &format!("hire {firm} {from}"),
            Matter::PropertyFirm,
            true,
        )
        .await;
    let message = pb::RecordContractRequest {
        area_id: area_of(area_number).to_string(),
        firm_id: firm.to_string(),
        terms: Some(terms(from, "2028-12-31")),
        ballot_id: ballot,
    };
    let request = land.desk.request(&committee_of(area_number), message);
    let mut client = ContractServiceClient::new(land.registry().peer());
    let answer = client.record_contract(request).await;
    answer
        .map(tonic::Response::into_inner)
        .map_err(|status| rpc::failure::reason_of(&status))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_with_another_firm_or_still_to_begin_stands_in_the_way_of_the_end() {
    each(async |land| {
        let rival = crate::contracts::desk::rival();
        contract(&land, OTHER, rival, "2026-01-01").await.unwrap();
        let id = land.merger_to_decide().await;
        assert_eq!(refused(land.approve(&id).await), "AREA_CONTRACT_BINDS");
        assert!(land.area(OTHER).await.ended_on.is_empty());
        // The survivor's own firm is another: it stays in the way.
        contract(&land, AREA, manager(), "2026-01-01").await.unwrap();
        assert_eq!(refused(land.approve(&id).await), "AREA_CONTRACT_BINDS");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_with_the_survivors_firm_makes_way_for_the_survivors() {
    each(async |land| {
        let of_other = contract(&land, OTHER, manager(), "2026-01-01").await.unwrap();
        let of_area = contract(&land, AREA, manager(), "2026-01-01").await.unwrap();
        land.merged().await;
        let found = land.desk.get(&of_other.contract_id).await;
        assert_eq!(found.state(), pb::ContractState::Ended);
        assert_eq!(
            (found.ends_on.as_str(), found.successor_id, found.hand_back),
            ("2026-03-09", of_area.contract_id, None)
        );
        let late = contract(&land, OTHER, manager(), "2026-03-01").await;
        assert_eq!(late.unwrap_err(), "AREA_ENDED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merger_begins_after_the_first_day_of_every_contract_concerned() {
    for (from_of_other, from_of_area) in [("2026-03-07", "2026-01-01"), ("2026-01-01", "2026-03-07")] {
        each(async |land| {
            let of_other = contract(&land, OTHER, manager(), from_of_other).await.unwrap();
            contract(&land, AREA, manager(), from_of_area).await.unwrap();
            let id = land.merger_to_decide().await;
            let on = |day: &str| pb::DecideRegroupingRequest {
                effective_on: day.into(),
                ..approval(&id)
            };
            for day in ["2026-03-05", "2026-03-07"] {
                let answer = land.decide_as(&authority(), on(day)).await;
                assert_eq!(refused(answer), "REGROUPING_DAY_WRONG", "{day}");
            }
            land.decide_as(&authority(), on("2026-03-08")).await.unwrap();
            let found = land.desk.get(&of_other.contract_id).await;
            assert_eq!(found.ends_on, "2026-03-07");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_of_an_ended_area_is_about_the_time_before_its_end() {
    each(async |land| {
        land.merged().await;
        land.desk.at("2026-03-11").await;
        let record = async |until: &str| {
            let mut message = pb::RecordSatisfactionRequest {
                area_id: other().to_string(),
                from_on: "2026-01-01".into(),
                until_on: until.into(),
                per_mille: 870,
                ..Default::default()
            };
            message.set_source(pb::SatisfactionSource::StreetAssessment);
            let request = land.desk.request(&street(), message);
            let mut client = PriceServiceClient::new(land.registry().peer());
            client.record_satisfaction(request).await
        };
        assert_eq!(refused(record(DECIDED).await), "AREA_ENDED");
        record("2026-03-09").await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_prices_of_an_ended_area_end_with_it() {
    each(async |land| {
        let mut homes = pb::PricedHomes::default();
        homes.set_use(common::HomeUse::Commercial);
        let mut message = pb::RecordFeeStandardRequest {
            area_id: other().to_string(),
            homes: Some(homes),
            price_fen: 300,
            grade: 2,
            effective_from: "2024-01-01".into(),
            ..Default::default()
        };
        message.set_charging(pb::FeeCharging::LumpSum);
        let mut client = PriceServiceClient::new(land.registry().peer());
        let request = land.desk.request(&authority(), message.clone());
        client.record_fee_standard(request).await.unwrap();
        land.merged().await;
        let list = pb::ListFeeStandardsRequest {
            area_id: other().to_string(),
            as_of: "2026-03-09".into(),
            ..Default::default()
        };
        let request = land.desk.request(&authority(), list.clone());
        let found = client.list_fee_standards(request).await.unwrap().into_inner();
        assert_eq!(found.standards[0].effective_until, "2026-03-09");
        let today = pb::ListFeeStandardsRequest {
            as_of: DECIDED.into(),
            ..list
        };
        let request = land.desk.request(&authority(), today);
        assert!(
            client
                .list_fee_standards(request)
                .await
                .unwrap()
                .into_inner()
                .standards
                .is_empty()
        );
        message.effective_from = "2026-04-01".into();
        let request = land.desk.request(&authority(), message);
        assert_eq!(refused(client.record_fee_standard(request).await), "AREA_ENDED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merger_ends_the_project_manager_of_the_area_that_ends_and_of_no_other() {
    each(async |land| {
        let staff_id = employed(&land.desk, manager(), "王五").await;
        for number in [AREA, OTHER] {
            assign(&land.desk, manager(), &staff_id, number, "2026-02-01")
                .await
                .unwrap();
        }
        let id = land.merger_to_decide().await;
        land.desk.at(DECIDED).await;
        land.approve(&id).await.unwrap();
        land.approve(&id).await.unwrap_err();
        let ended = term(&staff_id, "2026-02-01", "2026-03-09");
        assert_eq!(managers(&land.desk, OTHER, "2026-03-09").await, [ended]);
        assert_eq!(managers(&land.desk, OTHER, DECIDED).await, []);
        let goes_on = term(&staff_id, "2026-02-01", "");
        assert_eq!(managers(&land.desk, AREA, DECIDED).await, [goes_on]);
        assert_eq!(land.desk.counted(&staff_id).await["ManagerReplaced"], 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_area_gets_no_boundary_from_a_file_and_is_in_no_later_one() {
    each(async |land| {
        let of_both = |west| {
            collection(&[
                feature("area_number", AREA, &square(west, 2)),
                feature("area_number", OTHER, &square(west, 3)),
            ])
        };
        let registry = land.registry();
        import(registry, "a", file(&of_both(2), "2026-01-01"))
            .await
            .unwrap();
        land.merged().await;
        let mut message = file(&of_both(3), DECIDED);
        message.set_mode(pb::ImportMode::Lenient);
        let report = import(registry, "b", message).await.unwrap();
        assert_eq!(report.recorded, 1);
        assert_eq!(errors(&report), [format!("1 {OTHER}  AREA_ENDED")]);
        let (both, one) = ([area().to_string(), other().to_string()], [area().to_string()]);
        assert_eq!(ids(&export(registry, STREET, "2026-03-09").await.unwrap()), both);
        assert_eq!(ids(&export(registry, STREET, DECIDED).await.unwrap()), one);
    })
    .await;
}
