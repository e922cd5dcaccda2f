//! Delineations: who takes part in which role and territory, and what each sees in a list.

use access::Principal;
use proto::registry::v1 as pb;
use proto::registry::v1::delineation_service_client::DelineationServiceClient;
use testkit::{backends, people};
use tonic::Status;

use crate::delineations::{application, apply, get, opine, question, send, with_firms};
use crate::world::*;

const NUMBER: &str = "330783004015-0002";

#[tokio::test(flavor = "multi_thread")]
async fn each_takes_part_in_the_own_role_and_territory_and_strangers_know_nothing() {
    for backend in backends().await {
        let registry = with_firms(backend).await;
        let open = apply(&registry, "a", application(NUMBER)).await.unwrap();
        let id = open.delineation_id;
        for reader in [
            people::firm(developer()),
            people::street(STREET),
            people::community(COMMUNITY),
            people::department(CITY),
            people::auditor(CITY),
        ] {
            get(&registry, &reader, &id).await.unwrap();
            let listed = list(&registry, &reader, pb::DelineationState::Applied).await;
            assert_eq!(listed.unwrap(), std::slice::from_ref(&id));
        }
        for stranger in [
            people::firm(manager()),
            people::street(OTHER_STREET),
            people::community(OTHER_COMMUNITY),
            people::authority("330782"),
        ] {
            assert_eq!(
                refused(get(&registry, &stranger, &id).await),
                "DELINEATION_NOT_FOUND"
            );
            assert_eq!(
                refused(opine(&registry, &stranger, &id, true).await),
                "DELINEATION_NOT_FOUND"
            );
            let listed = list(&registry, &stranger, pb::DelineationState::Unspecified).await;
            assert!(listed.unwrap().is_empty());
        }
        let firm = people::firm(developer());
        assert_eq!(refused(opine(&registry, &firm, &id, true).await), "NOT_ALLOWED");
        let message = pb::DecideDelineationRequest {
            delineation_id: id.clone(),
            approve: true,
            ..Default::default()
        };
        for other in [people::street(STREET), firm, people::department(CITY)] {
            let answer = send!(registry, &other, "d", decide_delineation, message.clone());
            assert_eq!(refused(answer), "NOT_ALLOWED");
        }
        for other in [people::authority(CITY), people::department("330782")] {
            let answer = send!(registry, &other, "q", consult_on_design, question());
            assert_eq!(refused(answer), "NOT_ALLOWED");
        }
        let owner = people::administrator();
        let listed = list(&registry, &owner, pb::DelineationState::Unspecified).await;
        assert_eq!(refused(listed), "NOT_ALLOWED");
        let none = list(&registry, &people::street(STREET), pb::DelineationState::Approved).await;
        assert!(none.unwrap().is_empty());
    }
}

async fn list(
    registry: &TestRegistry,
    caller: &Principal,
    state: pb::DelineationState,
) -> Result<Vec<String>, Status> {
    let mut found = Vec::new();
    let mut message = pb::ListDelineationsRequest {
        state: state.into(),
        page_size: 1,
        page_token: String::new(),
    };
    loop {
        let page = send!(registry, caller, "r", list_delineations, message.clone())?;
        found.extend(page.delineations.into_iter().map(|one| one.delineation_id));
        message.page_token = page.next_page_token;
        if message.page_token.is_empty() {
            return Ok(found);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_goes_page_by_page_from_the_latest() {
    for backend in backends().await {
        let registry = with_firms(backend).await;
        let mut ids = Vec::new();
        for number in 1..=3 {
            let message = application(&format!("n-{number}"));
            let open = apply(&registry, &format!("k{number}"), message).await.unwrap();
            ids.insert(0, open.delineation_id);
        }
        let all = pb::DelineationState::Unspecified;
        let listed = list(&registry, &people::authority(CITY), all).await.unwrap();
        assert_eq!(listed, ids);
    }
}
