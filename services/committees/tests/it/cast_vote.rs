//! Voting: one vote a head, inside the window, by whom it belongs to.

use chrono::TimeDelta;
use futures::future::join_all;
use proto::committees::v1 as pb;
use testkit::people;
use tonic::Code;

use crate::stage::{
    CLOSING, NOTICE, OTHER_STREET, area, at, community, developer, home, manager, on_each, owner, refused,
    tally,
};
use pb::Choice::{Abstain, Against, For};

#[tokio::test]
async fn a_vote_speaks_for_all_homes_of_its_head_and_is_told_without_the_choice() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        let vote = stage
            .vote(&owner("A"), &ballot.ballot_id, home(2), Against)
            .await
            .unwrap();
        let mut homes = vec![home(1).to_string(), home(2).to_string()];
        homes.sort_unstable();
        assert_eq!(
            (vote.area, vote.choice(), &vote.home_ids),
            (20_000, Against, &homes)
        );
        assert_eq!(
            (vote.ballot_id.as_str(), vote.head_key.as_str()),
            (ballot.ballot_id.as_str(), "A")
        );
        assert_eq!(vote.cast_at, Some(at(NOTICE).into()));
        let (kind, aggregate, version, body) = stage.events().await.pop().unwrap();
        assert_eq!(
            (kind.as_str(), aggregate.as_str(), version),
            ("VoteCast", vote.vote_id.as_str(), 1)
        );
        let told: pb::VoteCast = serde_json::from_str(&body).unwrap();
        assert_eq!(
            (told.home_ids, told.area, told.cast_at),
            (homes, 20_000, vote.cast_at)
        );
        let read = stage.get(&owner("A"), &ballot.ballot_id).await.unwrap();
        assert_eq!(
            (read.turnout, read.result, read.version),
            (tally(1, 20_000), None, ballot.version)
        );
    })
    .await;
}

#[tokio::test]
async fn the_developer_votes_once_for_all_homes_not_handed_over() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        let firm = people::firm(developer());
        let vote = stage
            .vote(&firm, &ballot.ballot_id, home(7), Abstain)
            .await
            .unwrap();
        assert_eq!((vote.area, vote.home_ids.len()), (20_000, 2));
        let again = stage.vote(&firm, &ballot.ballot_id, home(6), For).await;
        refused(again, "ALREADY_VOTED", Code::AlreadyExists);
        // The firm that manages the area knows of the ballot, and nothing in it is its own.
        let managing = stage
            .vote(&people::firm(manager()), &ballot.ballot_id, home(6), For)
            .await;
        refused(managing, "NOT_ON_ROLL", Code::PermissionDenied);
    })
    .await;
}

#[tokio::test]
async fn either_co_owner_casts_the_one_vote_of_their_home() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        // B and C own home 4 together, and one more home each: three heads.
        stage
            .vote(&owner("C"), &ballot.ballot_id, home(4), For)
            .await
            .unwrap();
        let other = stage.vote(&owner("B"), &ballot.ballot_id, home(4), Against).await;
        refused(other, "ALREADY_VOTED", Code::AlreadyExists);
        stage
            .vote(&owner("B"), &ballot.ballot_id, home(3), Against)
            .await
            .unwrap();
        stage
            .vote(&owner("C"), &ballot.ballot_id, home(5), For)
            .await
            .unwrap();
        assert_eq!(
            stage.get(&owner("B"), &ballot.ballot_id).await.unwrap().turnout,
            tally(3, 30_000)
        );
    })
    .await;
}

#[tokio::test]
async fn a_home_not_on_the_roll_and_a_home_of_somebody_else_get_one_answer() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        let foreign = stage
            .vote(&owner("A"), &ballot.ballot_id, home(3), For)
            .await
            .unwrap_err();
        let absent = stage
            .vote(&owner("A"), &ballot.ballot_id, home(8), For)
            .await
            .unwrap_err();
        let text = |status: &tonic::Status| {
            status
                .message()
                .replace(&home(3).to_string(), "H")
                .replace(&home(8).to_string(), "H")
        };
        assert_eq!(text(&foreign), text(&absent));
        refused(Err::<(), _>(foreign), "NOT_ON_ROLL", Code::PermissionDenied);
        refused(Err::<(), _>(absent), "NOT_ON_ROLL", Code::PermissionDenied);
        // D has a home in the area, in the other building: knows of the ballot, has no vote in it.
        let neighbour = stage.vote(&owner("D"), &ballot.ballot_id, home(8), For).await;
        refused(neighbour, "NOT_ON_ROLL", Code::PermissionDenied);
        assert_eq!(stage.number("SELECT COUNT(*) FROM votes").await, 0);
    })
    .await;
}

