//! Withdrawing a draw: the story, the refusals, the repeat.

use proto::funds::v1 as pb;
use tonic::Code;

use crate::town::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_proposer_withdraws_before_the_owners_have_decided() {
    each(async |town| {
        let withdraw = async |who: &access::Principal, key: &str, draw_id: &str, reason: &str| {
            let message = pb::WithdrawDrawRequest {
                draw_id: draw_id.into(),
                reason: reason.into(),
            };
            town.client()
                .withdraw_draw(town.world.request_with_key(who, key, message))
                .await
        };
        let draw = town.propose(&["3"], 1_000_000).await;
        town.check(&draw.draw_id).await.unwrap();
        let id = draw.draw_id.as_str();
        assert_refused(
            withdraw(&manager(), "a", id, " ").await,
            Code::InvalidArgument,
            "REASON_MISSING",
        );
        assert_refused(
            withdraw(&community(), "b", id, "x").await,
            Code::PermissionDenied,
            "NOT_ALLOWED",
        );
        let after = withdraw(&manager(), "c", id, "改由保修单位负责")
            .await
            .unwrap()
            .into_inner();
        assert_eq!((after.state(), after.version), (pb::DrawState::Withdrawn, 3));
        assert_eq!(after.outcome_reason, "改由保修单位负责");
        assert_eq!(
            withdraw(&manager(), "c", id, "改由保修单位负责")
                .await
                .unwrap()
                .into_inner(),
            after
        );
        assert_refused(
            withdraw(&manager(), "d", id, "x").await,
            Code::FailedPrecondition,
            "DRAW_WRONG_STATE",
        );
        // The owners decide on something that is no more: nothing is left to do.
        town.decide(id, Verdict::Passed).await.unwrap();
        assert_eq!(town.get(id).await, after);

        town.endow().await;
        let decided = town.reserved(&["3"], 1_000).await;
        let late = withdraw(&manager(), "e", &decided.draw_id, "x").await;
        assert_refused(late, Code::FailedPrecondition, "DRAW_WRONG_STATE");
    })
    .await;
}
