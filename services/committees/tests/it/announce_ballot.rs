//! Announcing a ballot: the roll is frozen, notice and window are kept.

use proto::committees::v1 as pb;
use testkit::people;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::stage::{
    CLOSING, NOTICE, OTHER_STREET, area, at, building, community, entry, home, manager, on_each, owner,
    refused, tally, window,
};

#[tokio::test]
async fn the_roll_of_the_building_is_frozen_and_told() {
    on_each(async |stage| {
        let ballot = stage.announced().await;
        assert_eq!(ballot.state(), pb::BallotState::Announced);
        // A, B, B with C, C, and the developer once for both unsold homes: five heads over seven homes.
        assert_eq!(ballot.roll, tally(5, 70_000));
        assert_eq!(ballot.turnout, tally(0, 0));
        assert_eq!(ballot.announced_at, Some(at("2026-03-02T01:00:00Z").into()));
        assert_eq!(
            (ballot.opens_at, ballot.closes_at),
            (Some(at(NOTICE).into()), Some(at(CLOSING).into()))
        );
        assert_eq!(ballot.version, 2);
        let events = stage.events().await;
        let told: pb::BallotAnnounced = serde_json::from_str(&events[1].3).unwrap();
        assert_eq!((events.len(), told.ballot), (2, Some(ballot.clone())));
        assert_eq!(stage.get(&community(), &ballot.ballot_id).await.unwrap(), ballot);

        let asked = stage.rolls.last();
        assert_eq!(asked.scope.unwrap().building_ids, [building(1).to_string()]);
        assert_eq!((asked.as_of, asked.count_parking), (ballot.announced_at, false));
    })
    .await;
}

