//! Services and NATS are killed (SIGKILL) at random moments while clients repair roof after roof; at the end every
//! accepted command took effect once, the ledger balances, and every event is in its stream once and in order.
//!
//! Sizes for each database: `HEJU_FAULT_DRAWS` (100), `HEJU_FAULT_KILLS` (15), `HEJU_FAULT_CLIENTS` (4).
//! `HEJU_FAULT_SEED` repeats the random choices of an earlier run; what the machine does in between is its own.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod audit;
mod chaos;
mod dice;
mod work;

use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use chaos::Chaos;
use dice::Dice;
use heju_tests::platform::Options;
use heju_tests::{Layout, People, Platform, rest};
use testkit::Backend;
use tokio::sync::Mutex;

/// One at a time: each has five processes on the same machine.
static TURN: Mutex<()> = Mutex::const_new(());

/// How much is done on one database.
struct Size {
    draws: usize,
    kills: usize,
    clients: usize,
    seed: u64,
}

impl Size {
    fn from_environment() -> Self {
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
        let count = |name: &str, default: u64| number(name).unwrap_or(default) as usize;
        Size {
            draws: count("HEJU_FAULT_DRAWS", 100),
            kills: count("HEJU_FAULT_KILLS", 15),
            clients: count("HEJU_FAULT_CLIENTS", 4).max(1),
            seed: number("HEJU_FAULT_SEED").unwrap_or_else(rand::random),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killing_anything_at_any_moment_loses_and_doubles_nothing_on_sqlite() -> Result<()> {
    survive(Backend::Sqlite).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killing_anything_at_any_moment_loses_and_doubles_nothing_on_postgresql() -> Result<()> {
    if let Err(why) = testkit::postgres::server().await {
        testkit::skip::report("PostgreSQL", &why.to_string());
        return Ok(());
    }
    survive(Backend::Postgres).await
}

async fn survive(backend: Backend) -> Result<()> {
    let _turn = TURN.lock().await;
    let size = Size::from_environment();
    println!(
        "{backend:?}: the seed is {0}; repeat with HEJU_FAULT_SEED={0}",
        size.seed
    );
    let options = Options {
        layout: Layout::Several,
        backend,
        otlp_endpoint: None,
    };
    let platform = Arc::new(Platform::start(options).await?);
    let people = Arc::new(People::enter(&platform).await?);
    let before = audit::Before::take(&platform, &people).await?;

    let started = Instant::now();
    let chaos = Chaos::start(platform.clone(), Dice::new(size.seed, 0), size.kills);
    let mut done = Vec::new();
    let mut rounds = 0;
    while done.len() < size.draws || chaos.kills() < size.kills {
        done.extend(work::round(&people, size.seed, rounds, size.clients).await?);
        rounds += 1;
        println!(
            "{:>5.1} s: {} of {} draws, {} kills, {} requests repeated",
            started.elapsed().as_secs_f64(),
            done.len(),
            size.draws,
            chaos.kills(),
            rest::repeated()
        );
    }
    let kills = chaos.stop().await?;
    println!("{kills:?}");
    platform.wait_until_ready().await?;
    audit::at_rest(&platform).await?;
    audit::check(&platform, &people, &before, &done).await?;
    println!(
        "{backend:?}: {} draws and {} votes, {} kills, {:.0} s; everything exactly once",
        done.len(),
        done.iter().map(|draw| draw.votes).sum::<i64>(),
        kills.values().sum::<usize>(),
        started.elapsed().as_secs_f64()
    );
    drop(people);
    if let Some(platform) = Arc::into_inner(platform) {
        platform.passed();
    }
    Ok(())
}
