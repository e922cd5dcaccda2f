//! What committees keeps of registry follows it, in order, once.

use proto::committees::v1 as pb;
use proto::registry::v1 as registry;
use testkit::people;
use tonic::Code;

use crate::stage::{
    area, building, community, elsewhere, home, manager, on_each, owner, owner_id, proposal, refused,
};

fn ownership(number: u8, names: &[&str]) -> registry::Ownership {
    registry::Ownership {
        home_id: home(number).to_string(),
        owner_ids: names.iter().map(|name| owner_id(name).to_string()).collect(),
        since: "2026-03-02".into(),
        until: String::new(),
    }
}

fn transfer(number: u8, before: &[&str], after: &[&str]) -> registry::HomeTransferred {
    registry::HomeTransferred {
        building_id: building(1).to_string(),
        before: Some(ownership(number, before)),
        after: Some(ownership(number, after)),
    }
}

#[tokio::test]
async fn a_new_owner_sees_the_ballots_of_the_area_and_the_old_one_no_longer() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        refused(
            stage.get(&owner("Z"), &ballot.ballot_id).await,
            "BALLOT_NOT_FOUND",
            Code::NotFound,
        );
        // A sells one home of two to Z and one to Y.
        stage.registry(building(1), 3, &transfer(1, &["A"], &["Z"])).await;
        stage.world.pump().await;
        stage.get(&owner("Z"), &ballot.ballot_id).await.unwrap();
        stage.get(&owner("A"), &ballot.ballot_id).await.unwrap();
        stage
            .registry(building(1), 4, &transfer(2, &["A"], &["Y", "Z"]))
            .await;
        stage.world.pump().await;
        stage.get(&owner("Y"), &ballot.ballot_id).await.unwrap();
        refused(
            stage.get(&owner("A"), &ballot.ballot_id).await,
            "BALLOT_NOT_FOUND",
            Code::NotFound,
        );
        let query = pb::ListBallotsRequest::default;
        assert_eq!(stage.list(&owner("A"), query()).await.unwrap().ballots.len(), 0);
        assert_eq!(stage.list(&owner("Y"), query()).await.unwrap().ballots.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn who_sold_after_the_roll_was_frozen_still_sees_the_ballot_and_votes() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        stage.registry(building(1), 3, &transfer(3, &["B"], &["Z"])).await;
        stage
            .registry(building(1), 4, &transfer(4, &["B", "C"], &["Z"]))
            .await;
        stage.world.pump().await;
        stage
            .vote(&owner("B"), &ballot.ballot_id, home(3), pb::Choice::For)
            .await
            .unwrap();
        assert_eq!(
            stage.get(&owner("B"), &ballot.ballot_id).await.unwrap().ballot_id,
            ballot.ballot_id
        );
        let listed = stage
            .list(&owner("B"), pb::ListBallotsRequest::default())
            .await
            .unwrap();
        assert_eq!(listed.ballots.len(), 1);
        // The buyer knows of the ballot now, and the vote stays with the roll.
        let buyer = stage
            .vote(&owner("Z"), &ballot.ballot_id, home(3), pb::Choice::Against)
            .await;
        refused(buyer, "NOT_ON_ROLL", Code::PermissionDenied);
    })
    .await;
}

#[tokio::test]
async fn a_change_that_comes_too_early_waits_for_the_one_before_it() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        // Version 4 is published first, version 3 after it.
        stage.registry(building(1), 4, &transfer(3, &["Y"], &["Z"])).await;
        stage.registry(building(1), 3, &transfer(3, &["B"], &["Y"])).await;
        let look = || async {
            stage.world.pump().await;
            stage
                .get(&owner("Z"), &ballot.ballot_id)
                .await
                .map(|_| ())
                .map_err(|status| status.to_string())
        };
        let limit = std::time::Duration::from_secs(20);
        testkit::wait_for("version 4 after version 3", limit, look, Result::is_ok)
            .await
            .unwrap();
        refused(
            stage.get(&owner("Y"), &ballot.ballot_id).await,
            "BALLOT_NOT_FOUND",
            Code::NotFound,
        );
        stage.get(&owner("B"), &ballot.ballot_id).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_change_of_the_managing_firm_is_followed_and_an_old_one_is_passed_over() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let next = ids::FirmId::derive("新物业");
        let record = |manager_id: ids::FirmId, version| registry::AreaRegistered {
            area: Some(registry::Area {
                area_id: area().to_string(),
                division_code: crate::stage::COMMUNITY.into(),
                manager_id: manager_id.to_string(),
                version,
                ..registry::Area::default()
            }),
        };
        stage.registry(area(), 2, &record(next, 2)).await;
        stage.registry(area(), 1, &record(manager(), 1)).await;
        stage.world.pump().await;
        stage.get(&people::firm(next), &ballot.ballot_id).await.unwrap();
        let former = stage.get(&people::firm(manager()), &ballot.ballot_id).await;
        refused(former, "BALLOT_NOT_FOUND", Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn recorded_ownerships_replace_what_was_known() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let recorded = registry::OwnershipsRecorded {
            building_id: building(1).to_string(),
            ownerships: vec![ownership(6, &["Y"]), ownership(7, &["Y"]), ownership(3, &[])],
            past: Vec::new(),
        };
        stage.registry(building(1), 3, &recorded).await;
        stage.world.pump().await;
        stage.get(&owner("Y"), &ballot.ballot_id).await.unwrap();
        assert_eq!(
            stage.number("SELECT COUNT(*) FROM home_owners").await,
            2 + 2 + 1 + 2 + 2
        );
        stage.prepare(&community(), proposal()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_new_manager_sees_the_ballots_of_the_area_and_the_old_one_no_longer() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let old = people::firm(manager());
        let new = people::firm(ids::FirmId::derive("next"));
        stage.get(&old, &ballot.ballot_id).await.unwrap();
        let changed = |manager_id: String| registry::AreaManagerChanged {
            area_id: area().to_string(),
            manager_id,
            since: "2026-05-01".into(),
            ..Default::default()
        };
        let next = ids::FirmId::derive("next").to_string();
        stage.registry(area(), 2, &changed(next)).await;
        stage.world.pump().await;
        stage.get(&new, &ballot.ballot_id).await.unwrap();
        refused(
            stage.get(&old, &ballot.ballot_id).await,
            "BALLOT_NOT_FOUND",
            Code::NotFound,
        );
        stage.registry(area(), 3, &changed(String::new())).await;
        stage.world.pump().await;
        refused(
            stage.get(&new, &ballot.ballot_id).await,
            "BALLOT_NOT_FOUND",
            Code::NotFound,
        );
    })
    .await;
}

