//! The same request twice, the same key for another, two requests at the same moment, an event delivered twice.

use proto::committees::v1::Matter;
use proto::registry::v1 as pb;
use testkit::people;

use super::desk::*;
use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_gets_the_first_answer_and_the_key_takes_nothing_else() {
    each(async |desk| {
        let message = pb::RecordContractRequest {
            area_id: area().to_string(),
            firm_id: manager().to_string(),
            terms: Some(terms("2024-01-01", "2026-12-31")),
            ballot_id: desk.hired("b").await,
        };
        let send = async |message: pb::RecordContractRequest| {
            let world = &desk.registry.world;
            let request = world.request_with_key(&committee(), "k", message);
            let answer = desk.client().record_contract(request).await;
            answer.map(tonic::Response::into_inner)
        };
        let first = send(message.clone()).await.unwrap();
        let events = desk.registry.outbox().await.len();
        assert_eq!(send(message.clone()).await.unwrap(), first);
        assert_eq!(desk.registry.outbox().await.len(), events);
        let other = pb::RecordContractRequest {
            firm_id: rival().to_string(),
            ..message
        };
        assert_eq!(refused(send(other).await), "IDEMPOTENCY_KEY_REUSED");

        let firm = people::firm(manager());
        let decline = pb::DeclineRenewalRequest {
            contract_id: first.contract_id,
            noticed_on: TODAY.into(),
        };
        let send = async || {
            let world = &desk.registry.world;
            let request = world.request_with_key(&firm, "k", decline.clone());
            desk.client().decline_renewal(request).await
        };
        let first = send().await.unwrap().into_inner();
        assert_eq!(send().await.unwrap().into_inner(), first);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_contracts_for_one_area_at_the_same_moment_one_stands() {
    each(async |desk| {
        let (one, other) = (desk.hired("one").await, desk.hired("other").await);
        let committee = committee();
        let (first, second) = tokio::join!(
            desk.record_as(&committee, manager(), terms("2026-03-01", "2028-12-31"), &one),
            desk.record_as(&committee, rival(), terms("2026-03-01", "2028-12-31"), &other)
        );
        assert_eq!(
            usize::from(first.is_ok()) + usize::from(second.is_ok()),
            1,
            "{first:?} {second:?}"
        );
        let won = first.as_ref().or(second.as_ref()).unwrap().firm_id.clone();
        let lost = if first.is_ok() { second } else { first };
        let reason = refused(lost);
        assert!(reason == "AREA_HAS_CONTRACT" || reason == "CONFLICT", "{reason}");
        assert_eq!(desk.manager().await, won);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_dismissal_and_a_notice_of_the_firm_at_the_same_moment_both_are_heard_or_one_repeats() {
    each(async |desk| {
        let contract = desk.record(manager(), "2024-01-01", "2026-12-31").await;
        let id = contract.contract_id.as_str();
        let ballot = desk.hired("dismissal").await;
        let (committee, firm) = (committee(), people::firm(manager()));
        let (dismissed, declined) = tokio::join!(
            desk.dismiss_as(&committee, id, &ballot, TODAY),
            desk.decline(&firm, id, TODAY)
        );
        // A dismissal shortens the firm's notice; the firm's notice after a dismissal has nothing to say.
        if let Err(status) = dismissed {
            assert_eq!(rpc::failure::reason_of(&status), "CONFLICT");
            desk.dismiss_as(&committee, id, &ballot, TODAY).await.unwrap();
        }
        if let Err(status) = declined {
            let reason = rpc::failure::reason_of(&status);
            assert!(
                reason == "CONTRACT_WRONG_STATE" || reason == "CONFLICT",
                "{reason}"
            );
        }
        let after = desk.get(id).await;
        assert_eq!(after.ends_on, "2026-05-01");
        let versions: Vec<i64> = desk.told(id).await.iter().map(|(_, version)| *version).collect();
        assert_eq!(versions, (1..=after.version).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_delivered_twice_is_known_once() {
    each(async |desk| {
        let id = desk.decided("b", Matter::PropertyFirm, true).await;
        desk.tell(ballot("b", Matter::PropertyFirm, true)).await;
        let recorded = desk
            .record_as(&committee(), manager(), terms("2024-01-01", "2026-12-31"), &id)
            .await;
        recorded.unwrap();
        desk.registry.world.assert_no_dead_letters().await;
    })
    .await;
}
