//! What must hold when everything is at rest again.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use heju_tests::expected::shares;
use heju_tests::platform::SERVICES;
use heju_tests::repair::tally;
use heju_tests::rest::{number, text};
use heju_tests::{People, Platform, streams};
use serde_json::Value;
use uuid::Uuid;

use crate::work::Done;

/// How long everything may take to come to rest after the last kill.
const REST_WITHIN: Duration = Duration::from_secs(60);

/// The ledger before the first draw.
pub struct Before {
    bank_fen: i64,
}

impl Before {
    /// Reads it.
    pub async fn take(_platform: &Platform, people: &People) -> Result<Self> {
        let balance = people
            .authority
            .read(&balance_of(&people.story().area_id))
            .await?;
        Ok(Before {
            bank_fen: number(&balance["bankFen"]),
        })
    }
}

fn balance_of(area_id: &str) -> String {
    format!("/v1/areas/{area_id}/trial-balance")
}

/// Waits until nothing is on its way: no event unpublished or unhandled, no deadline due.
pub async fn at_rest(platform: &Platform) -> Result<()> {
    let bus = platform.bus().await?;
    let started = Instant::now();
    loop {
        let mut moving = Vec::new();
        for service in SERVICES {
            for (what, sql) in [
                (
                    "unpublished",
                    "SELECT count(*) FROM outbox WHERE published_at IS NULL",
                ),
                (
                    "deadlines",
                    "SELECT count(*) FROM deadlines WHERE done_at IS NULL",
                ),
            ] {
                let count = platform.books.number(service, sql).await?;
                if count > 0 {
                    moving.push(format!("{service}: {count} {what}"));
                }
            }
            let unhandled = streams::unhandled(&bus, service).await?;
            moving.extend(
                unhandled
                    .into_iter()
                    .map(|(name, waiting, under_way)| format!("{name}: {waiting}+{under_way}")),
            );
        }
        if moving.is_empty() {
            println!("at rest after {:.1} s", started.elapsed().as_secs_f64());
            return Ok(());
        }
        if started.elapsed() > REST_WITHIN {
            bail!("not at rest after {REST_WITHIN:?}: {moving:?}");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Looks at everything.
pub async fn check(platform: &Platform, people: &People, before: &Before, done: &[Done]) -> Result<()> {
    commands(platform, done).await?;
    ballots(platform, people, done).await?;
    postings(platform, people, done).await?;
    balances(platform, people, before, done).await?;
    events(platform, done).await?;
    assert_eq!(
        platform.run(&["dead-letters", "list"])?,
        "",
        "there are dead letters"
    );
    for service in SERVICES {
        let ever = platform
            .books
            .number(service, "SELECT count(*) FROM dead_letters")
            .await?;
        assert_eq!(ever, 0, "{service} has dead letters");
    }
    Ok(())
}

/// As many draws, ballots and votes as were accepted, and each accepted command remembered once.
async fn commands(platform: &Platform, done: &[Done]) -> Result<()> {
    let draws = done.len() as i64;
    let paid = done.iter().filter(|draw| draw.settled_fen.is_some()).count() as i64;
    let votes: i64 = done.iter().map(|draw| draw.votes).sum();
    for (service, action, expected) in [
        ("funds", "funds.ProposeDraw", draws),
        ("funds", "funds.CheckDraw", draws),
        ("funds", "funds.AcceptWork", paid),
        ("funds", "funds.PayDraw", paid),
        ("committees", "committees.AnnounceBallot", draws),
        ("committees", "committees.CastVote", votes),
    ] {
        let sql = format!("SELECT count(*) FROM commands WHERE action = '{action}'");
        assert_eq!(platform.books.number(service, &sql).await?, expected, "{action}");
    }
    for (service, sql, expected) in [
        ("funds", "SELECT count(*) FROM draws", draws),
        ("funds", "SELECT count(*) FROM draws WHERE state = 'paid'", paid),
        (
            "funds",
            "SELECT count(*) FROM draws WHERE state = 'rejected'",
            draws - paid,
        ),
        ("committees", "SELECT count(*) FROM ballots", draws),
        ("committees", "SELECT count(DISTINCT draw_id) FROM ballots", draws),
        (
            "committees",
            "SELECT count(*) FROM ballots WHERE state = 'decided'",
            draws,
        ),
        ("committees", "SELECT count(*) FROM votes", votes),
    ] {
        assert_eq!(platform.books.number(service, sql).await?, expected, "{sql}");
    }
    Ok(())
}

/// Every ballot counts exactly the votes that were accepted on it.
async fn ballots(platform: &Platform, people: &People, done: &[Done]) -> Result<()> {
    let read =
        |row: &sea_orm::QueryResult| Ok((row.try_get_by_index::<Uuid>(0)?, row.try_get_by_index::<i64>(1)?));
    let sql = "SELECT ballot_id, count(*) FROM votes GROUP BY ballot_id";
    let counts: HashMap<Uuid, i64> = platform
        .books
        .rows("committees", sql, read)
        .await?
        .into_iter()
        .collect();
    for draw in done {
        assert_eq!(
            counts.get(&uuid(&draw.ballot_id)?),
            Some(&draw.votes),
            "votes on {}",
            draw.ballot_id
        );
        let ballot = people
            .community
            .read(&format!("/v1/ballots/{}", draw.ballot_id))
            .await?;
        assert_eq!(tally(&ballot["turnout"]), draw.turnout, "{ballot}");
        assert_eq!(
            ballot["result"]["passed"],
            Value::from(draw.settled_fen.is_some()),
            "{ballot}"
        );
    }
    Ok(())
}

/// A draw that was paid has one reservation, one release at most, and one payment; one that was rejected has nothing.
async fn postings(platform: &Platform, people: &People, done: &[Done]) -> Result<()> {
    let read = |row: &sea_orm::QueryResult| {
        let (draw, kind) = (
            row.try_get_by_index::<Uuid>(0)?,
            row.try_get_by_index::<String>(1)?,
        );
        Ok(((draw, kind), row.try_get_by_index::<i64>(2)?))
    };
    let sql = "SELECT draw_id, kind, count(*) FROM postings WHERE draw_id IS NOT NULL GROUP BY draw_id, kind";
    let posted: BTreeMap<(Uuid, String), i64> = platform
        .books
        .rows("funds", sql, read)
        .await?
        .into_iter()
        .collect();
    let mut expected = BTreeMap::new();
    for draw in done {
        let Some(settled) = draw.settled_fen else { continue };
        let homes = draw.scope.homes(people.story());
        let (first, last) = (shares(draw.budget_fen, &homes), shares(settled, &homes));
        let is_owned = |home: &&String| draw.scope.unsold.iter().all(|unsold| unsold.home_id != **home);
        let owned: Vec<&String> = homes.keys().filter(is_owned).collect();
        let draw_id = uuid(&draw.draw_id)?;
        // The largest remainder may give a home a fen more for a smaller cost: then a second, tiny reservation.
        let further = owned.iter().any(|home| last[*home] > first[*home]);
        expected.insert((draw_id, "reservation".to_owned()), 1 + i64::from(further));
        if owned.iter().any(|home| last[*home] < first[*home]) {
            expected.insert((draw_id, "release".to_owned()), 1);
        }
        expected.insert((draw_id, "payment".to_owned()), 1);
    }
    assert_eq!(posted, expected, "postings by draw and kind");
    Ok(())
}

/// The ledger of every area balances, nothing is reserved any more, and the bank holds what was not paid.
async fn balances(platform: &Platform, people: &People, before: &Before, done: &[Done]) -> Result<()> {
    for (sql, what) in [
        (
            "SELECT count(*) FROM accounts WHERE kind = 'reserved' AND balance <> 0",
            "reservations are left over",
        ),
        (
            "SELECT count(*) FROM accounts WHERE balance < 0",
            "accounts are below zero",
        ),
        (
            "SELECT count(*) FROM (SELECT posting_id FROM entries GROUP BY posting_id HAVING sum(amount) <> 0) AS astray",
            "postings do not balance",
        ),
    ] {
        assert_eq!(platform.books.number("funds", sql).await?, 0, "{what}");
    }
    let mut paid = 0;
    for draw in done {
        let Some(settled) = draw.settled_fen else { continue };
        let split = shares(settled, &draw.scope.homes(people.story()));
        paid += settled
            - draw
                .scope
                .unsold
                .iter()
                .map(|home| split[&home.home_id])
                .sum::<i64>();
    }
    let areas = people.authority.read("/v1/areas").await?;
    for area in areas["areas"].as_array().context("no areas")? {
        let area_id = text(&area["areaId"])?;
        let balance = people.authority.read(&balance_of(&area_id)).await?;
        assert_eq!(balance["balanced"], true, "{balance}");
        assert_eq!(
            (number(&balance["differenceFen"]), number(&balance["reservedFen"])),
            (0, 0),
            "{balance}"
        );
        assert_eq!(
            number(&balance["bankFen"]),
            number(&balance["availableFen"]),
            "{balance}"
        );
        if area_id == people.story().area_id {
            assert_eq!(number(&balance["bankFen"]), before.bank_fen - paid, "{balance}");
        }
    }
    Ok(())
}

/// Each event of each outbox is in its stream exactly once, in order by aggregate without gaps, and handled once.
async fn events(platform: &Platform, done: &[Done]) -> Result<()> {
    let bus = platform.bus().await?;
    let mut kinds: BTreeMap<String, i64> = BTreeMap::new();
    for service in SERVICES {
        let stored = streams::events_of(&bus, service).await?;
        let mut ids = HashSet::new();
        let mut versions: HashMap<&str, i64> = HashMap::new();
        for event in &stored {
            let envelope = &event.envelope;
            assert!(
                ids.insert(envelope.id.as_uuid()),
                "{} is in the stream of {service} twice",
                envelope.id
            );
            let version = versions.entry(&envelope.aggregate).or_default();
            *version += 1;
            assert_eq!(
                envelope.sequence, *version,
                "{} of {} is out of order",
                envelope.kind, envelope.aggregate
            );
            *kinds.entry(envelope.kind.clone()).or_default() += 1;
        }
        let id = |row: &sea_orm::QueryResult| row.try_get_by_index::<Uuid>(0);
        let kept = platform.books.rows(service, "SELECT id FROM outbox", id).await?;
        assert_eq!(kept.len(), stored.len(), "outbox and stream of {service}");
        assert_eq!(
            kept.into_iter().collect::<HashSet<_>>(),
            ids,
            "outbox and stream of {service}"
        );
    }
    let count = |kind: &str| kinds.get(kind).copied().unwrap_or_default();
    let draws = done.len() as i64;
    let paid = done.iter().filter(|draw| draw.settled_fen.is_some()).count() as i64;
    for (kind, expected) in [
        ("heju.funds.v1.DrawProposed", draws),
        ("heju.funds.v1.DrawVoteRequested", draws),
        ("heju.funds.v1.DrawReserved", paid),
        ("heju.funds.v1.DrawRejected", draws - paid),
        ("heju.funds.v1.DrawAccepted", paid),
        ("heju.funds.v1.DrawPaid", paid),
        ("heju.committees.v1.BallotPrepared", draws),
        ("heju.committees.v1.BallotAnnounced", draws),
        (
            "heju.committees.v1.VoteCast",
            done.iter().map(|draw| draw.votes).sum(),
        ),
        ("heju.committees.v1.BallotDecided", draws),
    ] {
        assert_eq!(count(kind), expected, "{kind}");
    }
    for (service, reaction, expected) in [
        ("committees", "on_vote_requested", draws),
        ("funds", "on_ballot_decided", draws),
    ] {
        let sql = format!("SELECT count(*) FROM inbox WHERE consumer = '{service}--{reaction}'");
        assert_eq!(
            platform.books.number(service, &sql).await?,
            expected,
            "{reaction}"
        );
    }
    println!(
        "{} events in the streams, each once and in order",
        kinds.values().sum::<i64>()
    );
    Ok(())
}

fn uuid(id: &str) -> Result<Uuid> {
    let (_, digits) = id.split_once('_').context("an id without a prefix")?;
    Ok(digits.parse()?)
}
