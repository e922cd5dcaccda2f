//! Funds asks for a vote on a draw, and takes it back: in any order, any number of times.

use ids::DrawId;
use proto::committees::v1 as pb;
use proto::common::v1 as common;
use proto::funds::v1 as funds;
use tonic::Code;

use crate::stage::{
    CLOSING, NOTICE, Stage, area, at, building, community, home, on_each, owner, refused, window,
};

fn draw_id() -> DrawId {
    DrawId::derive("draw 1")
}

fn ballot_id() -> String {
    committees::domain::DrawRequest::ballot_id(draw_id()).to_string()
}

fn draw() -> funds::Draw {
    funds::Draw {
        draw_id: draw_id().to_string(),
        scope: Some(common::Scope {
            area_id: area().to_string(),
            building_ids: vec![building(1).to_string()],
            stairwells: Vec::new(),
        }),
        division_code: crate::stage::COMMUNITY.into(),
        part: common::SharedPart::RoofWaterproofing.into(),
        title: "1幢屋面防水维修".into(),
        text: "保修五年。".into(),
        budget_fen: 4_567_890,
        ..funds::Draw::default()
    }
}

async fn request(stage: &Stage, version: i64) {
    stage
        .funds(
            draw_id(),
            version,
            &funds::DrawVoteRequested { draw: Some(draw()) },
        )
        .await;
    stage.world.pump().await;
}

async fn take_back(stage: &Stage, version: i64) {
    let draw = funds::Draw {
        outcome_reason: "暂不维修。".into(),
        ..draw()
    };
    stage
        .funds(draw_id(), version, &funds::DrawWithdrawn { draw: Some(draw) })
        .await;
    stage.world.pump().await;
}

#[tokio::test]
async fn a_requested_vote_becomes_a_prepared_ballot_on_the_use_of_the_fund() {
    on_each(async |stage| {
        request(stage, 2).await;
        let ballot = stage.get(&owner("A"), &ballot_id()).await.unwrap();
        assert_eq!(
            (ballot.state(), ballot.matter()),
            (pb::BallotState::Prepared, pb::Matter::FundUse)
        );
        assert_eq!(
            (ballot.draw_id.as_str(), ballot.version),
            (draw_id().to_string().as_str(), 1)
        );
        assert_eq!(
            (ballot.title.as_str(), &ballot.scope),
            ("1幢屋面防水维修", &draw().scope)
        );
        for part in ["屋面防水", "45,678.90元", "1幢", "保修五年。"] {
            assert!(ballot.text.contains(part), "{part} is missing in {}", ballot.text);
        }
        let events = stage.events().await;
        let told: pb::BallotPrepared = serde_json::from_str(&events[0].3).unwrap();
        assert_eq!((events.len(), told.ballot), (1, Some(ballot)));
        let query = pb::ListBallotsRequest {
            draw_id: draw_id().to_string(),
            ..Default::default()
        };
        assert_eq!(stage.list(&community(), query).await.unwrap().ballots.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn asking_twice_makes_one_ballot_also_once_it_is_under_way() {
    on_each(async |stage| {
        request(stage, 2).await;
        request(stage, 3).await;
        stage.announce(&community(), window(&ballot_id())).await.unwrap();
        request(stage, 4).await;
        let ballot = stage.get(&owner("A"), &ballot_id()).await.unwrap();
        assert_eq!((ballot.state(), ballot.version), (pb::BallotState::Announced, 2));
        assert_eq!(stage.told().await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_withdrawn_draw_takes_its_ballot_along() {
    on_each(async |stage| {
        request(stage, 2).await;
        stage.announce(&community(), window(&ballot_id())).await.unwrap();
        take_back(stage, 3).await;
        let ballot = stage.get(&owner("A"), &ballot_id()).await.unwrap();
        assert_eq!(
            (ballot.state(), ballot.withdrawal_reason.as_str()),
            (pb::BallotState::Withdrawn, "暂不维修。")
        );
        take_back(stage, 4).await;
        stage.world.advance_to(at(CLOSING)).await;
        let kinds: Vec<String> = stage.told().await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["BallotPrepared", "BallotAnnounced", "BallotWithdrawn"]);
        let late = stage
            .vote(&owner("A"), &ballot_id(), home(1), pb::Choice::For)
            .await;
        refused(late, "BALLOT_WRONG_STATE", Code::FailedPrecondition);
    })
    .await;
}

#[tokio::test]
async fn a_draw_that_was_withdrawn_first_gets_no_ballot() {
    on_each(async |stage| {
        take_back(stage, 3).await;
        request(stage, 2).await;
        refused(
            stage.get(&community(), &ballot_id()).await,
            "BALLOT_NOT_FOUND",
            Code::NotFound,
        );
        assert_eq!(stage.told().await, []);
    })
    .await;
}

#[tokio::test]
async fn a_decided_ballot_is_not_touched_by_a_late_withdrawal() {
    on_each(async |stage| {
        request(stage, 2).await;
        stage.announce(&community(), window(&ballot_id())).await.unwrap();
        stage.world.advance_to(at(NOTICE)).await;
        stage.world.advance_to(at(CLOSING)).await;
        take_back(stage, 3).await;
        let ballot = stage.get(&owner("A"), &ballot_id()).await.unwrap();
        assert_eq!((ballot.state(), ballot.version), (pb::BallotState::Decided, 3));
    })
    .await;
}

#[tokio::test]
async fn a_draw_that_cannot_be_read_becomes_a_dead_letter_and_stops_nothing() {
    for backend in testkit::backends().await {
        let stage = Stage::new(backend).await;
        let broken = funds::Draw {
            division_code: "nowhere".into(),
            ..draw()
        };
        let event = funds::DrawVoteRequested { draw: Some(broken) };
        stage.funds(DrawId::derive("broken"), 2, &event).await;
        stage.world.pump().await;
        request(&stage, 2).await;
        stage.get(&owner("A"), &ballot_id()).await.unwrap();
        // It is tried some more times, with pauses, before it is given up.
        let look = || async {
            stage.world.pump().await;
            stage.store().dead_letters(10).await.unwrap().len()
        };
        let limit = std::time::Duration::from_secs(30);
        testkit::wait_for("the dead letter", limit, look, |letters| *letters == 1).await;
    }
}
