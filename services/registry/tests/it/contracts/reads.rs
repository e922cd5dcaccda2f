//! Lists of contracts: filters, pages, and who sees what.

use access::Principal;
use proto::registry::v1 as pb;
use testkit::people;
use tonic::Status;

use super::desk::*;
use crate::world::*;

async fn list(
    desk: &Desk,
    caller: &Principal,
    query: pb::ListContractsRequest,
) -> Result<pb::ListContractsResponse, Status> {
    let request = desk.request(caller, query);
    Ok(desk.client().list_contracts(request).await?.into_inner())
}

async fn ids_of(desk: &Desk, caller: &Principal, query: pb::ListContractsRequest) -> Vec<String> {
    let found = list(desk, caller, query).await.unwrap().contracts;
    found.into_iter().map(|contract| contract.contract_id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_by_area_firm_state_and_end_and_paged_without_a_gap() {
    each(async |desk| {
        let first = desk.record(manager(), "2024-01-01", "2026-12-31").await;
        let next = desk.record(rival(), "2027-01-01", "").await;
        let (first, next) = (first.contract_id, next.contract_id);
        let by = authority();
        let none = pb::ListContractsRequest::default;
        assert_eq!(
            ids_of(&desk, &by, none()).await,
            [next.clone(), first.clone()],
            "newest first"
        );
        let mut signed = none();
        signed.set_state(pb::ContractState::Signed);
        assert_eq!(ids_of(&desk, &by, signed).await, std::slice::from_ref(&next));
        let of_firm = pb::ListContractsRequest {
            firm_id: manager().to_string(),
            area_id: area().to_string(),
            ..none()
        };
        assert_eq!(ids_of(&desk, &by, of_firm).await, std::slice::from_ref(&first));
        for (day, expected) in [("2027-01-01", vec![first.clone()]), ("2026-12-31", vec![])] {
            let ending = pb::ListContractsRequest {
                ending_before: day.into(),
                ..none()
            };
            assert_eq!(ids_of(&desk, &by, ending).await, expected);
        }
        let page = pb::ListContractsRequest {
            page_size: 1,
            ..none()
        };
        let one = list(&desk, &by, page.clone()).await.unwrap();
        assert_eq!(one.contracts[0].contract_id, next);
        let rest = pb::ListContractsRequest {
            page_token: one.next_page_token,
            ..page
        };
        let two = list(&desk, &by, rest).await.unwrap();
        assert_eq!(two.contracts[0].contract_id, first);
        assert!(two.next_page_token.is_empty());
        let forged = pb::ListContractsRequest {
            page_token: "eA".into(),
            ..none()
        };
        assert_eq!(refused(list(&desk, &by, forged).await), "PAGE_TOKEN_INVALID");
        let unknown = pb::ListContractsRequest { state: 99, ..none() };
        assert_eq!(refused(list(&desk, &by, unknown).await), "STATE_UNKNOWN");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_parties_and_officers_of_the_area_read_its_contracts_and_nobody_else() {
    each(async |desk| {
        let contract = desk.record(manager(), "2024-01-01", "2026-12-31").await;
        let id = contract.contract_id.as_str();
        let query = pb::ListContractsRequest::default;
        for reader in [
            people::owner(owner(1001)),
            committee(),
            people::firm(manager()),
            people::firm(developer()),
            people::community(COMMUNITY),
            street(),
            authority(),
            people::auditor(CITY),
        ] {
            let found = desk.get_as(&reader, id).await.unwrap();
            assert_eq!(found.contract_id, id);
            assert_eq!(ids_of(&desk, &reader, query()).await, [id], "{reader:?}");
        }
        for stranger in [
            people::owner(owner(4001)),
            people::committee_member(ids::AreaId::derive("elsewhere")),
            people::firm(rival()),
            people::community(OTHER_COMMUNITY),
            people::street(OTHER_STREET),
        ] {
            assert_eq!(refused(desk.get_as(&stranger, id).await), "CONTRACT_NOT_FOUND");
            assert!(ids_of(&desk, &stranger, query()).await.is_empty(), "{stranger:?}");
        }
        for nobody in [people::department(CITY), people::administrator()] {
            assert_eq!(refused(list(&desk, &nobody, query()).await), "NOT_ALLOWED");
        }
    })
    .await;
}
