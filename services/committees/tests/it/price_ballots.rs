//! Registry asks for the owners' decision on new prices, and takes it back: in any order, any number of times.

use ids::{BallotId, PriceAdjustmentId};
use proto::committees::v1 as pb;
use proto::common::v1 as common;
use proto::registry::v1 as registry;
use tonic::Code;

use crate::stage::{
    CLOSING, COMMUNITY, NOTICE, Stage, area, at, community, home, on_each, owner, refused, window,
};

fn adjustment_id() -> PriceAdjustmentId {
    PriceAdjustmentId::derive("adjustment 1")
}

fn ballot_id() -> String {
    committees::domain::PriceRequest::ballot_id(adjustment_id()).to_string()
}

fn adjustment() -> registry::PriceAdjustment {
    let mut homes = registry::PricedHomes::default();
    homes.set_use(common::HomeUse::Residential);
    homes.set_building_type(registry::BuildingType::HighRise);
    homes.set_housing_class(registry::HousingClass::Ordinary);
    registry::PriceAdjustment {
        adjustment_id: adjustment_id().to_string(),
        area_id: area().to_string(),
        division_code: COMMUNITY.into(),
        lines: vec![registry::AdjustmentLine {
            proposed: Some(registry::ProposedPrice {
                homes: Some(homes),
                price_fen: 165,
                grade: 2,
            }),
            price_before_fen: 140,
            grade_before: 2,
            ..Default::default()
        }],
        effective_from: "2026-07-01".into(),
        reason: "人工成本上涨。".into(),
        audit: Some(registry::PriceAudit {
            auditor_name: "东阳会计师事务所（演示）".into(),
            year: 2025,
            ..Default::default()
        }),
        published_on: "2026-01-05".into(),
        public_until: "2026-02-04".into(),
        ..Default::default()
    }
}

async fn request(stage: &Stage, version: i64) {
    let event = registry::PriceBallotRequested {
        adjustment: Some(adjustment()),
    };
    stage.registry(adjustment_id(), version, &event).await;
    stage.world.pump().await;
}

async fn give_up(stage: &Stage, version: i64) {
    let adjustment = registry::PriceAdjustment {
        withdrawal_reason: "与业主协商后另行提出方案。".into(),
        ..adjustment()
    };
    let event = registry::PriceAdjustmentWithdrawn {
        adjustment: Some(adjustment),
    };
    stage.registry(adjustment_id(), version, &event).await;
    stage.world.pump().await;
}

/// The owners decided on the adjustment by a ballot of this id.
async fn decide(stage: &Stage, version: i64, by: &str) {
    let event = registry::PriceAdjustmentRejected {
        adjustment: Some(registry::PriceAdjustment {
            ballot_id: by.into(),
            ..adjustment()
        }),
    };
    stage.registry(adjustment_id(), version, &event).await;
    stage.world.pump().await;
}

#[tokio::test]
async fn a_requested_decision_becomes_a_prepared_ballot_of_the_whole_area_on_matter_nine() {
    on_each(async |stage| {
        request(stage, 3).await;
        let ballot = stage.get(&owner("A"), &ballot_id()).await.unwrap();
        assert_eq!(
            (ballot.state(), ballot.matter(), ballot.version),
            (pb::BallotState::Prepared, pb::Matter::Other, 1)
        );
        let scope = ballot.scope.clone().unwrap();
        assert_eq!(scope.area_id, area().to_string());
        assert!(scope.building_ids.is_empty() && scope.stairwells.is_empty());
        assert_eq!(
            (ballot.adjustment_id.as_str(), ballot.draw_id.as_str()),
            (adjustment_id().to_string().as_str(), "")
        );
        for part in [
            "1.40",
            "1.65",
            "2026年7月1日",
            "东阳会计师事务所",
            "人工成本上涨。",
        ] {
            assert!(ballot.text.contains(part), "{part} is missing in {}", ballot.text);
        }
        let events = stage.events().await;
        let told: pb::BallotPrepared = serde_json::from_str(&events[0].3).unwrap();
        assert_eq!((events.len(), told.ballot), (1, Some(ballot)));
        let by_adjustment = |id: PriceAdjustmentId| pb::ListBallotsRequest {
            adjustment_id: id.to_string(),
            ..Default::default()
        };
        let found = stage.list(&community(), by_adjustment(adjustment_id())).await;
        assert_eq!(found.unwrap().ballots.len(), 1);
        let another = stage
            .list(&community(), by_adjustment(PriceAdjustmentId::derive("another")))
            .await;
        assert_eq!(another.unwrap().ballots, []);
    })
    .await;
}

#[tokio::test]
async fn asking_twice_makes_one_ballot_which_is_announced_and_counted_as_any() {
    on_each(async |stage| {
        request(stage, 3).await;
        request(stage, 4).await;
        stage.announce(&community(), window(&ballot_id())).await.unwrap();
        request(stage, 5).await;
        assert_eq!(stage.told().await.len(), 2);
        stage.world.advance_to(at(NOTICE)).await;
        for (name, number) in [("A", 1), ("B", 3), ("C", 5), ("D", 8), ("E", 9)] {
            stage
                .vote(&owner(name), &ballot_id(), home(number), pb::Choice::For)
                .await
                .unwrap();
        }
        stage.world.advance_to(at(CLOSING)).await;
        let events = stage.events().await;
        let last = &events.last().unwrap();
        assert_eq!(last.0, "BallotDecided");
        let decided: pb::BallotDecided = serde_json::from_str(&last.3).unwrap();
        let ballot = decided.ballot.unwrap();
        // What registry asks of a ballot that changes prices.
        assert_eq!(ballot.adjustment_id, adjustment_id().to_string());
        assert_eq!(ballot.matter(), pb::Matter::Other);
        assert!(ballot.scope.unwrap().building_ids.is_empty());
        let result = ballot.result.unwrap();
        assert!(result.passed && result.decided_at.is_some());
        // The ordinary end of the adjustment changes nothing here.
        decide(stage, 6, &ballot_id()).await;
        let read = stage.get(&owner("A"), &ballot_id()).await.unwrap();
        assert_eq!((read.state(), read.version), (pb::BallotState::Decided, 3));
    })
    .await;
}

#[tokio::test]
async fn an_adjustment_that_is_given_up_takes_its_ballot_along() {
    on_each(async |stage| {
        request(stage, 3).await;
        stage.announce(&community(), window(&ballot_id())).await.unwrap();
        give_up(stage, 4).await;
        let ballot = stage.get(&owner("A"), &ballot_id()).await.unwrap();
        assert_eq!(
            (ballot.state(), ballot.withdrawal_reason.as_str()),
            (pb::BallotState::Withdrawn, "与业主协商后另行提出方案。")
        );
        give_up(stage, 5).await;
        stage.world.advance_to(at(CLOSING)).await;
        let kinds: Vec<String> = stage.told().await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["BallotPrepared", "BallotAnnounced", "BallotWithdrawn"]);
    })
    .await;
}

#[tokio::test]
async fn an_adjustment_that_was_given_up_first_gets_no_ballot() {
    on_each(async |stage| {
        give_up(stage, 4).await;
        request(stage, 3).await;
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
async fn a_decision_by_another_ballot_ends_the_one_that_was_prepared() {
    on_each(async |stage| {
        request(stage, 3).await;
        decide(stage, 4, &BallotId::derive("by hand").to_string()).await;
        let ballot = stage.get(&owner("A"), &ballot_id()).await.unwrap();
        assert_eq!(ballot.state(), pb::BallotState::Withdrawn);
        assert!(ballot.withdrawal_reason.contains("其他表决"));
    })
    .await;
}