#[tokio::test]
async fn the_roll_does_not_change_with_the_registry_afterwards() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        stage.rolls.set(vec![entry(1, 1, &["Z"])]);
        let vote = stage
            .vote(&owner("A"), &ballot.ballot_id, home(1), pb::Choice::For)
            .await
            .unwrap();
        assert_eq!(vote.area, 20_000);
        let stranger = stage
            .vote(&owner("Z"), &ballot.ballot_id, home(1), pb::Choice::For)
            .await;
        refused(stranger, "BALLOT_NOT_FOUND", Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn notice_and_window_are_checked_before_registry_is_asked() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let announcing = async |opens_at: &str, closes_at: &str| {
            let request = pb::AnnounceBallotRequest {
                opens_at: Some(at(opens_at).into()),
                closes_at: Some(at(closes_at).into()),
                ..window(&ballot.ballot_id)
            };
            stage.announce(&community(), request).await
        };
        let short = announcing("2026-03-17T15:59:59.999999Z", CLOSING).await;
        refused(short, "NOTICE_TOO_SHORT", Code::InvalidArgument);
        refused(
            announcing(NOTICE, "2026-03-22T15:59:59Z").await,
            "WINDOW_TOO_SHORT",
            Code::InvalidArgument,
        );
        refused(
            announcing(NOTICE, NOTICE).await,
            "WINDOW_TOO_SHORT",
            Code::InvalidArgument,
        );
        refused(
            announcing(NOTICE, "2026-05-16T16:00:00.000001Z").await,
            "WINDOW_TOO_LONG",
            Code::InvalidArgument,
        );
        let timeless = pb::AnnounceBallotRequest {
            opens_at: None,
            ..window(&ballot.ballot_id)
        };
        refused(
            stage.announce(&community(), timeless).await,
            "TIME_MISSING",
            Code::InvalidArgument,
        );
        let absurd = proto::Timestamp {
            seconds: i64::MAX,
            nanos: 0,
        };
        let absurd = pb::AnnounceBallotRequest {
            closes_at: Some(absurd),
            ..window(&ballot.ballot_id)
        };
        refused(
            stage.announce(&community(), absurd).await,
            "TIME_MALFORMED",
            Code::InvalidArgument,
        );
        assert_eq!(stage.rolls.asked(), 0);
        announcing(NOTICE, "2026-05-16T16:00:00Z").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_registry_refuses_is_passed_on_and_changes_nothing() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let announcing = async || stage.announce(&community(), window(&ballot.ballot_id)).await;
        let metadata = std::collections::HashMap::<String, String>::new();
        let mut details = tonic_types::ErrorDetails::with_error_info("ROLL_NOT_READY", "heju", metadata);
        details.set_localized_message("zh-CN", "名册尚未就绪。");
        let not_ready =
            Status::with_error_details(Code::FailedPrecondition, "The roll is not ready.", details);
        stage.rolls.refuse(Some(not_ready));
        refused(announcing().await, "ROLL_NOT_READY", Code::FailedPrecondition);
        stage.rolls.refuse(Some(Status::unavailable("away")));
        refused(announcing().await, "UNAVAILABLE", Code::Unavailable);
        stage.rolls.refuse(None);
        stage.rolls.set(Vec::new());
        refused(announcing().await, "ROLL_EMPTY", Code::FailedPrecondition);
        // One home twice would weigh twice: not the caller's fault, and not counted.
        stage.rolls.set(vec![entry(1, 1, &["A"]), entry(1, 1, &["B"])]);
        refused(announcing().await, "INTERNAL", Code::Internal);
        assert_eq!(stage.told().await, [("BallotPrepared".to_owned(), 1)]);
        assert_eq!(stage.number("SELECT COUNT(*) FROM roll_heads").await, 0);
        stage.rolls.set(vec![entry(1, 1, &["A"])]);
        announcing().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_ballot_is_announced_once() {
    on_each(async |stage| {
        let ballot = stage.announced().await;
        let again = stage.announce(&community(), window(&ballot.ballot_id)).await;
        refused(again, "BALLOT_WRONG_STATE", Code::FailedPrecondition);
        let unknown = window(&ids::BallotId::derive("none").to_string());
        refused(
            stage.announce(&community(), unknown).await,
            "BALLOT_NOT_FOUND",
            Code::NotFound,
        );
    })
    .await;
}

#[tokio::test]
async fn only_who_may_prepare_may_announce() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let stranger = people::street(OTHER_STREET);
        let refusal = stage.announce(&stranger, window(&ballot.ballot_id)).await;
        refused(refusal, "BALLOT_NOT_FOUND", Code::NotFound);
        for known in [owner("A"), people::firm(manager())] {
            let refusal = stage.announce(&known, window(&ballot.ballot_id)).await;
            refused(refusal, "NOT_ALLOWED", Code::PermissionDenied);
        }
        stage
            .announce(&people::committee_member(area()), window(&ballot.ballot_id))
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_whatever_became_of_the_roll() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let call = async || {
            let request = stage
                .world
                .request_with_key(&community(), "key-1", window(&ballot.ballot_id));
            stage
                .client()
                .announce_ballot(request)
                .await
                .map(tonic::Response::into_inner)
        };
        let first = call().await.unwrap();
        stage.rolls.refuse(Some(Status::unavailable("away")));
        assert_eq!(call().await.unwrap(), first);
        stage.rolls.refuse(None);
        stage.rolls.set(Vec::new());
        assert_eq!(call().await.unwrap(), first);
        assert_eq!(stage.rolls.asked(), 1);
        assert_eq!(stage.told().await.len(), 2);
        let later = pb::AnnounceBallotRequest {
            closes_at: Some(at("2026-03-28T16:00:00Z").into()),
            ..window(&ballot.ballot_id)
        };
        let later = stage.world.request_with_key(&community(), "key-1", later);
        refused(
            stage.client().announce_ballot(later).await,
            "IDEMPOTENCY_KEY_REUSED",
            Code::InvalidArgument,
        );
    })
    .await;
}

#[tokio::test]
async fn two_announcements_at_one_moment_freeze_one_roll() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let (officer, member) = (community(), people::committee_member(area()));
        let (one, two) = futures::join!(
            stage.announce(&officer, window(&ballot.ballot_id)),
            stage.announce(&member, window(&ballot.ballot_id)),
        );
        let results = [one, two];
        assert_eq!(
            results.iter().filter(|result| result.is_ok()).count(),
            1,
            "{results:?}"
        );
        let lost = results.into_iter().find(Result::is_err).unwrap();
        refused(lost, "BALLOT_WRONG_STATE", Code::FailedPrecondition);
        assert_eq!(stage.number("SELECT COUNT(*) FROM roll_heads").await, 5);
        assert_eq!(stage.number("SELECT COUNT(*) FROM roll_homes").await, 7);
        assert_eq!(stage.number("SELECT COUNT(*) FROM roll_owners").await, 5);
        assert_eq!(stage.told().await.len(), 2);
    })
    .await;
}
