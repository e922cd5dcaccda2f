//! Who takes part in which role and territory, and what each sees in a list.

use access::Principal;
use proto::registry::v1 as pb;
use testkit::people;
use tonic::Status;

use super::land::*;
use crate::world::*;

async fn list(land: &Land, caller: &Principal, state: pb::RegroupingState) -> Result<Vec<String>, Status> {
    let mut message = pb::ListRegroupingsRequest {
        state: state.into(),
        page_size: 1,
        page_token: String::new(),
    };
    let mut found = Vec::new();
    loop {
        let request = land.desk.request(caller, message.clone());
        let page = land.client().list_regroupings(request).await?.into_inner();
        found.extend(page.regroupings.into_iter().map(|one| one.regrouping_id));
        message.page_token = page.next_page_token;
        if message.page_token.is_empty() {
            return Ok(found);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_an_area_concerns_sees_it_and_strangers_know_nothing() {
    each(async |land| {
        let id = land.proposed(merger()).await.regrouping_id;
        let open = pb::RegroupingState::Consenting;
        for reader in [
            committee_of(AREA),
            committee_of(OTHER),
            people::owner(owner(1001)),
            people::owner(owner(8001)),
            people::firm(developer()),
            people::firm(manager()),
            people::community(COMMUNITY),
            street(),
            authority(),
            people::auditor(CITY),
        ] {
            land.get_as(&reader, &id).await.unwrap();
            assert_eq!(
                list(&land, &reader, open).await.unwrap(),
                std::slice::from_ref(&id)
            );
            let none = list(&land, &reader, pb::RegroupingState::Approved).await;
            assert!(none.unwrap().is_empty());
        }
        for stranger in [
            committee_of(SITE),
            people::owner(owner(9)),
            people::firm(crate::contracts::desk::rival()),
            people::community(OTHER_COMMUNITY),
            people::street(OTHER_STREET),
            people::authority("330782"),
        ] {
            assert_eq!(refused(land.get_as(&stranger, &id).await), "REGROUPING_NOT_FOUND");
            let ballot = unknown_ballot();
            for answer in [
                land.consent_as(&stranger, &id, AREA, &ballot).await,
                land.opine_as(&stranger, &id, true).await,
                land.decide_as(&stranger, approval(&id)).await,
                land.withdraw_as(&stranger, &id).await,
            ] {
                assert_eq!(refused(answer), "REGROUPING_NOT_FOUND");
            }
            let listed = list(&land, &stranger, pb::RegroupingState::Unspecified).await;
            assert!(listed.unwrap().is_empty());
        }
        for nobody in [people::department(CITY), people::administrator()] {
            let listed = list(&land, &nobody, pb::RegroupingState::Unspecified).await;
            assert_eq!(refused(listed), "NOT_ALLOWED");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_takes_part_in_the_own_role() {
    each(async |land| {
        for stranger in [
            committee_of(SITE),
            people::street(OTHER_STREET),
            people::authority("330782"),
        ] {
            let answer = land.propose_as(&stranger, merger()).await;
            assert_eq!(refused(answer), "AREA_NOT_FOUND");
        }
        for other in [people::owner(owner(1001)), people::firm(manager())] {
            let answer = land.propose_as(&other, merger()).await;
            assert_eq!(refused(answer), "NOT_ALLOWED");
        }
        let id = land
            .propose_as(&committee_of(OTHER), merger())
            .await
            .unwrap()
            .regrouping_id;
        for other in [committee_of(AREA), street(), people::firm(developer())] {
            let answer = land.decide_as(&other, approval(&id)).await;
            assert_eq!(refused(answer), "NOT_ALLOWED");
        }
        for other in [committee_of(AREA), authority(), people::owner(owner(1001))] {
            let answer = land.opine_as(&other, &id, true).await;
            assert_eq!(refused(answer), "NOT_ALLOWED");
        }
        // One area does not agree for the other, nor take back what the other proposed.
        let ballot = land.agreed(AREA, "yes").await;
        let answer = land.consent_as(&committee_of(OTHER), &id, AREA, &ballot).await;
        assert_eq!(refused(answer), "NOT_ALLOWED");
        let answer = land.withdraw_as(&committee_of(AREA), &id).await;
        assert_eq!(refused(answer), "NOT_ALLOWED");
        land.consent_as(&people::community(COMMUNITY), &id, AREA, &ballot)
            .await
            .unwrap();
        let heard = land
            .opine_as(&people::community(COMMUNITY), &id, false)
            .await
            .unwrap();
        let heard = &heard.opinions[0];
        assert_eq!(
            (heard.giver(), heard.division_code.as_str()),
            (pb::OpinionGiver::Community, COMMUNITY)
        );
        land.withdraw_as(&committee_of(OTHER), &id).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_goes_page_by_page_from_the_latest() {
    each(async |land| {
        let mut ids = Vec::new();
        for _ in 0..3 {
            let id = land.proposed(merger()).await.regrouping_id;
            land.withdraw_as(&authority(), &id).await.unwrap();
            ids.insert(0, id);
        }
        let all = list(&land, &authority(), pb::RegroupingState::Unspecified).await;
        assert_eq!(all.unwrap(), ids);
        let message = pb::ListRegroupingsRequest {
            page_token: "x".into(),
            ..Default::default()
        };
        let request = land.desk.request(&authority(), message);
        assert_eq!(
            refused(land.client().list_regroupings(request).await),
            "PAGE_TOKEN_INVALID"
        );
        let message = pb::ListRegroupingsRequest {
            state: 99,
            ..Default::default()
        };
        let request = land.desk.request(&authority(), message);
        assert_eq!(
            refused(land.client().list_regroupings(request).await),
            "REGROUPING_STATE_UNKNOWN"
        );
    })
    .await;
}