#[tokio::test]
async fn what_concerns_no_owner_is_passed_over_without_a_gap() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let sold = registry::HomesSold {
            building_id: building(1).to_string(),
            ..Default::default()
        };
        stage.registry(building(1), 3, &sold).await;
        let corrected = registry::HomeCorrected {
            building_id: building(1).to_string(),
            ..Default::default()
        };
        stage.registry(building(1), 4, &corrected).await;
        stage
            .registry(building(1), 5, &registry::BuildingFactsRecorded::default())
            .await;
        stage.registry(building(1), 6, &transfer(3, &["B"], &["Z"])).await;
        stage.world.pump().await;
        stage.get(&owner("Z"), &ballot.ballot_id).await.unwrap();
    })
    .await;
}

fn moved(homes: &[u8], version: i64) -> registry::BuildingMoved {
    registry::BuildingMoved {
        building: Some(registry::Building {
            building_id: building(1).to_string(),
            area_id: elsewhere().to_string(),
            number: "1".into(),
            floors: 6,
            version,
        }),
        from_area_id: area().to_string(),
        home_ids: homes.iter().map(|number| home(*number).to_string()).collect(),
        moved_on: "2026-03-02".into(),
        ..registry::BuildingMoved::default()
    }
}

#[tokio::test]
async fn owners_of_a_building_that_moved_see_the_ballots_of_the_area_no_longer() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        stage.get(&owner("B"), &ballot.ballot_id).await.unwrap();
        // Told in two portions: the homes of B come with the second.
        stage.registry(building(1), 3, &moved(&[1, 2], 3)).await;
        stage.world.pump().await;
        stage.get(&owner("B"), &ballot.ballot_id).await.unwrap();
        stage.registry(building(1), 4, &moved(&[3, 4, 5, 6, 7], 4)).await;
        // A sale after the move is of the other area as well.
        stage.registry(building(1), 5, &transfer(3, &["B"], &["Z"])).await;
        stage.world.pump().await;
        for gone in ["A", "B", "C", "Z"] {
            let found = stage.get(&owner(gone), &ballot.ballot_id).await;
            refused(found, "BALLOT_NOT_FOUND", Code::NotFound);
        }
        stage.get(&owner("D"), &ballot.ballot_id).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_ballot_that_runs_keeps_its_frozen_roll_when_a_building_moves() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        stage
            .registry(building(1), 3, &moved(&[1, 2, 3, 4, 5, 6, 7], 3))
            .await;
        stage.world.pump().await;
        let found = stage.get(&owner("B"), &ballot.ballot_id).await.unwrap();
        assert_eq!(found.roll, ballot.roll);
        stage
            .vote(&owner("B"), &ballot.ballot_id, home(3), pb::Choice::For)
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn nobody_manages_an_area_that_ended_and_its_versions_go_on() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let firm = people::firm(manager());
        stage.get(&firm, &ballot.ballot_id).await.unwrap();
        let ended = registry::AreaEnded {
            area: Some(registry::Area {
                area_id: area().to_string(),
                version: 2,
                ended_on: "2026-03-02".into(),
                successor_id: elsewhere().to_string(),
                ..registry::Area::default()
            }),
            ..registry::AreaEnded::default()
        };
        stage.registry(area(), 2, &ended).await;
        stage.world.pump().await;
        refused(
            stage.get(&firm, &ballot.ballot_id).await,
            "BALLOT_NOT_FOUND",
            Code::NotFound,
        );
        stage.get(&community(), &ballot.ballot_id).await.unwrap();
    })
    .await;
}
