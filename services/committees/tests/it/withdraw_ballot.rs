//! Withdrawing a ballot: as long as nothing was counted.

use proto::committees::v1 as pb;
use testkit::people;
use tonic::Code;

use crate::stage::{CLOSING, OTHER_STREET, area, at, community, home, on_each, owner, refused, tally};

#[tokio::test]
async fn a_prepared_ballot_is_withdrawn_with_its_reason() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let after = stage
            .withdraw(&community(), &ballot.ballot_id, " 方案有误。 ")
            .await
            .unwrap();
        assert_eq!((after.state(), after.version), (pb::BallotState::Withdrawn, 2));
        assert_eq!(after.withdrawal_reason, "方案有误。");
        let told: pb::BallotWithdrawn = serde_json::from_str(&stage.events().await[1].3).unwrap();
        assert_eq!(told.ballot, Some(after.clone()));
        assert_eq!(stage.get(&owner("A"), &ballot.ballot_id).await.unwrap(), after);
    })
    .await;
}

#[tokio::test]
async fn an_announced_ballot_is_withdrawn_and_never_counted() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        stage
            .vote(&owner("A"), &ballot.ballot_id, home(1), pb::Choice::For)
            .await
            .unwrap();
        let committee = people::committee_member(area());
        stage
            .withdraw(&committee, &ballot.ballot_id, "方案有误。")
            .await
            .unwrap();
        stage.world.advance_to(at(CLOSING)).await;
        let read = stage.get(&owner("A"), &ballot.ballot_id).await.unwrap();
        assert_eq!((read.state(), read.result), (pb::BallotState::Withdrawn, None));
        assert_eq!((read.roll, read.turnout), (tally(5, 70_000), tally(1, 20_000)));
        assert_eq!(
            stage
                .number("SELECT COUNT(*) FROM deadlines WHERE done_at IS NULL")
                .await,
            0
        );
        let told = stage.told().await;
        assert!(!told.iter().any(|(kind, _)| kind == "BallotDecided"), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn what_was_counted_or_withdrawn_stays_as_it_is() {
    on_each(async |stage| {
        let withdrawn = stage.prepared().await;
        stage
            .withdraw(&community(), &withdrawn.ballot_id, "方案有误。")
            .await
            .unwrap();
        let decided = stage.open().await;
        stage.world.advance_to(at(CLOSING)).await;
        for ballot in [withdrawn, decided] {
            let again = stage.withdraw(&community(), &ballot.ballot_id, "再次。").await;
            refused(again, "BALLOT_WRONG_STATE", Code::FailedPrecondition);
        }
    })
    .await;
}

#[tokio::test]
async fn who_may_not_withdraw_is_refused_and_a_reason_must_be_given() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let stranger = stage
            .withdraw(&people::street(OTHER_STREET), &ballot.ballot_id, "无。")
            .await;
        refused(stranger, "BALLOT_NOT_FOUND", Code::NotFound);
        refused(
            stage.withdraw(&owner("A"), &ballot.ballot_id, "无。").await,
            "NOT_ALLOWED",
            Code::PermissionDenied,
        );
        refused(
            stage.withdraw(&community(), &ballot.ballot_id, " ").await,
            "REASON_MISSING",
            Code::InvalidArgument,
        );
        let long = "字".repeat(1_001);
        refused(
            stage.withdraw(&community(), &ballot.ballot_id, &long).await,
            "TEXT_TOO_LONG",
            Code::InvalidArgument,
        );
        assert_eq!(stage.told().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_same_request_twice_withdraws_once() {
    on_each(async |stage| {
        let ballot = stage.prepared().await;
        let call = async |key: &str, reason: &str| {
            let request = pb::WithdrawBallotRequest {
                ballot_id: ballot.ballot_id.clone(),
                reason: reason.into(),
            };
            let request = stage.world.request_with_key(&community(), key, request);
            stage
                .client()
                .withdraw_ballot(request)
                .await
                .map(tonic::Response::into_inner)
        };
        let first = call("key-1", "方案有误。").await.unwrap();
        assert_eq!(call("key-1", "方案有误。").await.unwrap(), first);
        refused(
            call("key-1", "别的。").await,
            "IDEMPOTENCY_KEY_REUSED",
            Code::InvalidArgument,
        );
        let (one, two) = futures::join!(call("key-2", "甲。"), call("key-3", "乙。"));
        refused(one, "BALLOT_WRONG_STATE", Code::FailedPrecondition);
        refused(two, "BALLOT_WRONG_STATE", Code::FailedPrecondition);
        assert_eq!(stage.told().await.len(), 2);
    })
    .await;
}
