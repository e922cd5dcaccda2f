//! After a merger of divisions the officers of the surviving one see and do what those of the merged one did.

use access::Principal;
use proto::committees::v1 as pb;
use proto::registry::v1 as registry;
use testkit::people;
use tonic::Code;

use crate::stage::{
    COMMUNITY, OTHER_STREET, STREET, Stage, at, home, on_each, owner, proposal, refused, window,
};

/// The first instant of 1 April 2026 in China.
const DAY: &str = "2026-03-31T16:00:00Z";

async fn merge(stage: &Stage, from: &str, into: &str, on: &str) {
    let event = registry::DivisionsMerged {
        into_code: into.into(),
        from_codes: vec![from.into()],
        effective_on: on.into(),
    };
    // A division stands at version 1 before anything is told of it.
    stage.registry(into, 2, &event).await;
    stage.world.pump().await;
}

async fn listed(stage: &Stage, who: &Principal) -> usize {
    let page = stage.list(who, pb::ListBallotsRequest::default()).await.unwrap();
    page.ballots.len()
}

#[tokio::test]
async fn the_surviving_street_lists_and_acts_from_the_day_on_and_another_street_does_not() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let id = ballot.ballot_id.as_str();
        let (heir, stranger) = (people::street(OTHER_STREET), people::street("330783003"));
        merge(stage, STREET, OTHER_STREET, "2026-04-01").await;
        assert_eq!(listed(stage, &heir).await, 0, "not yet");
        refused(stage.get(&heir, id).await, "BALLOT_NOT_FOUND", Code::NotFound);
        refused(
            stage.prepare(&heir, proposal()).await,
            "AREA_NOT_FOUND",
            Code::NotFound,
        );

        stage.world.advance_to(at(DAY)).await;
        assert_eq!(listed(stage, &heir).await, 1);
        assert_eq!(
            listed(stage, &people::street(STREET)).await,
            1,
            "who was there still is"
        );
        assert_eq!(listed(stage, &stranger).await, 0);
        let read = stage.get(&heir, id).await.unwrap();
        assert_eq!(read.division_code, COMMUNITY, "the ballot keeps its place");
        refused(stage.get(&stranger, id).await, "BALLOT_NOT_FOUND", Code::NotFound);
        let mut later = window(id);
        later.opens_at = Some(at("2026-04-16T16:00:00Z").into());
        later.closes_at = Some(at("2026-04-26T16:00:00Z").into());
        refused(
            stage.announce(&stranger, later.clone()).await,
            "BALLOT_NOT_FOUND",
            Code::NotFound,
        );
        stage.announce(&heir, later).await.unwrap();
        // No officer votes for an owner; the surviving street is told so, the other is told of nothing.
        refused(
            stage.vote(&heir, id, home(1), pb::Choice::For).await,
            "NOT_ALLOWED",
            Code::PermissionDenied,
        );
        refused(
            stage.own_votes(&heir, id).await,
            "NOT_ALLOWED",
            Code::PermissionDenied,
        );
        refused(
            stage.vote(&stranger, id, home(1), pb::Choice::For).await,
            "BALLOT_NOT_FOUND",
            Code::NotFound,
        );
        stage.withdraw(&heir, id, "重新拟定。").await.unwrap();
        let made = stage.prepare(&heir, proposal()).await.unwrap();
        assert_eq!(made.division_code, COMMUNITY, "the area keeps its place");
        stage.get(&owner("A"), &made.ballot_id).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_chain_of_mergers_comes_in_any_order_and_each_takes_effect_once() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let last = people::street("330783003");
        merge(stage, OTHER_STREET, "330783003", "2026-03-02").await;
        assert_eq!(listed(stage, &last).await, 0);
        merge(stage, STREET, OTHER_STREET, "2026-03-01").await;
        merge(stage, STREET, "330783005", "2026-03-01").await;
        assert_eq!(listed(stage, &last).await, 1);
        stage.get(&last, &ballot.ballot_id).await.unwrap();
        assert_eq!(
            listed(stage, &people::street("330783005")).await,
            0,
            "a division ends once"
        );
        assert_eq!(stage.number("SELECT COUNT(*) FROM mergers").await, 2);
    })
    .await;
}
