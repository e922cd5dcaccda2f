//! Lists: pages, filters, and only what the caller may see.

use proto::funds::v1 as pb;
use testkit::people;
use tonic::Code;

use crate::town::*;

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_the_draws_that_concern_them() {
    each(async |town| {
        let third = town.propose(&["3"], 100).await.draw_id;
        let fifth = town.propose(&["5"], 100).await.draw_id;
        let list = async |who: access::Principal| {
            let request = town.world.request(&who, pb::ListDrawsRequest::default());
            let answer = town.client().list_draws(request).await.unwrap().into_inner();
            answer
                .draws
                .into_iter()
                .map(|draw| draw.draw_id)
                .collect::<Vec<_>>()
        };
        let both = [fifth, third];
        for who in [
            community(),
            people::street("330783004"),
            authority(),
            manager(),
            developer(),
            committee(),
        ] {
            assert_eq!(list(who).await, both, "newest first");
        }
        assert_eq!(list(people::owner(owner_of("3", "101"))).await, both[1..]);
        assert_eq!(list(people::owner(owner_of("5", "101"))).await, both[..1]);
        for stranger in [
            people::owner(owner_of("4", "101")),
            people::street("330783005"),
            people::firm(ids::FirmId::derive("stranger")),
            people::committee_member(ids::AreaId::derive("another")),
        ] {
            assert!(list(stranger).await.is_empty());
        }
        let department = people::department("330783");
        let refused = town
            .client()
            .list_draws(town.world.request(&department, pb::ListDrawsRequest::default()))
            .await;
        assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_and_paged() {
    each(async |town| {
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(town.propose(&["3"], 100).await.draw_id);
        }
        town.check(&ids[1]).await.unwrap();
        let list = async |request: pb::ListDrawsRequest| {
            town.client()
                .list_draws(town.world.request(&authority(), request))
                .await
                .map(tonic::Response::into_inner)
        };
        let voting = pb::ListDrawsRequest {
            state: pb::DrawState::Voting.into(),
            ..Default::default()
        };
        assert_eq!(list(voting).await.unwrap().draws.len(), 1);
        let other = ids::AreaId::derive("other").to_string();
        let elsewhere = pb::ListDrawsRequest {
            area_id: other,
            ..Default::default()
        };
        assert!(list(elsewhere).await.unwrap().draws.is_empty());
        let first = list(pb::ListDrawsRequest {
            page_size: 2,
            ..Default::default()
        })
        .await
        .unwrap();
        let token = first.next_page_token.clone();
        let second = list(pb::ListDrawsRequest {
            page_size: 2,
            page_token: token,
            ..Default::default()
        })
        .await
        .unwrap();
        let seen: Vec<_> = first
            .draws
            .iter()
            .chain(&second.draws)
            .map(|draw| draw.draw_id.clone())
            .collect();
        assert_eq!(seen.iter().rev().cloned().collect::<Vec<_>>(), ids);
        assert!(second.next_page_token.is_empty());
        let bad = list(pb::ListDrawsRequest {
            page_token: "AAAA".into(),
            ..Default::default()
        })
        .await;
        assert_refused(bad, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_are_published_to_the_owners_who_pay_and_paged_by_home() {
    each(async |town| {
        town.endow().await;
        let draw = town.reserved(&["3"], 1_000_000).await;
        let list = async |who: &access::Principal, page_token: String| {
            let message = pb::ListSharesRequest {
                draw_id: draw.draw_id.clone(),
                page_size: 2,
                page_token,
            };
            town.client()
                .list_shares(town.world.request(who, message))
                .await
                .map(tonic::Response::into_inner)
        };
        let owner = people::owner(owner_of("3", "102"));
        let first = list(&owner, String::new()).await.unwrap();
        let second = list(&owner, first.next_page_token.clone()).await.unwrap();
        assert_eq!((first.shares.len(), second.shares.len()), (2, 1));
        assert!(second.next_page_token.is_empty());
        list(&committee(), String::new()).await.unwrap();
        let stranger = people::owner(owner_of("5", "101"));
        assert_refused(
            list(&stranger, String::new()).await,
            Code::NotFound,
            "DRAW_NOT_FOUND",
        );
        assert_refused(
            list(&manager(), String::new()).await,
            Code::PermissionDenied,
            "NOT_ALLOWED",
        );
    })
    .await;
}
