//! Accepting work: the story, the refusals, the repeat, the race.

use proto::funds::v1 as pb;
use tonic::Code;

use crate::town::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_the_work_did_not_cost_goes_back_to_each_home() {
    each(async |town| {
        town.endow().await;
        let draw = town.reserved(&["3"], 1_000_000).await;
        let after = town.accept(&draw.draw_id, 900_001).await.unwrap();
        assert_eq!(
            (after.state(), after.version, after.settled_fen),
            (pb::DrawState::Accepted, 4, 900_001)
        );
        assert_eq!(after.allocation.unwrap().fund_fen, 900_001);
        let shares = town.shares(&draw.draw_id).await;
        assert_eq!(shares.iter().map(|share| share.share_fen).sum::<i64>(), 900_001);
        let balance = town.trial_balance().await;
        assert_eq!((balance.reserved_fen, balance.balanced), (900_001, true));
        // Nothing to give back, nothing posted.
        let exact = town.reserved(&["3"], 1_000).await;
        let postings = town.trial_balance().await.postings;
        town.accept(&exact.draw_id, 1_000).await.unwrap();
        assert_eq!(town.trial_balance().await.postings, postings);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_is_accepted_within_the_budget_by_the_committee_or_the_territory() {
    each(async |town| {
        town.endow().await;
        let draw = town.reserved(&["3"], 1_000_000).await;
        let id = draw.draw_id.as_str();
        assert_refused(
            town.accept(id, 0).await,
            Code::InvalidArgument,
            "AMOUNT_NOT_POSITIVE",
        );
        assert_refused(
            town.accept(id, 1_000_001).await,
            Code::InvalidArgument,
            "COST_OVER_BUDGET",
        );
        let by = async |who: &access::Principal| {
            let message = pb::AcceptWorkRequest {
                draw_id: id.into(),
                settled_fen: 1_000_000,
            };
            town.client().accept_work(town.world.request(who, message)).await
        };
        assert_refused(by(&manager()).await, Code::PermissionDenied, "NOT_ALLOWED");
        by(&community()).await.unwrap();
        assert_refused(
            by(&community()).await,
            Code::FailedPrecondition,
            "DRAW_WRONG_STATE",
        );
        assert_refused(
            town.accept("draw_1", 1).await,
            Code::InvalidArgument,
            "ID_MALFORMED",
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_acceptances_at_once_one_takes_effect() {
    each(async |town| {
        town.endow().await;
        let draw = town.reserved(&["3"], 1_000_000).await;
        let (a, b) = tokio::join!(
            town.accept(&draw.draw_id, 900_000),
            town.accept(&draw.draw_id, 800_000)
        );
        assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
        let lost = a.as_ref().err().or(b.as_ref().err()).unwrap();
        assert!(
            matches!(lost.code(), Code::Aborted | Code::FailedPrecondition),
            "{lost:?}"
        );
        let settled = a.or(b).unwrap().settled_fen;
        let balance = town.trial_balance().await;
        assert_eq!((balance.reserved_fen, balance.balanced), (settled, true));
    })
    .await;
}
