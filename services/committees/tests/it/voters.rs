//! Who casts a head's vote: an owner, a guardian or authorised person in an owner's place, a chosen representative; as
//! frozen with the roll.

use futures::future::join_all;
use proto::committees::v1 as pb;
use proto::common::v1 as common;
use proto::registry::v1 as registry;
use tonic::Code;

use crate::stage::{
    CLOSING, Stage, at, community, entry, home, on_each, owner, proposal, refused, tally, voter, window,
};
use common::VoterCapacity::{Authorised, Guardian, Owner, Representative};
use pb::Choice::{Against, For};

/// An entry whose vote is cast by these.
fn cast_by(number: u8, owners: &[&str], voters: &[(&str, common::VoterCapacity)]) -> registry::RollEntry {
    let voters: Vec<_> = voters
        .iter()
        .map(|(name, as_what)| voter(name, *as_what))
        .collect();
    registry::RollEntry {
        voter_ids: voters.iter().map(|voter| voter.voter_id.clone()).collect(),
        voters,
        ..entry(1, number, owners)
    }
}

/// Home 1 is a child's, for whom its guardian G votes; 3 is B's; 4 is B's and C's, who chose C; 5 is a company's, for
/// which P and Q vote.
fn roll() -> Vec<registry::RollEntry> {
    vec![
        cast_by(1, &["child"], &[("G", Guardian)]),
        entry(1, 3, &["B"]),
        cast_by(4, &["B", "C"], &[("C", Representative)]),
        cast_by(5, &["company"], &[("P", Authorised), ("Q", Authorised)]),
    ]
}

/// A ballot that takes votes on that roll.
async fn open(stage: &Stage) -> String {
    stage.rolls.set(roll());
    stage.open().await.ballot_id
}

fn line(lines: &[pb::Vote], head: &str) -> pb::Vote {
    lines.iter().find(|line| line.head_key == head).unwrap().clone()
}

#[tokio::test]
async fn a_guardian_votes_for_the_ward_who_sees_that_it_was_cast_and_not_how() {
    on_each(async |stage| {
        let ballot_id = open(stage).await;
        let (guardian, ward) = (owner("G"), owner("child"));
        stage.get(&guardian, &ballot_id).await.unwrap();
        let listed = stage
            .list(&guardian, pb::ListBallotsRequest::default())
            .await
            .unwrap();
        assert_eq!(listed.ballots.len(), 1);

        let alone = stage.vote(&ward, &ballot_id, home(1), For).await;
        refused(alone, "CAST_BY_ANOTHER", Code::PermissionDenied);
        let before = line(&stage.own_votes(&ward, &ballot_id).await.unwrap(), "child");
        assert!(!before.may_cast && before.vote_id.is_empty());
        assert_eq!(before.capacity(), common::VoterCapacity::Unspecified);
        let open = line(&stage.own_votes(&guardian, &ballot_id).await.unwrap(), "child");
        assert!(open.may_cast);

        let cast = stage.vote(&guardian, &ballot_id, home(1), Against).await.unwrap();
        assert_eq!(
            (cast.capacity(), cast.choice(), cast.area),
            (Guardian, Against, 10_000)
        );
        let own = stage.own_votes(&guardian, &ballot_id).await.unwrap();
        assert_eq!(own, std::slice::from_ref(&cast));
        let seen = stage.own_votes(&ward, &ballot_id).await.unwrap();
        let without_choice = pb::Vote {
            choice: pb::Choice::Unspecified.into(),
            may_cast: false,
            ..cast
        };
        assert_eq!(seen, [without_choice]);
        refused(
            stage.vote(&guardian, &ballot_id, home(1), For).await,
            "ALREADY_VOTED",
            Code::AlreadyExists,
        );
        refused(
            stage.vote(&guardian, &ballot_id, home(3), For).await,
            "NOT_ON_ROLL",
            Code::PermissionDenied,
        );
        stage.world.advance_to(at(CLOSING)).await;
        let decided = stage.get(&community(), &ballot_id).await.unwrap();
        assert_eq!(
            (decided.turnout, decided.roll),
            (tally(1, 10_000), tally(4, 40_000))
        );
    })
    .await;
}

#[tokio::test]
async fn the_chosen_representative_votes_for_several_and_an_owner_of_more_heads_for_each() {
    on_each(async |stage| {
        let ballot_id = open(stage).await;
        refused(
            stage.vote(&owner("B"), &ballot_id, home(4), For).await,
            "CAST_BY_ANOTHER",
            Code::PermissionDenied,
        );
        let joint = stage.vote(&owner("C"), &ballot_id, home(4), For).await.unwrap();
        let alone = stage.vote(&owner("B"), &ballot_id, home(3), For).await.unwrap();
        assert_eq!((joint.capacity(), alone.capacity()), (Representative, Owner));
        let lines = stage.own_votes(&owner("B"), &ballot_id).await.unwrap();
        assert_eq!(lines.len(), 2);
        let (joint, alone) = (line(&lines, "B+C"), line(&lines, "B"));
        assert_eq!((joint.may_cast, alone.may_cast), (false, true));
        assert_eq!((joint.choice(), alone.choice()), (pb::Choice::Unspecified, For));
        assert_eq!(joint.capacity(), Representative);
    })
    .await;
}

