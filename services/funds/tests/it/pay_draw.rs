//! Paying a draw: the story, the refusals, the repeat.

use proto::funds::v1 as pb;
use tonic::Code;

use crate::town::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_story_leaves_no_remainder() {
    each(async |town| {
        town.endow().await;
        let before = town.trial_balance().await;
        let draw = town.reserved(&["3", "5"], 4_567_890).await;
        let accepted = town.accept(&draw.draw_id, 4_489_001).await.unwrap();
        let paid = town.pay(&draw.draw_id).await.unwrap();
        assert_eq!((paid.state(), paid.version), (pb::DrawState::Paid, 5));
        assert!(paid.paid_at.is_some());
        let allocation = accepted.allocation.unwrap();
        let sum = allocation.fund_fen + allocation.owners_due_fen + allocation.developer_due_fen;
        assert_eq!(sum, 4_489_001);
        let after = town.trial_balance().await;
        assert_eq!(
            (after.reserved_fen, after.balanced, after.difference_fen),
            (0, true, 0)
        );
        assert_eq!(before.bank_fen - after.bank_fen, allocation.fund_fen);
        let kinds: Vec<String> = town
            .events_of(&draw.draw_id)
            .await
            .into_iter()
            .map(|event| event.0)
            .collect();
        let story = [
            "DrawProposed",
            "DrawVoteRequested",
            "DrawReserved",
            "DrawAccepted",
            "DrawPaid",
        ];
        assert_eq!(kinds, story);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_pays_once() {
    each(async |town| {
        town.endow().await;
        let draw = town.reserved(&["3"], 1_000_000).await;
        assert_refused(
            town.pay(&draw.draw_id).await,
            Code::FailedPrecondition,
            "DRAW_WRONG_STATE",
        );
        town.accept(&draw.draw_id, 1_000_000).await.unwrap();
        let message = pb::PayDrawRequest {
            draw_id: draw.draw_id.clone(),
            bank_reference: "B-1".into(),
        };
        let by = async |who: &access::Principal, key: &str| {
            town.client()
                .pay_draw(town.world.request_with_key(who, key, message.clone()))
                .await
        };
        assert_refused(by(&community(), "x").await, Code::PermissionDenied, "NOT_ALLOWED");
        let payer = authority();
        let (a, b) = tokio::join!(by(&payer, "k"), by(&payer, "k"));
        let paid: Vec<pb::Draw> = [a, b]
            .into_iter()
            .flatten()
            .map(tonic::Response::into_inner)
            .collect();
        assert!(!paid.is_empty() && paid.iter().all(|draw| *draw == paid[0]));
        assert_eq!(by(&authority(), "k").await.unwrap().into_inner(), paid[0]);
        assert_refused(
            town.pay(&draw.draw_id).await,
            Code::FailedPrecondition,
            "DRAW_WRONG_STATE",
        );
        assert_eq!(town.trial_balance().await.reserved_fen, 0);
    })
    .await;
}