#[tokio::test]
async fn nobody_votes_for_an_owner() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        for known in [
            community(),
            people::committee_member(area()),
            people::authority("330783"),
        ] {
            let refusal = stage.vote(&known, &ballot.ballot_id, home(1), For).await;
            refused(refusal, "NOT_ALLOWED", Code::PermissionDenied);
        }
        // To these the ballot does not exist.
        for stranger in [people::street(OTHER_STREET), owner("Z"), people::administrator()] {
            let refusal = stage.vote(&stranger, &ballot.ballot_id, home(1), For).await;
            refused(refusal, "BALLOT_NOT_FOUND", Code::NotFound);
        }
        // An owner's id without the role of an owner is no vote.
        let roleless = access::Principal::person("x", "x").with_owner(crate::stage::owner_id("A"));
        let refusal = stage.vote(&roleless, &ballot.ballot_id, home(1), For).await;
        refused(refusal, "BALLOT_NOT_FOUND", Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn votes_are_taken_from_the_second_of_opening_until_the_second_of_closing() {
    on_each(async |stage| {
        let ballot = stage.announced().await;
        let voting = async |name: &str, number| {
            stage
                .vote(&owner(name), &ballot.ballot_id, home(number), For)
                .await
        };
        stage
            .world
            .advance_to(at(NOTICE) - TimeDelta::milliseconds(1))
            .await;
        refused(voting("A", 1).await, "VOTING_NOT_OPEN", Code::FailedPrecondition);
        stage.world.advance_to(at(NOTICE)).await;
        voting("A", 1).await.unwrap();
        stage
            .world
            .advance_to(at(CLOSING) - TimeDelta::milliseconds(1))
            .await;
        voting("B", 3).await.unwrap();
        // The closing second itself, before the count has run.
        stage.world.clock.advance_to(at(CLOSING)).unwrap();
        refused(voting("C", 5).await, "VOTING_CLOSED", Code::FailedPrecondition);
        stage.world.pump().await;
        refused(voting("C", 5).await, "VOTING_CLOSED", Code::FailedPrecondition);
        let read = stage.get(&owner("A"), &ballot.ballot_id).await.unwrap();
        assert_eq!(read.turnout, tally(2, 30_000));
    })
    .await;
}

#[tokio::test]
async fn a_ballot_that_takes_no_votes_says_why() {
    on_each(async |stage| {
        let prepared = stage.prepared().await;
        let early = stage.vote(&owner("A"), &prepared.ballot_id, home(1), For).await;
        refused(early, "BALLOT_WRONG_STATE", Code::FailedPrecondition);
        let ballot = stage.open().await;
        stage
            .withdraw(&community(), &ballot.ballot_id, "方案有误。")
            .await
            .unwrap();
        let late = stage.vote(&owner("A"), &ballot.ballot_id, home(1), For).await;
        refused(late, "BALLOT_WRONG_STATE", Code::FailedPrecondition);
        let none = ids::BallotId::derive("none").to_string();
        refused(
            stage.vote(&owner("A"), &none, home(1), For).await,
            "BALLOT_NOT_FOUND",
            Code::NotFound,
        );
        let unsaid = stage
            .vote(&owner("A"), &ballot.ballot_id, home(1), pb::Choice::Unspecified)
            .await;
        refused(unsaid, "CHOICE_MISSING", Code::InvalidArgument);
        let other_kind = pb::CastVoteRequest {
            ballot_id: ballot.ballot_id.clone(),
            home_id: ballot.ballot_id,
            choice: For.into(),
        };
        let request = stage.world.request(&owner("A"), other_kind);
        refused(
            stage.client().cast_vote(request).await,
            "ID_OF_OTHER_KIND",
            Code::InvalidArgument,
        );
    })
    .await;
}

#[tokio::test]
async fn the_same_request_twice_is_one_vote_and_a_second_mind_is_refused() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        let id = ballot.ballot_id.as_str();
        let voting =
            async |key: &str, choice| stage.vote_with_key(&owner("A"), key, id, home(1), choice).await;
        let first = voting("key-1", For).await.unwrap();
        assert_eq!(voting("key-1", For).await.unwrap(), first);
        refused(
            voting("key-1", Against).await,
            "IDEMPOTENCY_KEY_REUSED",
            Code::InvalidArgument,
        );
        refused(
            voting("key-2", Against).await,
            "ALREADY_VOTED",
            Code::AlreadyExists,
        );
        // The first answer also after the count.
        stage.world.advance_to(at(CLOSING)).await;
        assert_eq!(voting("key-1", For).await.unwrap(), first);
        let told = stage.told().await;
        assert_eq!(told.iter().filter(|(kind, _)| kind == "VoteCast").count(), 1);
        assert_eq!(stage.number("SELECT COUNT(*) FROM votes").await, 1);
    })
    .await;
}

#[tokio::test]
async fn two_votes_of_one_head_at_one_moment_are_one_vote() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        let voting = async |name: &'static str, choice| {
            stage.vote(&owner(name), &ballot.ballot_id, home(4), choice).await
        };
        let names = ["B", "C", "B", "C", "B", "C", "B", "C"];
        let results = join_all(names.map(|name| voting(name, if name == "B" { For } else { Against }))).await;
        assert_eq!(
            results.iter().filter(|result| result.is_ok()).count(),
            1,
            "{results:?}"
        );
        for lost in results.into_iter().filter(Result::is_err) {
            refused(lost, "ALREADY_VOTED", Code::AlreadyExists);
        }
        assert_eq!(stage.number("SELECT COUNT(*) FROM votes").await, 1);
        assert_eq!(
            stage
                .told()
                .await
                .iter()
                .filter(|(kind, _)| kind == "VoteCast")
                .count(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn one_request_sent_many_times_at_one_moment_gets_one_answer() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        let voting = async || {
            stage
                .vote_with_key(&owner("A"), "key-1", &ballot.ballot_id, home(1), For)
                .await
        };
        let results = join_all((0..8).map(|_| voting())).await;
        let votes: Vec<_> = results.into_iter().map(Result::unwrap).collect();
        assert!(votes.iter().all(|vote| *vote == votes[0]), "{votes:?}");
        assert_eq!(stage.number("SELECT COUNT(*) FROM votes").await, 1);
    })
    .await;
}
