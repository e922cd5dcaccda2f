//! The same request twice, the same key for another, and two at the same moment.

use proto::committees::v1::Matter;
use proto::registry::v1 as pb;
use proto::registry::v1::contract_service_client::ContractServiceClient;

use super::land::*;
use crate::contracts::desk::{rival, terms};
use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_gets_the_first_answer_and_the_key_takes_nothing_else() {
    each(async |land| {
        let world = &land.registry().world;
        let propose = async |message: pb::ProposeRegroupingRequest| {
            let request = world.request_with_key(&authority(), "p", message);
            land.client().propose_regrouping(request).await
        };
        let first = propose(merger()).await.unwrap().into_inner();
        assert_eq!(propose(merger()).await.unwrap().into_inner(), first);
        assert_eq!(refused(propose(split(&["2"])).await), "IDEMPOTENCY_KEY_REUSED");
        let id = first.regrouping_id.as_str();
        let ballot = land.agreed(AREA, "yes").await;
        let consent = async || {
            let message = pb::RecordRegroupingConsentRequest {
                regrouping_id: id.into(),
                area_id: area().to_string(),
                ballot_id: ballot.clone(),
            };
            let request = world.request_with_key(&committee_of(AREA), "c", message);
            land.client()
                .record_regrouping_consent(request)
                .await
                .unwrap()
                .into_inner()
        };
        assert_eq!(consent().await, consent().await);
        land.consent(id, OTHER).await;
        let opine = async || {
            let message = pb::GiveRegroupingOpinionRequest {
                regrouping_id: id.into(),
                agrees: true,
                text: "同意".into(),
            };
            let request = world.request_with_key(&street(), "o", message);
            land.client()
                .give_regrouping_opinion(request)
                .await
                .unwrap()
                .into_inner()
        };
        assert_eq!(opine().await, opine().await);
        let decide = async || {
            let request = world.request_with_key(&authority(), "d", approval(id));
            land.client()
                .decide_regrouping(request)
                .await
                .unwrap()
                .into_inner()
        };
        let done = decide().await;
        let events = land.registry().outbox().await.len();
        assert_eq!(decide().await, done);
        assert_eq!(land.registry().outbox().await.len(), events);
        let next = land.proposed(split(&["2"])).await.regrouping_id;
        let withdraw = async || {
            let message = pb::WithdrawRegroupingRequest {
                regrouping_id: next.clone(),
                reason: "理由".into(),
            };
            let request = world.request_with_key(&authority(), "w", message);
            land.client()
                .withdraw_regrouping(request)
                .await
                .unwrap()
                .into_inner()
        };
        assert_eq!(withdraw().await, withdraw().await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_approvals_at_the_same_moment_one_moves_the_buildings() {
    each(async |land| {
        let id = land.merger_to_decide().await;
        let (one, two) = tokio::join!(land.approve(&id), land.approve(&id));
        assert_eq!(
            usize::from(one.is_ok()) + usize::from(two.is_ok()),
            1,
            "{one:?} {two:?}"
        );
        let lost = if one.is_ok() { two } else { one };
        let reason = refused(lost);
        // The slower one may also find the area ended before it finds the regrouping decided.
        let known = ["REGROUPING_WRONG_STATE", "CONFLICT", "AREA_ENDED"];
        assert!(known.contains(&reason.as_str()), "{reason}");
        let told = land.registry().told_of("BuildingMoved").await;
        assert_eq!(told.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_proposals_for_one_area_at_the_same_moment_one_is_open() {
    each(async |land| {
        let authority = authority();
        let (one, two) = tokio::join!(
            land.propose_as(&authority, merger()),
            land.propose_as(&authority, split(&["2"]))
        );
        assert_eq!(
            usize::from(one.is_ok()) + usize::from(two.is_ok()),
            1,
            "{one:?} {two:?}"
        );
        let reason = refused(if one.is_ok() { two } else { one });
        assert!(
            reason == "AREA_REGROUPING_OPEN" || reason == "CONFLICT",
            "{reason}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_and_a_contract_at_the_same_moment_never_leave_a_contract_in_an_ended_area() {
    each(async |land| {
        let ballot = land.decided(OTHER, "hire", Matter::PropertyFirm, true).await;
        let id = land.merger_to_decide().await;
        let message = pb::RecordContractRequest {
            area_id: other().to_string(),
            firm_id: rival().to_string(),
            terms: Some(terms("2026-03-01", "2028-12-31")),
            ballot_id: ballot,
        };
        let request = land.desk.request(&committee_of(OTHER), message);
        let mut client = ContractServiceClient::new(land.registry().peer());
        let (approved, contract) = tokio::join!(land.approve(&id), client.record_contract(request));
        let has_ended = !land.area(OTHER).await.ended_on.is_empty();
        assert_eq!(approved.is_ok(), has_ended);
        assert_ne!(has_ended, contract.is_ok(), "{approved:?} {contract:?}");
        let reason = match (approved, contract) {
            (Ok(_), contract) => refused(contract),
            (approved, _) => refused(approved),
        };
        let known = ["AREA_ENDED", "AREA_CONTRACT_BINDS", "CONFLICT"];
        assert!(known.contains(&reason.as_str()), "{reason}");
    })
    .await;
}
