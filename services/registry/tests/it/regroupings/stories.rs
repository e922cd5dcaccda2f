//! What an approved regrouping does: a merger, an adjustment, a split; and what is told of it.

use proto::registry::v1 as pb;
use testkit::people;

use super::land::*;
use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_merger_moves_all_buildings_and_ends_the_area_whose_past_stays() {
    each(async |land| {
        let open = land.propose_as(&committee_of(AREA), merger()).await.unwrap();
        let id = open.regrouping_id.as_str();
        assert_eq!(open.state(), pb::RegroupingState::Consenting);
        assert_eq!(open.proposed_for_area_id, area().to_string());
        assert_eq!(open.missing_area_ids.len(), 2);
        let half = land.consent(id, OTHER).await;
        assert_eq!(half.missing_area_ids, [area().to_string()]);
        assert!(half.decide_by_on.is_empty());
        let whole = land.consent(id, AREA).await;
        assert_eq!(whole.state(), pb::RegroupingState::Submitted);
        // Twenty working days after 2 March.
        assert_eq!(whole.decide_by_on, "2026-03-30");
        assert!(whole.article.contains("第12条"));
        land.opine_as(&street(), id, true).await.unwrap();
        land.desk.at(DECIDED).await;
        let done = land.approve(id).await.unwrap();
        assert_eq!(done.state(), pb::RegroupingState::Approved);
        assert_eq!(done.decision.as_ref().unwrap().effective_on, DECIDED);

        assert_eq!(land.buildings(AREA).await, ["1", "11", "2", "3", "8"]);
        assert!(land.buildings(OTHER).await.is_empty());
        let ended = land.area(OTHER).await;
        assert_eq!(
            (
                ended.ended_on.as_str(),
                ended.successor_id,
                ended.manager_id.as_str()
            ),
            (DECIDED, area().to_string(), "")
        );
        let all = ids([home(1, 1), home(2, 1), other_home(1), other_home(2)]);
        assert_eq!(land.roll_on(AREA, DECIDED).await.unwrap(), all);
        assert_eq!(land.roll_on(OTHER, DECIDED).await.unwrap_err(), "ROLL_EMPTY");
        // The day before, each area was what it was.
        let before = "2026-03-09";
        assert_eq!(
            land.roll_on(AREA, before).await.unwrap(),
            ids([home(1, 1), home(2, 1)])
        );
        assert_eq!(
            land.roll_on(OTHER, before).await.unwrap(),
            ids([other_home(1), other_home(2)])
        );
        let registry = land.registry();
        let moved = registry.told(&building_of(OTHER, "8").to_string()).await;
        assert_eq!(moved.last().unwrap(), "BuildingMoved 4");
        let told = registry.told(&other().to_string()).await;
        assert_eq!(told.last().map(String::as_str), Some("AreaEnded 3"), "{told:?}");
        let told = registry.told(id).await;
        assert_eq!(
            told,
            [
                "RegroupingProposed 1",
                "RegroupingConsentRecorded 2",
                "RegroupingConsentRecorded 3",
                "RegroupingOpinionGiven 4",
                "RegroupingApproved 5"
            ]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_leave_an_ended_area_out_unless_they_are_asked_for_it() {
    each(async |land| {
        land.merged().await;
        for (include_ended, numbers) in [(false, vec![AREA, SITE]), (true, vec![AREA, OTHER, SITE])] {
            let message = pb::ListAreasRequest {
                include_ended,
                ..Default::default()
            };
            let request = land.desk.request(&authority(), message);
            let listed = land.registry().client().list_areas(request).await.unwrap();
            let found: Vec<_> = listed
                .into_inner()
                .areas
                .into_iter()
                .map(|area| area.number)
                .collect();
            assert_eq!(found, numbers);
        }
        // An owner of the ended area lists the area that the home is in by now.
        let request = land
            .desk
            .request(&people::owner(owner(8001)), pb::ListAreasRequest::default());
        let listed = land
            .registry()
            .client()
            .list_areas(request)
            .await
            .unwrap()
            .into_inner();
        let numbers: Vec<_> = listed.areas.iter().map(|area| area.number.as_str()).collect();
        assert_eq!(numbers, [AREA]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adjustment_moves_one_building_and_both_rolls_follow_from_its_day() {
    each(async |land| {
        let id = land.proposed(adjustment(AREA, OTHER, &["2"])).await.regrouping_id;
        land.consent(&id, AREA).await;
        land.consent(&id, OTHER).await;
        land.desk.at(DECIDED).await;
        let message = pb::DecideRegroupingRequest {
            effective_on: "2026-03-05".into(),
            ..approval(&id)
        };
        let done = land.decide_as(&authority(), message).await.unwrap();
        assert_eq!(done.decision.unwrap().decided_on, DECIDED);
        assert_eq!(land.buildings(AREA).await, ["1", "3"]);
        assert_eq!(land.buildings(OTHER).await, ["1", "2", "8"]);
        assert!(land.area(AREA).await.ended_on.is_empty());
        let joined = ids([home(2, 1), other_home(1), other_home(2)]);
        for (number, day, homes) in [
            (AREA, "2026-03-04", ids([home(1, 1), home(2, 1)])),
            (AREA, "2026-03-05", ids([home(1, 1)])),
            (OTHER, "2026-03-04", ids([other_home(1), other_home(2)])),
            (OTHER, "2026-03-05", joined),
        ] {
            assert_eq!(land.roll_on(number, day).await.unwrap(), homes, "{number} {day}");
        }
        // Back again, under its own number: its path has three places now.
        let back = adjustment(OTHER, AREA, &[]);
        let Some(pb::propose_regrouping_request::Plan::Adjust(mut plan)) = back.plan.clone() else {
            panic!("an adjustment");
        };
        plan.building_ids = vec![building("2").to_string()];
        let back = pb::ProposeRegroupingRequest {
            plan: Some(pb::propose_regrouping_request::Plan::Adjust(plan)),
            ..back
        };
        let id = land.proposed(back).await.regrouping_id;
        land.consent(&id, AREA).await;
        land.consent(&id, OTHER).await;
        land.desk.at("2026-03-20").await;
        land.approve(&id).await.unwrap();
        for (day, homes) in [
            ("2026-03-04", ids([home(1, 1), home(2, 1)])),
            ("2026-03-12", ids([home(1, 1)])),
            ("2026-03-20", ids([home(1, 1), home(2, 1)])),
        ] {
            assert_eq!(land.roll_on(AREA, day).await.unwrap(), homes, "{day}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_registers_the_new_area_with_the_firm_that_serves_it() {
    each(async |land| {
        let id = land.proposed(split(&["2", "3"])).await.regrouping_id;
        let open = land.consent(&id, AREA).await;
        assert_eq!(open.state(), pb::RegroupingState::Submitted);
        land.desk.at(DECIDED).await;
        let done = land.approve(&id).await.unwrap();
        let new = land.area(NEW).await;
        assert_eq!(done.decision.unwrap().area_id, new.area_id);
        assert_eq!(
            (new.manager_id, new.developer_id, new.name.as_str()),
            (manager().to_string(), developer().to_string(), "湖畔花园北区")
        );
        assert_eq!(land.buildings(NEW).await, ["2", "3"]);
        assert_eq!(land.buildings(AREA).await, ["1"]);
        assert_eq!(land.roll_on(NEW, DECIDED).await.unwrap(), ids([home(2, 1)]));
        assert_eq!(land.roll_on(NEW, "2026-03-09").await.unwrap_err(), "ROLL_EMPTY");
        let told = land.registry().told(&new.area_id).await;
        // All of it is handed over: its first assembly is to be prepared at once.
        assert_eq!(told, ["AreaRegistered 1", "SetUpDue 2"]);
        // Its own people see the regrouping it came from.
        land.get_as(&committee_of(NEW), &id).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_developer_agrees_for_an_area_of_which_nothing_is_handed_over() {
    each(async |land| {
        let id = land.proposed(adjustment(SITE, OTHER, &["6"])).await.regrouping_id;
        land.consent(&id, OTHER).await;
        let whole = land.consent_of_developer(&id, SITE).await.unwrap();
        assert_eq!(whole.state(), pb::RegroupingState::Submitted);
        let of_site = whole
            .consents
            .iter()
            .find(|one| one.ballot_id.is_empty())
            .unwrap();
        assert_eq!(of_site.developer_id, developer().to_string());
        land.approve(&id).await.unwrap();
        assert_eq!(land.buildings(SITE).await, ["5"]);
        // A building without homes is told in one event.
        let told = land.registry().told(&building_of(SITE, "6").to_string()).await;
        assert_eq!(told, ["BuildingRegistered 1", "BuildingMoved 2"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_that_passes_is_told_once_and_a_late_decision_still_holds() {
    each(async |land| {
        let id = land.merger_to_decide().await;
        land.desk.at("2026-03-30").await;
        assert!(!land.get_as(&authority(), &id).await.unwrap().overdue);
        land.desk.at("2026-04-01").await;
        assert!(land.get_as(&authority(), &id).await.unwrap().overdue);
        land.desk.at("2026-05-01").await;
        let told = land.registry().told_of("RegroupingOverdue").await;
        assert_eq!(told.len(), 1);
        land.approve(&id).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_building_is_told_in_portions_without_a_gap() {
    each(async |land| {
        let rows: String = (100..=350)
            .map(|number| home_row(3, number, "DELIVERED"))
            .collect();
        let registry = land.registry();
        registry
            .load(pb::TableKind::Homes, &(HOMES_HEADER.to_owned() + &rows))
            .await;
        let id = land.proposed(adjustment(AREA, OTHER, &["3"])).await.regrouping_id;
        land.consent(&id, AREA).await;
        land.consent(&id, OTHER).await;
        land.approve(&id).await.unwrap();
        let of_building = building("3").to_string();
        let told = registry.told_of("BuildingMoved").await;
        let moved: Vec<(i64, usize)> = told
            .iter()
            .filter(|event| event.aggregate == of_building)
            .map(|event| {
                let moved: pb::BuildingMoved = serde_json::from_str(&event.body).unwrap();
                assert_eq!(moved.building.unwrap().version, event.version);
                (event.version, moved.home_ids.len())
            })
            .collect();
        assert_eq!(moved, [(4, 200), (5, 51)]);
        // The next change of the building goes on from there.
        let owners = OWNERSHIPS_HEADER.to_owned() + &ownership_row(3, 100, 3100);
        registry.load(pb::TableKind::Ownerships, &owners).await;
        let told = registry.told(&of_building).await;
        assert_eq!(told.last().map(String::as_str), Some("OwnershipsRecorded 6"));
    })
    .await;
}
