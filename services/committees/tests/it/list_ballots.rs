//! Lists and single reads: everybody sees what concerns them, and nothing else exists.

use access::Principal;
use chrono::TimeDelta;
use proto::committees::v1 as pb;
use testkit::people;
use tonic::Code;

use crate::stage::{
    COMMUNITY, OTHER_STREET, STREET, Stage, area, at, community, developer, elsewhere, home, manager,
    on_each, owner, proposal, refused, tally,
};

async fn titles(stage: &Stage, who: &Principal) -> Vec<String> {
    let page = stage.list(who, pb::ListBallotsRequest::default()).await.unwrap();
    page.ballots.into_iter().map(|ballot| ballot.title).collect()
}

fn titled(title: &str) -> pb::PrepareBallotRequest {
    pb::PrepareBallotRequest {
        title: title.into(),
        ..proposal()
    }
}

/// One ballot here, one elsewhere.
async fn two_places(stage: &Stage) -> (pb::Ballot, pb::Ballot) {
    let here = stage.prepare(&community(), titled("此处")).await.unwrap();
    stage.world.advance_to(at("2026-03-02T01:00:01Z")).await;
    let mut there = titled("彼处");
    let scope = there.scope.as_mut().unwrap();
    scope.area_id = elsewhere().to_string();
    scope.building_ids.clear();
    let there = stage.prepare(&people::street(OTHER_STREET), there).await.unwrap();
    (here, there)
}

#[tokio::test]
async fn everybody_sees_the_ballots_that_concern_them_in_lists_and_alone() {
    on_each(async |stage| {
        let (here, there) = two_places(stage).await;
        let both: &[&str] = &["彼处", "此处"];
        let callers: [(Principal, &[&str]); 13] = [
            (community(), &["此处"]),
            (people::street(STREET), &["此处"]),
            (people::street(OTHER_STREET), &["彼处"]),
            (people::authority("330783"), both),
            (people::auditor("330783"), both),
            (people::auditor(OTHER_STREET), &["彼处"]),
            (people::committee_member(area()), &["此处"]),
            (people::committee_member(elsewhere()), &["彼处"]),
            (owner("A"), &["此处"]),
            (owner("D"), &["此处"]),
            (owner("Z"), &[]),
            (people::firm(manager()), &["此处"]),
            (people::firm(developer()), &["此处"]),
        ];
        for (who, visible) in callers {
            assert_eq!(titles(stage, &who).await, visible, "{who:?}");
            for ballot in [&here, &there] {
                let read = stage.get(&who, &ballot.ballot_id).await;
                match visible.contains(&ballot.title.as_str()) {
                    true => assert_eq!(read.unwrap().ballot_id, ballot.ballot_id),
                    false => refused(read, "BALLOT_NOT_FOUND", Code::NotFound),
                }
            }
        }
        for outsider in [people::administrator(), people::department("330783")] {
            let refusal = stage.list(&outsider, pb::ListBallotsRequest::default()).await;
            refused(refusal, "NOT_ALLOWED", Code::PermissionDenied);
            refused(
                stage.get(&outsider, &here.ballot_id).await,
                "BALLOT_NOT_FOUND",
                Code::NotFound,
            );
        }
    })
    .await;
}

