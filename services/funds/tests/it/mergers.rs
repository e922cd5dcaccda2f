//! After a merger of divisions the officers of the surviving one see and do what those of the merged one did.

use access::Principal;
use proto::funds::v1 as pb;
use proto::registry::v1 as registry;
use testkit::people;
use tonic::{Code, Status};

use crate::town::*;

const STREET: &str = "330783004";
const HEIR: &str = "330783001";

async fn merge(town: &Town, from: &str, into: &str, on: &str) {
    let event = registry::DivisionsMerged {
        into_code: into.into(),
        from_codes: vec![from.into()],
        effective_on: on.into(),
    };
    // A division stands at version 1 before anything is told of it.
    town.registry(into, 2, &event).await;
}

async fn listed(town: &Town, who: &Principal) -> usize {
    let request = town.world.request(who, pb::ListDrawsRequest::default());
    town.client()
        .list_draws(request)
        .await
        .unwrap()
        .into_inner()
        .draws
        .len()
}

async fn read(town: &Town, who: &Principal, draw_id: &str) -> Result<pb::Draw, Status> {
    let message = pb::GetDrawRequest {
        draw_id: draw_id.into(),
    };
    let answer = town.client().get_draw(town.world.request(who, message)).await;
    answer.map(tonic::Response::into_inner)
}

async fn check(town: &Town, who: &Principal, draw_id: &str) -> Result<pb::Draw, Status> {
    let message = pb::CheckDrawRequest {
        draw_id: draw_id.into(),
        remark: "属实".into(),
    };
    let answer = town.client().check_draw(town.world.request(who, message)).await;
    answer.map(tonic::Response::into_inner)
}

async fn balance(town: &Town, who: &Principal) -> Result<pb::TrialBalance, Status> {
    let message = pb::GetTrialBalanceRequest {
        area_id: area_id().to_string(),
    };
    let answer = town
        .client()
        .get_trial_balance(town.world.request(who, message))
        .await;
    answer.map(tonic::Response::into_inner)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_surviving_street_lists_and_acts_from_the_day_on_and_another_street_does_not() {
    each(async |town| {
        let draw = town.propose(&["3"], 1_000_000).await;
        let id = draw.draw_id.as_str();
        let (heir, stranger) = (people::street(HEIR), people::street("330783003"));
        let auditor = people::auditor(HEIR);
        merge(&town, STREET, HEIR, "2026-04-01").await;
        assert_eq!(listed(&town, &heir).await, 0, "not yet");
        assert_refused(read(&town, &heir, id).await, Code::NotFound, "DRAW_NOT_FOUND");
        assert_refused(check(&town, &heir, id).await, Code::NotFound, "DRAW_NOT_FOUND");
        assert_refused(balance(&town, &heir).await, Code::NotFound, "AREA_NOT_FOUND");

        // The first instant of 1 April in China.
        town.world
            .advance_to("2026-03-31T16:00:00Z".parse().unwrap())
            .await;
        for (who, seen) in [(&heir, 1), (&people::street(STREET), 1), (&stranger, 0)] {
            assert_eq!(listed(&town, who).await, seen, "{who:?}");
        }
        assert_refused(read(&town, &stranger, id).await, Code::NotFound, "DRAW_NOT_FOUND");
        assert_refused(
            check(&town, &stranger, id).await,
            Code::NotFound,
            "DRAW_NOT_FOUND",
        );
        assert_eq!(
            read(&town, &heir, id).await.unwrap().division_code,
            COMMUNITY,
            "the draw keeps its place"
        );
        let checked = check(&town, &heir, id).await.unwrap();
        assert_eq!(checked.state(), pb::DrawState::Voting);
        balance(&town, &heir).await.unwrap();
        assert_refused(balance(&town, &stranger).await, Code::NotFound, "AREA_NOT_FOUND");
        town.statement_as(&auditor, "3", "101").await.unwrap();
        assert_refused(
            town.statement_as(&people::auditor("330783003"), "3", "101").await,
            Code::NotFound,
            "HOME_NOT_FOUND",
        );
        town.world.assert_no_dead_letters().await;
    })
    .await;
}
