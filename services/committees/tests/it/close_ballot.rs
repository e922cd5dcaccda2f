//! The count: at the closing time, once, with every vote that was accepted and no other.

use std::cell::Cell;

use chrono::TimeDelta;
use committees::store::Store;
use futures::future::join_all;
use proto::committees::v1 as pb;
use tonic::Code;

use crate::stage::{CLOSING, at, entry, home, on_each, owner, refused, tally};
use pb::Choice::{Abstain, Against, For};

#[tokio::test]
async fn a_ballot_is_counted_at_its_closing_time_and_published() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        let id = ballot.ballot_id.as_str();
        // Five heads with 700.00 m²: four take part with 600.00 m², for are three heads with 400.00 m².
        stage.vote(&owner("A"), id, home(1), For).await.unwrap();
        stage.vote(&owner("B"), id, home(3), For).await.unwrap();
        stage.vote(&owner("C"), id, home(5), For).await.unwrap();
        stage
            .vote(
                &testkit::people::firm(crate::stage::developer()),
                id,
                home(6),
                Against,
            )
            .await
            .unwrap();
        stage
            .world
            .advance_to(at(CLOSING) - TimeDelta::milliseconds(1))
            .await;
        assert_eq!(
            stage.get(&owner("A"), id).await.unwrap().state(),
            pb::BallotState::Announced
        );
        stage.world.advance_to(at(CLOSING)).await;

        let decided = stage.get(&owner("A"), id).await.unwrap();
        assert_eq!((decided.state(), decided.version), (pb::BallotState::Decided, 3));
        assert_eq!(
            (decided.roll, decided.turnout),
            (tally(5, 70_000), tally(4, 60_000))
        );
        let result = decided.result.clone().unwrap();
        assert_eq!(
            (result.r#for, result.against, result.abstained),
            (tally(3, 40_000), tally(1, 20_000), tally(0, 0))
        );
        assert!(result.enough_took_part && result.passed && result.approval_strict);
        let fraction = |numerator, denominator| {
            Some(pb::Fraction {
                numerator,
                denominator,
            })
        };
        assert_eq!(
            (result.participation_required, result.approval_required),
            (fraction(2, 3), fraction(1, 2))
        );
        assert_eq!(result.article, "民法典第278条第2款");
        assert_eq!(result.decided_at, Some(at(CLOSING).into()));
        let (kind, aggregate, version, body) = stage.events().await.pop().unwrap();
        assert_eq!(
            (kind.as_str(), aggregate.as_str(), version),
            ("BallotDecided", id, 3)
        );
        let told: pb::BallotDecided = serde_json::from_str(&body).unwrap();
        assert_eq!(told.ballot, Some(decided));
    })
    .await;
}

#[tokio::test]
async fn exactly_half_fails_and_so_does_too_small_a_turnout() {
    on_each(async |stage| {
        // Six heads of one home each.
        let names = ["A", "B", "C", "D", "E", "F"];
        stage.rolls.set(
            (1..)
                .zip(names)
                .map(|(number, name)| entry(1, number, &[name]))
                .collect(),
        );
        let half = stage.announced().await;
        let short = stage.announced().await;
        stage.world.advance_to(at(crate::stage::NOTICE)).await;
        for (number, name, choice) in [(1, "A", For), (2, "B", For), (3, "C", Against), (4, "D", Abstain)] {
            stage
                .vote(&owner(name), &half.ballot_id, home(number), choice)
                .await
                .unwrap();
        }
        for (number, name) in [(1, "A"), (2, "B"), (3, "C")] {
            stage
                .vote(&owner(name), &short.ballot_id, home(number), For)
                .await
                .unwrap();
        }
        stage.world.advance_to(at(CLOSING)).await;
        let result = async |ballot: &pb::Ballot| {
            let result = stage
                .get(&owner("A"), &ballot.ballot_id)
                .await
                .unwrap()
                .result
                .unwrap();
            (result.enough_took_part, result.passed)
        };
        assert_eq!(result(&half).await, (true, false), "two of four who took part");
        assert_eq!(
            result(&short).await,
            (false, false),
            "three of six took part, all for"
        );
    })
    .await;
}

#[tokio::test]
async fn a_second_close_does_nothing_and_an_early_one_waits() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        let id = ballot.ballot_id.as_str();
        stage.vote(&owner("A"), id, home(1), For).await.unwrap();
        stage.close_now(id).await;
        assert_eq!(
            stage.get(&owner("A"), id).await.unwrap().state(),
            pb::BallotState::Announced,
            "not due yet"
        );
        stage.world.advance_to(at(CLOSING)).await;
        let decided = stage.get(&owner("A"), id).await.unwrap();
        let told = stage.told().await;
        stage.close_now(id).await;
        stage.close_now(&ids::BallotId::derive("none").to_string()).await;
        assert_eq!(stage.get(&owner("A"), id).await.unwrap(), decided);
        assert_eq!(stage.told().await, told);
    })
    .await;
}

