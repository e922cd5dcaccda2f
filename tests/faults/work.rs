//! What clients do meanwhile: draw after draw through every hop, each write repeated under its key until it is answered.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use heju_tests::expected::{Head, Scope, Tally};
use heju_tests::repair::{Vote, Window};
use heju_tests::rest::{Answer, Caller, number, text};
use heju_tests::{People, repair};
use serde_json::{Value, json};

use crate::dice::Dice;

/// Draws of one client between two moves of the clock.
const DRAWS_PER_CLIENT: usize = 5;
/// Longest wait for what another service does with an event, while services and NATS are killed.
const WITHIN: Duration = Duration::from_secs(120);
/// Out of 100 draws the owners reject so many.
const REJECTED: u64 = 10;
/// Out of 100 writes so many are sent once more after they were answered, and as many twice at the same moment.
const SENT_AGAIN: u64 = 10;

/// A draw that has come to its end, with everything that was accepted on the way.
#[derive(Debug, Clone)]
pub struct Done {
    /// `draw_…`
    pub draw_id: String,
    /// `ballot_…`
    pub ballot_id: String,
    /// Its homes.
    pub scope: Scope,
    /// What was asked for.
    pub budget_fen: i64,
    /// What was paid; nothing where the owners rejected it.
    pub settled_fen: Option<i64>,
    /// Votes accepted.
    pub votes: i64,
    /// Who took part.
    pub turnout: Tally,
}

/// One of the clients.
struct Client {
    people: Arc<People>,
    dice: Dice,
    name: String,
}

/// A draw on its way.
struct Way {
    vote: Vote,
    scope: Scope,
    budget_fen: i64,
    key: String,
    is_rejected: bool,
    voters: Vec<(Head, &'static str)>,
}

/// All clients take their draws to the vote, the clock moves, owners vote, the clock moves, the rest follows.
pub async fn round(people: &Arc<People>, seed: u64, round: usize, clients: usize) -> Result<Vec<Done>> {
    let window = Window::after(people.now().await?);
    let each = (0..clients).map(|number| Client {
        people: people.clone(),
        dice: Dice::new(seed, (1 + number + round * clients) as u64),
        name: format!("r{round}-c{number}"),
    });
    let brought = all(each.map(|client| client.bring_to_the_vote(window))).await?;
    people.move_clock_to(window.opens_at).await?;
    let voted = all(brought.into_iter().map(|(client, ways)| client.vote(ways))).await?;
    people
        .move_clock_to(window.closes_at + TimeDelta::seconds(1))
        .await?;
    Ok(all(voted.into_iter().map(|(client, ways)| client.finish(ways)))
        .await?
        .into_iter()
        .flatten()
        .collect())
}

/// Runs all at the same time, and waits for all.
async fn all<T: Send + 'static>(
    futures: impl Iterator<Item = impl Future<Output = Result<T>> + Send + 'static>,
) -> Result<Vec<T>> {
    let tasks: Vec<_> = futures.map(tokio::spawn).collect();
    let mut results = Vec::with_capacity(tasks.len());
    for task in tasks {
        results.push(task.await??);
    }
    Ok(results)
}

impl Client {
    async fn bring_to_the_vote(mut self, window: Window) -> Result<(Self, Vec<Way>)> {
        let mut ways = Vec::new();
        for number in 0..DRAWS_PER_CLIENT {
            let key = format!("{}-d{number}", self.name);
            let stairwell = if self.dice.chance(50) { "1" } else { "2" };
            let scope = Scope::of(self.people.story(), Some(stairwell));
            let budget_fen = self.dice.between(5_000, 60_000) as i64;
            let people = self.people.clone();
            let proposal = repair::proposal(&scope, &key, budget_fen);
            let draw = self
                .write(&people.firm, "/v1/draws", &format!("{key}-propose"), &proposal)
                .await?;
            let draw_id = text(&draw["drawId"])?;
            let path = format!("/v1/draws/{draw_id}/check");
            self.write(
                &people.community,
                &path,
                &format!("{key}-check"),
                &json!({ "remark": "属实" }),
            )
            .await?;
            let ballot_id = people.ballot_of(&draw_id, WITHIN).await?;
            let path = format!("/v1/ballots/{ballot_id}/announce");
            let ballot = self
                .write(
                    &people.community,
                    &path,
                    &format!("{key}-announce"),
                    &window.json(),
                )
                .await?;
            ensure!(
                repair::tally(&ballot["roll"]) == scope.roll(),
                "the roll is another: {ballot}"
            );
            let is_rejected = self.dice.chance(REJECTED);
            let voters = self.voters(&scope, is_rejected);
            let vote = Vote {
                draw_id,
                ballot_id,
                ballot,
            };
            ways.push(Way {
                vote,
                scope,
                budget_fen,
                key,
                is_rejected,
                voters,
            });
        }
        Ok((self, ways))
    }