#[tokio::test]
async fn who_is_chosen_after_the_freeze_votes_on_later_rolls() {
    on_each(async |stage| {
        let frozen = open(stage).await;
        // Registry now tells of B as representative, and of another guardian.
        let mut changed = roll();
        changed[0] = cast_by(1, &["child"], &[("H", Guardian)]);
        changed[2] = cast_by(4, &["B", "C"], &[("B", Representative)]);
        stage.rolls.set(changed);
        for (who, number, reason) in [("B", 4, "CAST_BY_ANOTHER"), ("H", 1, "BALLOT_NOT_FOUND")] {
            let code = match reason {
                "BALLOT_NOT_FOUND" => Code::NotFound,
                _ => Code::PermissionDenied,
            };
            let late = stage.vote(&owner(who), &frozen, home(number), For).await;
            refused(late, reason, code);
        }
        stage.vote(&owner("C"), &frozen, home(4), For).await.unwrap();
        stage.vote(&owner("G"), &frozen, home(1), For).await.unwrap();
        // The next ballot has a roll of its own.
        let next = stage.prepare(&community(), proposal()).await.unwrap();
        let mut later = window(&next.ballot_id);
        later.opens_at = Some(at("2026-04-20T16:00:00Z").into());
        later.closes_at = Some(at("2026-04-30T16:00:00Z").into());
        stage.announce(&community(), later).await.unwrap();
        stage.world.advance_to(at("2026-04-20T16:00:00Z")).await;
        stage
            .vote(&owner("B"), &next.ballot_id, home(4), For)
            .await
            .unwrap();
        stage
            .vote(&owner("H"), &next.ballot_id, home(1), For)
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_voters_of_one_head_at_one_moment_are_one_vote() {
    on_each(async |stage| {
        let ballot_id = open(stage).await;
        let names = ["P", "Q", "P", "Q", "P", "Q"];
        let voting = names.map(|name| {
            let ballot_id = ballot_id.clone();
            async move { stage.vote(&owner(name), &ballot_id, home(5), For).await }
        });
        let results = join_all(voting).await;
        let accepted = results.iter().filter(|result| result.is_ok()).count();
        assert_eq!(accepted, 1, "{results:?}");
        for lost in results.into_iter().filter(Result::is_err) {
            refused(lost, "ALREADY_VOTED", Code::AlreadyExists);
        }
        assert_eq!(stage.number("SELECT COUNT(*) FROM votes").await, 1);
        let recorded =
            "SELECT COUNT(*) FROM votes WHERE capacity = 'authorised' AND voter_owner_id IS NOT NULL";
        assert_eq!(stage.number(recorded).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_vote_of_a_guardian_gets_its_first_answer() {
    on_each(async |stage| {
        let ballot_id = open(stage).await;
        let voting = async |choice| {
            stage
                .vote_with_key(&owner("G"), "key-1", &ballot_id, home(1), choice)
                .await
        };
        let first = voting(For).await.unwrap();
        assert_eq!(voting(For).await.unwrap(), first);
        refused(
            voting(Against).await,
            "IDEMPOTENCY_KEY_REUSED",
            Code::InvalidArgument,
        );
    })
    .await;
}

#[tokio::test]
async fn a_roll_on_which_nobody_casts_a_heads_vote_freezes_nothing() {
    on_each(async |stage| {
        let mut nobody = roll();
        nobody[1].voters.clear();
        stage.rolls.set(nobody);
        let ballot = stage.prepared().await;
        let refusal = stage.announce(&community(), window(&ballot.ballot_id)).await;
        refused(refusal, "INTERNAL", Code::Internal);
        assert_eq!(stage.number("SELECT COUNT(*) FROM roll_heads").await, 0);
        assert_eq!(
            stage.get(&community(), &ballot.ballot_id).await.unwrap().state(),
            pb::BallotState::Prepared
        );
    })
    .await;
}

/// Rolls frozen before voters were kept have none in their heads; their owners vote on.
#[tokio::test]
async fn owners_of_an_older_roll_keep_their_votes() {
    on_each(async |stage| {
        let ballot_id = stage.open().await.ballot_id;
        stage.write("UPDATE roll_heads SET voters = NULL").await;
        let cast = stage.vote(&owner("A"), &ballot_id, home(1), For).await.unwrap();
        assert_eq!((cast.capacity(), cast.area), (Owner, 20_000));
        let lines = stage.own_votes(&owner("B"), &ballot_id).await.unwrap();
        assert!(lines.len() == 2 && lines.iter().all(|line| line.may_cast));
    })
    .await;
}
