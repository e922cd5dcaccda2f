//! Checking a draw: the story, the refusals, the repeat.

use proto::funds::v1 as pb;
use testkit::people;
use tonic::Code;

use crate::town::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_community_hands_a_draw_to_the_owners_once() {
    each(async |town| {
        let draw = town.propose(&["3"], 1_000_000).await;
        let checked = town.check(&draw.draw_id).await.unwrap();
        assert_eq!((checked.state(), checked.version), (pb::DrawState::Voting, 2));
        assert_refused(
            town.check(&draw.draw_id).await,
            Code::FailedPrecondition,
            "DRAW_WRONG_STATE",
        );
        let kinds = town.events_of(&draw.draw_id).await;
        assert_eq!(
            kinds,
            [
                ("DrawProposed".to_owned(), 1),
                ("DrawVoteRequested".to_owned(), 2)
            ]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_street_does_not_even_learn_that_the_draw_exists() {
    each(async |town| {
        let draw = town.propose(&["3"], 1_000_000).await;
        let check = async |who: &access::Principal, draw_id: &str| {
            let message = pb::CheckDrawRequest {
                draw_id: draw_id.into(),
                remark: String::new(),
            };
            town.client().check_draw(town.world.request(who, message)).await
        };
        let stranger = people::street("330783005");
        assert_refused(
            check(&stranger, &draw.draw_id).await,
            Code::NotFound,
            "DRAW_NOT_FOUND",
        );
        let get = pb::GetDrawRequest {
            draw_id: draw.draw_id.clone(),
        };
        let seen = town.client().get_draw(town.world.request(&stranger, get)).await;
        assert_refused(seen, Code::NotFound, "DRAW_NOT_FOUND");
        let unknown = ids::DrawId::generate().to_string();
        assert_refused(
            check(&community(), &unknown).await,
            Code::NotFound,
            "DRAW_NOT_FOUND",
        );
        assert_refused(
            check(&manager(), &draw.draw_id).await,
            Code::PermissionDenied,
            "NOT_ALLOWED",
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_checks_at_once_one_takes_effect() {
    each(async |town| {
        let draw = town.propose(&["3"], 1_000_000).await;
        let (a, b) = tokio::join!(town.check(&draw.draw_id), town.check(&draw.draw_id));
        assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
        assert_eq!(town.events_of(&draw.draw_id).await.len(), 2);
    })
    .await;
}