#[tokio::test]
async fn nobody_voting_is_a_result_too() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        stage.world.advance_to(at(CLOSING)).await;
        let decided = stage.get(&owner("A"), &ballot.ballot_id).await.unwrap();
        let result = decided.result.unwrap();
        assert_eq!(
            (decided.turnout, result.enough_took_part, result.passed),
            (tally(0, 0), false, false)
        );
    })
    .await;
}

/// Heads that vote while the ballot closes.
const RACERS: u8 = 60;

#[tokio::test]
async fn every_vote_accepted_while_the_ballot_closes_is_counted_and_no_other() {
    on_each(async |stage| {
        let names: Vec<String> = (0..RACERS).map(|number| format!("racer {number}")).collect();
        stage.rolls.set(
            (0..RACERS)
                .zip(&names)
                .map(|(number, name)| entry(1, number, &[name]))
                .collect(),
        );
        let ballot = stage.open().await;
        stage
            .world
            .advance_to(at(CLOSING) - TimeDelta::milliseconds(1))
            .await;

        let accepted = Cell::new(0_i64);
        let many_accepted = tokio::sync::Notify::new();
        let casts = (0..RACERS).zip(&names).map(|(number, name)| {
            let (accepted, many_accepted, ballot_id) = (&accepted, &many_accepted, &ballot.ballot_id);
            async move {
                match stage.vote(&owner(name), ballot_id, home(number), For).await {
                    Ok(_) => {
                        accepted.set(accepted.get() + 1);
                        if accepted.get() == i64::from(RACERS / 3) {
                            many_accepted.notify_one();
                        }
                    }
                    Err(late) => refused(Err::<(), _>(late), "VOTING_CLOSED", Code::FailedPrecondition),
                }
            }
        });
        let close = async {
            // In the middle of it: some votes are in, many are on their way.
            many_accepted.notified().await;
            stage.world.clock.advance_to(at(CLOSING)).unwrap();
            stage.world.pump().await;
        };
        futures::join!(join_all(casts), close);

        let decided = stage.get(&owner("racer 0"), &ballot.ballot_id).await.unwrap();
        let counted = decided.result.unwrap().r#for.unwrap();
        let accepted = accepted.get();
        assert_eq!((counted.heads, counted.area), (accepted, accepted * 10_000));
        assert_eq!(stage.number("SELECT COUNT(*) FROM votes").await, accepted);
        let told = stage.told().await;
        let cast = told.iter().filter(|(kind, _)| kind == "VoteCast").count();
        assert_eq!(i64::try_from(cast).unwrap(), accepted);
        eprintln!(
            "{:?}: {accepted} of {RACERS} votes were in time",
            stage.world.backend()
        );
        assert!(accepted >= 1, "nobody was in time");
    })
    .await;
}

#[tokio::test]
async fn the_count_waits_for_a_vote_that_is_being_cast() {
    on_each(async |stage| {
        let ballot = stage.open().await;
        let (ballot_id, home_id) = (ballot.ballot_id.parse().unwrap(), home(1));
        let store = Store::new(stage.store().clone());
        // A vote in time, written and not committed yet.
        let tx = store.begin_write().await.unwrap();
        let poll = tx.poll(ballot_id).await.unwrap().unwrap();
        let head = tx.head_of_home(ballot_id, home_id).await.unwrap().unwrap();
        let id = ids::VoteId::generate();
        let voter = head.voter(Some(crate::stage::owner_id("A")), None).unwrap();
        let (vote, _) = poll
            .cast(
                &head,
                voter,
                committees::domain::Choice::For,
                id,
                at(crate::stage::NOTICE),
            )
            .unwrap();
        assert!(tx.insert_vote(&vote, voter, "A").await.unwrap());

        stage.world.clock.advance_to(at(CLOSING)).unwrap();
        let mut close = std::pin::pin!(stage.world.pump());
        let early = tokio::time::timeout(std::time::Duration::from_millis(500), &mut close).await;
        assert!(early.is_err(), "the count did not wait");
        tx.commit().await.unwrap();
        close.await;

        let decided = stage.get(&owner("A"), &ballot.ballot_id).await.unwrap();
        assert_eq!(decided.result.unwrap().r#for, tally(1, 20_000));
    })
    .await;
}