#[tokio::test]
async fn roles_add_up() {
    on_each(async |stage| {
        two_places(stage).await;
        let both = owner("A")
            .with_role(access::Role::CommitteeMember)
            .with_committee_of(elsewhere());
        assert_eq!(titles(stage, &both).await, ["彼处", "此处"]);
        // What a token says without the role to it opens nothing.
        let roleless = owner("Z").with_jurisdiction("330783".parse().unwrap());
        assert_eq!(titles(stage, &roleless).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn lists_are_narrowed_by_area_and_state_and_carry_turnout() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        stage.prepare(&community(), titled("另一件")).await.unwrap();
        stage
            .vote(&owner("A"), &ballot.ballot_id, home(1), pb::Choice::For)
            .await
            .unwrap();
        let list = async |request| stage.list(&community(), request).await.unwrap().ballots;
        let announced = pb::ListBallotsRequest {
            state: pb::BallotState::Announced.into(),
            ..Default::default()
        };
        let announced = list(announced).await;
        assert_eq!(announced.len(), 1);
        assert_eq!(
            (announced[0].turnout, &announced[0].result),
            (tally(1, 20_000), &None)
        );
        assert_eq!(
            announced[0],
            stage.get(&community(), &ballot.ballot_id).await.unwrap()
        );
        let of_area = |area_id: ids::AreaId| pb::ListBallotsRequest {
            area_id: area_id.to_string(),
            ..Default::default()
        };
        assert_eq!(list(of_area(area())).await.len(), 2);
        assert_eq!(list(of_area(elsewhere())).await.len(), 0);
        let nonsense = pb::ListBallotsRequest {
            state: 99,
            ..Default::default()
        };
        refused(
            stage.list(&community(), nonsense).await,
            "STATE_UNKNOWN",
            Code::InvalidArgument,
        );
    })
    .await;
}

#[tokio::test]
async fn pages_go_from_the_newest_to_the_oldest_without_gaps() {
    on_each(async |stage| {
        let mut expected = Vec::new();
        for number in 0..7 {
            expected.insert(0, number.to_string());
            stage
                .prepare(&community(), titled(&number.to_string()))
                .await
                .unwrap();
            // Two at each instant: the id decides between them.
            if number % 2 == 1 {
                stage.world.clock.advance(TimeDelta::seconds(1)).unwrap();
            }
        }
        let mut seen = Vec::new();
        let mut token = String::new();
        loop {
            let request = pb::ListBallotsRequest {
                page_size: 3,
                page_token: token,
                ..Default::default()
            };
            let page = stage.list(&community(), request).await.unwrap();
            seen.extend(page.ballots.into_iter().map(|ballot| ballot.title));
            token = page.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(seen, expected);
        let foreign = pb::ListBallotsRequest {
            page_token: "Zm9yZWlnbg".into(),
            ..Default::default()
        };
        refused(
            stage.list(&community(), foreign).await,
            "PAGE_TOKEN_INVALID",
            Code::InvalidArgument,
        );
        let huge = pb::ListBallotsRequest {
            page_size: 501,
            ..Default::default()
        };
        refused(
            stage.list(&community(), huge).await,
            "PAGE_SIZE_INVALID",
            Code::InvalidArgument,
        );
    })
    .await;
}

#[tokio::test]
async fn a_page_of_long_proposals_ends_early_and_goes_on() {
    on_each(async |stage| {
        // 60,000 bytes each: seventy of them are more than a page may carry.
        for number in 0..75 {
            let long = pb::PrepareBallotRequest {
                text: "字".repeat(20_000),
                ..titled(&number.to_string())
            };
            stage.prepare(&community(), long).await.unwrap();
        }
        let request = pb::ListBallotsRequest {
            page_size: 500,
            ..Default::default()
        };
        let first = stage.list(&community(), request.clone()).await.unwrap();
        assert!(first.ballots.len() < 75 && !first.next_page_token.is_empty());
        let request = pb::ListBallotsRequest {
            page_token: first.next_page_token,
            ..request
        };
        let second = stage.list(&community(), request).await.unwrap();
        assert_eq!(
            (
                first.ballots.len() + second.ballots.len(),
                second.next_page_token.as_str()
            ),
            (75, "")
        );
    })
    .await;
}

#[tokio::test]
async fn own_votes_are_a_line_a_head_cast_or_not() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        let id = ballot.ballot_id.as_str();
        let cast = stage
            .vote(&owner("B"), id, home(3), pb::Choice::Against)
            .await
            .unwrap();
        let lines = stage.own_votes(&owner("B"), id).await.unwrap();
        let [alone, together] = lines.as_slice() else {
            panic!("{lines:?}")
        };
        assert_eq!(*alone, cast);
        let not_cast = pb::Vote {
            ballot_id: id.into(),
            home_ids: vec![home(4).to_string()],
            area: 10_000,
            head_key: "B+C".into(),
            may_cast: true,
            ..Default::default()
        };
        assert_eq!(*together, not_cast);
        let developers = stage.own_votes(&people::firm(developer()), id).await.unwrap();
        assert_eq!(
            (developers.len(), developers[0].home_ids.len(), developers[0].area),
            (1, 2, 20_000)
        );
        // In the area, and not on the roll of this building.
        assert_eq!(stage.own_votes(&owner("D"), id).await.unwrap(), []);
        refused(
            stage.own_votes(&owner("Z"), id).await,
            "BALLOT_NOT_FOUND",
            Code::NotFound,
        );
        refused(
            stage.own_votes(&community(), id).await,
            "NOT_ALLOWED",
            Code::PermissionDenied,
        );
        let prepared = stage.prepared().await;
        assert_eq!(
            stage.own_votes(&owner("A"), &prepared.ballot_id).await.unwrap(),
            []
        );
    })
    .await;
}

#[tokio::test]
async fn an_officer_of_a_division_with_a_longer_code_is_not_let_in_by_its_beginning() {
    on_each(async |stage| {
        stage.prepared().await;
        let neighbour = people::community("330783004001");
        assert_eq!(titles(stage, &neighbour).await, Vec::<String>::new());
        assert_eq!(titles(stage, &people::community(COMMUNITY)).await.len(), 1);
    })
    .await;
}
