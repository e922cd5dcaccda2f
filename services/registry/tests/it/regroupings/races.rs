//! An approval at the same moment with what is done in a building that moves: whoever is first, nothing is lost, and who
//! was too late is told so and may repeat.

use proto::registry::v1 as pb;
use proto::registry::v1::propose_regrouping_request::Plan;
use testkit::people;
use tonic::Status;

use super::land::*;
use super::pairs::*;
use crate::world::*;

/// The home as the authority reads it: after the approval it is in the area that the building came to.
async fn moved_home(land: &Land, pair: &Pair, number: u32) -> pb::Home {
    let message = pb::GetHomeRequest {
        home_id: pair.home(number).to_string(),
        ..Default::default()
    };
    let request = land.desk.request(&authority(), message);
    let home = land.registry().client().get_home(request).await.unwrap();
    let home = home.into_inner();
    assert_eq!(home.area_id, pair.to_id().to_string());
    home
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_passes_to_its_new_owner_whichever_area_it_is_in_by_then() {
    each_round(async |land, pair| {
        let transfer = async || {
            let key = format!("transfer-{}", pair.round);
            let new = [pair.owner(2)];
            land.registry()
                .transfer(&authority(), &key, pair.home(1), &new, TODAY)
                .await
        };
        let done = while_approved(land, pair, transfer()).await;
        let home = repeated(done, transfer).await;
        assert_eq!(home.owner_ids, [pair.owner(2).to_string()]);
        let after = moved_home(land, pair, 1).await;
        assert_eq!(after.owner_ids, home.owner_ids);
        assert_eq!(after.owned_since, TODAY);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_area_is_corrected_while_its_home_moves() {
    each_round(async |land, pair| {
        let correct = async || {
            let message = pb::CorrectExclusiveAreaRequest {
                home_id: pair.home(1).to_string(),
                // So large that the share that is handed over makes the first assembly due.
                exclusive_area: 40_000,
                source: pb::AreaSource::Register.into(),
                document_digest: "9f".repeat(32),
                reason: "登记簿更正登记".into(),
            };
            let key = format!("correct-{}", pair.round);
            call!(
                land.registry(),
                building_client.correct_exclusive_area,
                &authority(),
                &key,
                message
            )
        };
        let done = while_approved(land, pair, correct()).await;
        let known = repeated(done, correct).await;
        let areas: Vec<i64> = known.areas.iter().map(|area| area.exclusive_area).collect();
        assert_eq!(areas, [10_000, 40_000]);
        assert_eq!(moved_home(land, pair, 1).await.exclusive_area, 40_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_representative_is_chosen_for_the_area_that_the_home_is_in() {
    each_round(async |land, pair| {
        let choose = async |street: &str| {
            let message = pb::ChooseRepresentativeRequest {
                home_id: pair.home(1).to_string(),
                owner_id: pair.owner(9).to_string(),
                from_on: TODAY.into(),
                document_digest: String::new(),
            };
            let (caller, key) = (people::street(street), format!("choose-{}", pair.round));
            call!(
                land.registry(),
                owners.choose_representative,
                &caller,
                &key,
                message
            )
        };
        let (chosen, area_id) = match while_approved(land, pair, choose(STREET)).await {
            Ok(chosen) => (chosen, pair.source_id()),
            Err(status) => {
                let reason = refused::<()>(Err(status));
                assert!(
                    ["CONFLICT", "HOME_NOT_FOUND"].contains(&reason.as_str()),
                    "{reason}"
                );
                // It is the other street's home by now.
                assert_eq!(refused(choose(STREET).await), "HOME_NOT_FOUND");
                (choose(OTHER_STREET).await.unwrap(), pair.to_id())
            }
        };
        assert_eq!(chosen.area_id, area_id.to_string());
        assert_eq!((chosen.version, chosen.owner_id), (1, pair.owner(9).to_string()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_are_recorded_while_the_home_moves() {
    each_round(async |land, pair| {
        let share = |number| pb::OwnershipShare {
            owner_id: pair.owner(number).to_string(),
            numerator: 1,
            denominator: 2,
        };
        let set = async || {
            let message = pb::SetSharesRequest {
                home_id: pair.home(1).to_string(),
                form: pb::HoldingForm::Shares.into(),
                shares: vec![share(1), share(9)],
            };
            let key = format!("shares-{}", pair.round);
            call!(land.registry(), owners.set_shares, &authority(), &key, message)
        };
        let done = while_approved(land, pair, set()).await;
        assert_eq!(repeated(done, set).await.shares.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lift_is_inspected_while_it_follows_its_building() {
    each_round(async |land, pair| {
        let lift = pb::RegisterEquipmentRequest {
            area_id: pair.source_id().to_string(),
            building_id: pair.building().to_string(),
            kind: pb::EquipmentKind::Lift.into(),
            code: "梯1".into(),
            location: "2幢".into(),
            installed_on: "2025-05-31".into(),
        };
        let (registry, authority) = (land.registry(), authority());
        let key = format!("lift-{}", pair.round);
        let lift = call!(
            registry,
            building_client.register_equipment,
            &authority,
            &key,
            lift
        )
        .unwrap();
        let inspect = async || {
            let message = pb::RecordInspectionRequest {
                equipment_id: lift.equipment_id.clone(),
                inspected_on: TODAY.into(),
                inspector: "金华市特种设备检验检测院".into(),
                result: pb::InspectionResult::Passed.into(),
                valid_until_on: String::new(),
            };
            let key = format!("inspect-{}", pair.round);
            call!(
                registry,
                building_client.record_inspection,
                &authority,
                &key,
                message
            )
        };
        let done = while_approved(land, pair, inspect()).await;
        let inspected = repeated(done, inspect).await;
        assert_eq!(
            (inspected.version, inspected.next_inspection_on.as_str()),
            (2, "2027-03-02")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn homes_are_handed_over_while_their_building_moves() {
    each_round(async |land, pair| {
        let homes = [pair.home(2), pair.home(3)];
        let deliver = async || {
            let key = format!("deliver-{}", pair.round);
            land.registry()
                .deliver(&authority(), &key, pair.building(), &homes, TODAY)
                .await
        };
        let done = while_approved(land, pair, deliver()).await;
        assert_eq!(repeated(done, deliver).await.len(), 2);
        for number in 2..=3 {
            assert_eq!(moved_home(land, pair, number).await.delivered_on, TODAY);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn homes_of_a_table_come_to_the_area_that_their_building_is_in() {
    each_round(async |land, pair| {
        let table = |area_number: &str| {
            let rows = (6..=7).map(|number| pair.home_row(area_number, number, "SOLD"));
            HOMES_HEADER.to_owned() + &rows.collect::<String>()
        };
        let load = async |table: String| {
            let kind = pb::TableKind::Homes;
            land.registry().import(kind, table.as_bytes()).await
        };
        let old = table(&pair.from);
        let done = while_approved(land, pair, load(old.clone())).await;
        let report = repeated(done, async || load(old.clone()).await).await;
        match report.errors.first() {
            None => assert_eq!(report.recorded, 2),
            Some(error) => {
                // The table still names the area that the building has left.
                assert_eq!(
                    (error.column.as_str(), error.reason.as_str(), report.recorded),
                    ("area_number", "VALUE_DIFFERS", 0)
                );
                assert_eq!(load(table(&pair.to)).await.unwrap().recorded, 2);
            }
        }
        let found: Vec<String> = listed(land, &pair.to).await.unwrap();
        let mut expected: Vec<String> = (1..=7).map(|number| pair.home(number).to_string()).collect();
        expected.push(home(2_000 + pair.round, 1).to_string());
        expected.sort();
        assert_eq!(found, expected);
        assert!(listed(land, &pair.from).await.unwrap().is_empty());
    })
    .await;
}

/// Ids of the homes of an area, in order.
async fn listed(land: &Land, area_number: &str) -> Result<Vec<String>, Status> {
    let message = pb::ListHomesRequest {
        area_id: area_of(area_number).to_string(),
        ..Default::default()
    };
    let request = land.desk.request(&authority(), message);
    let page = land.registry().client().list_homes(request).await?;
    let homes = page.into_inner().homes.into_iter();
    let mut ids: Vec<String> = homes.map(|home| home.home_id).collect();
    ids.sort();
    Ok(ids)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_developer_does_not_agree_for_owners_who_come_in_at_that_moment() {
    for round in 0..4 {
        each(async |land| {
            let plan = adjustment(SITE, OTHER, &["5"]);
            assert!(matches!(plan.plan, Some(Plan::Adjust(_))));
            let id = land.proposed(plan).await.regrouping_id;
            let owner = OWNERSHIPS_HEADER.to_owned() + &ownership_row(5, 1, 5001);
            land.registry().load(pb::TableKind::Ownerships, &owner).await;
            land.consent(&id, OTHER).await;
            land.consent_of_developer(&id, SITE).await.unwrap();
            let deliver = async |key: &str| {
                let building = building_of(SITE, "5");
                land.registry()
                    .deliver(&people::authority(CITY), key, building, &[home(5, 1)], TODAY)
                    .await
            };
            let (approved, delivered) = if round % 2 == 0 {
                tokio::join!(land.approve(&id), deliver("d"))
            } else {
                let (delivered, approved) = tokio::join!(deliver("d"), land.approve(&id));
                (approved, delivered)
            };
            if let Err(status) = delivered {
                assert_eq!(refused::<()>(Err(status)), "CONFLICT");
                deliver("d").await.unwrap();
            }
            let told = land.registry().told(&building_of(SITE, "5").to_string()).await;
            let place = |name: &str| told.iter().position(|one| one.starts_with(name));
            match approved {
                Ok(_) => assert!(place("BuildingMoved") < place("HomesDelivered"), "{told:?}"),
                Err(status) => {
                    let reason = refused::<()>(Err(status));
                    assert!(
                        ["CONSENT_LAPSED", "CONFLICT"].contains(&reason.as_str()),
                        "{reason}"
                    );
                }
            }
            told_in_order(&land).await;
        })
        .await;
    }
}
