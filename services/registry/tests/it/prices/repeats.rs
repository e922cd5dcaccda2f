//! The same request twice, the same key for another, two requests at the same moment.

use proto::committees::v1::Matter;
use proto::registry::v1 as pb;

use super::counter::*;
use crate::contracts::desk::{authority, committee};
use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_gets_the_first_answer_and_the_key_takes_nothing_else() {
    each(async |counter| {
        let world = &counter.desk.registry.world;
        let record = async |message| {
            let request = world.request_with_key(&authority(), "k", message);
            let answer = counter.client().record_fee_standard(request).await;
            answer.map(tonic::Response::into_inner)
        };
        let first = record(standard(140, "2024-01-01")).await.unwrap();
        assert_eq!(record(standard(140, "2024-01-01")).await.unwrap(), first);
        let another = record(standard(141, "2024-01-01")).await;
        assert_eq!(refused(another), "IDEMPOTENCY_KEY_REUSED");

        let propose = async |message| {
            let request = world.request_with_key(&firm(), "k", message);
            let answer = counter.client().propose_price_adjustment(request).await;
            answer.map(tonic::Response::into_inner)
        };
        let proposed = propose(proposal()).await.unwrap();
        assert_eq!(propose(proposal()).await.unwrap(), proposed);
        let other = pb::ProposePriceAdjustmentRequest {
            reason: "其他理由".into(),
            ..proposal()
        };
        assert_eq!(refused(propose(other).await), "IDEMPOTENCY_KEY_REUSED");

        let id = proposed.adjustment_id.as_str();
        let publish = async |on: &str| {
            let message = pb::PublishPriceAdjustmentRequest {
                adjustment_id: id.into(),
                published_on: on.into(),
            };
            let request = world.request_with_key(&committee(), "p", message);
            let answer = counter.client().publish_price_adjustment(request).await;
            answer.map(tonic::Response::into_inner)
        };
        let published = publish(TODAY).await.unwrap();
        counter.desk.at("2026-04-02").await;
        assert_eq!(publish(TODAY).await.unwrap(), published, "also after it went on");
        assert_eq!(refused(publish("2026-03-01").await), "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(counter.desk.told(id).await.len(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_plans_or_prices_at_the_same_moment_one_stands() {
    each(async |counter| {
        let (one, two) = tokio::join!(
            counter.record(standard(140, "2024-01-01")),
            counter.record(standard(150, "2024-01-01"))
        );
        assert_eq!(
            usize::from(one.is_ok()) + usize::from(two.is_ok()),
            1,
            "{one:?} {two:?}"
        );
        let reason = refused(if one.is_ok() { two } else { one });
        assert!(
            reason == "STANDARD_NOT_AFTER_LAST" || reason == "CONFLICT",
            "{reason}"
        );
        let firm = firm();
        let (one, two) = tokio::join!(
            counter.propose_as(&firm, proposal()),
            counter.propose_as(&firm, proposal())
        );
        assert_eq!(
            usize::from(one.is_ok()) + usize::from(two.is_ok()),
            1,
            "{one:?} {two:?}"
        );
        let reason = refused(if one.is_ok() { two } else { one });
        assert!(reason == "ADJUSTMENT_OPEN" || reason == "CONFLICT", "{reason}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_decision_and_a_withdrawal_at_the_same_moment_one_stands() {
    each(async |counter| {
        let asked = counter.asked().await;
        let id = asked.adjustment_id.as_str();
        let passed = counter.voted("price", Matter::Other, true, "2026-04-02").await;
        let (committee, firm) = (committee(), firm());
        let (decided, withdrawn) = tokio::join!(
            counter.decide_as(&committee, id, &passed),
            counter.withdraw_as(&firm, id)
        );
        assert_ne!(decided.is_ok(), withdrawn.is_ok(), "{decided:?} {withdrawn:?}");
        let prices = if decided.is_ok() {
            ["140 2024-01-01 2026-06-30"]
        } else {
            ["140 2024-01-01"]
        };
        let reason = refused(if decided.is_ok() { withdrawn } else { decided });
        assert!(
            reason == "ADJUSTMENT_WRONG_STATE" || reason == "CONFLICT",
            "{reason}"
        );
        assert_eq!(counter.prices("").await, prices);
        let versions: Vec<i64> = counter
            .desk
            .told(id)
            .await
            .iter()
            .map(|(_, version)| *version)
            .collect();
        assert_eq!(versions, (1..=versions.len() as i64).collect::<Vec<_>>());
    })
    .await;
}