    /// Just as many heads as must take part, in a random order; all for or all against, but for one that abstains.
    fn voters(&mut self, scope: &Scope, is_rejected: bool) -> Vec<(Head, &'static str)> {
        let roll = scope.roll();
        let mut turnout = Tally::default();
        let mut voters = Vec::new();
        for head in self.dice.shuffled(scope.heads.clone()) {
            if turnout.heads * 3 >= roll.heads * 2 && turnout.area * 3 >= roll.area * 2 {
                break;
            }
            turnout.add(&head);
            let choice = match voters.len() {
                0 => "CHOICE_ABSTAIN",
                _ if is_rejected => "CHOICE_AGAINST",
                _ => "CHOICE_FOR",
            };
            voters.push((head, choice));
        }
        voters
    }

    async fn vote(mut self, ways: Vec<Way>) -> Result<(Self, Vec<Way>)> {
        for way in &ways {
            let path = format!("/v1/ballots/{}/votes", way.vote.ballot_id);
            for (head, choice) in &way.voters {
                let voter = self.people.owner(&head.accounts[0]).await?;
                let body = json!({ "homeId": head.home_ids[0], "choice": choice });
                self.write(&voter, &path, &format!("{}-vote", way.key), &body)
                    .await?;
            }
        }
        Ok((self, ways))
    }

    async fn finish(mut self, ways: Vec<Way>) -> Result<Vec<Done>> {
        let people = self.people.clone();
        let mut done = Vec::new();
        for way in ways {
            let draw_id = way.vote.draw_id.clone();
            let mut settled_fen = None;
            if way.is_rejected {
                people.draw_in(&draw_id, "DRAW_STATE_REJECTED", WITHIN).await?;
            } else {
                people.draw_in(&draw_id, "DRAW_STATE_RESERVED", WITHIN).await?;
                let settled = way.budget_fen - self.dice.between(0, 2_000) as i64;
                let path = format!("/v1/draws/{draw_id}/accept");
                let body = json!({ "settledFen": settled.to_string() });
                let draw = self
                    .write(&people.community, &path, &format!("{}-accept", way.key), &body)
                    .await?;
                ensure!(
                    number(&draw["settledFen"]) == settled,
                    "accepted at another cost: {draw}"
                );
                let path = format!("/v1/draws/{draw_id}/pay");
                let body = json!({ "bankReference": way.key });
                self.write(&people.authority, &path, &format!("{}-pay", way.key), &body)
                    .await?;
                settled_fen = Some(settled);
            }
            let mut turnout = Tally::default();
            way.voters.iter().for_each(|(head, _)| turnout.add(head));
            done.push(Done {
                draw_id,
                ballot_id: way.vote.ballot_id,
                scope: way.scope,
                budget_fen: way.budget_fen,
                settled_fen,
                votes: way.voters.len() as i64,
                turnout,
            });
        }
        Ok(done)
    }

    /// A write that must be accepted, once: repeated under its key while anything is down, sometimes sent more often
    /// than need be.
    async fn write(&mut self, who: &Caller, path: &str, key: &str, body: &Value) -> Result<Value> {
        let accepted = async || {
            let answer = patiently(who, path, key, body).await?;
            answer
                .accepted()
                .with_context(|| format!("POST {path} {body} as {} under {key}", who.account))
        };
        let (first, again) = if self.dice.chance(SENT_AGAIN) {
            tokio::try_join!(accepted(), accepted())?
        } else {
            let first = accepted().await?;
            let again = if self.dice.chance(SENT_AGAIN) {
                accepted().await?
            } else {
                first.clone()
            };
            (first, again)
        };
        ensure!(
            again == first,
            "the same key gave two answers: {first} and {again}"
        );
        Ok(first)
    }
}

/// Goes on while a service that has just come back does not know yet that the clock was moved.
async fn patiently(who: &Caller, path: &str, key: &str, body: &Value) -> Result<Answer> {
    let started = Instant::now();
    loop {
        let answer = who.decide(path, key, body).await?;
        if answer.reason() != "VOTING_NOT_OPEN" || started.elapsed() > WITHIN {
            return Ok(answer);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
