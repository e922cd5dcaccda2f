//! How fast a replica of the registry is built from the first event, beside what NATS delivers by itself:
//! `cargo xtask bench --only replica`.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use async_nats::jetstream::consumer::{Consumer, pull};
use calendar::SystemClock;
use db::Database;
use events::{Bus, durable};
use futures::StreamExt;
use heju_funds::Funds;
use heju_funds::app::App;
use hosting::ServiceConfig;
use outbox::{Reaction, reactions};
use rules::RuleSet;
use servers::postgres::Durability;
use servers::{NatsServer, PostgresServer};
use testkit::registry::{self, City};
use tokio_util::sync::CancellationToken;

/// What the reaction fetches at one time.
const BATCH: usize = 1_000;
const BATCH_BYTES: usize = 8 << 20;
/// How often it is looked whether all is followed.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A history to follow.
struct History {
    what: &'static str,
    city: City,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let events: usize = arguments
        .next()
        .map_or(Ok(100_000), |count| count.parse())
        .context("the number of events")?;
    let rounds: usize = arguments
        .next()
        .map_or(Ok(3), |count| count.parse())
        .context("the number of rounds")?;
    let data = PathBuf::from(arguments.next().unwrap_or_else(|| "target/bench/replica".into()));
    if data.exists() {
        std::fs::remove_dir_all(&data)?;
    }
    std::fs::create_dir_all(&data)?;
    let data = data.canonicalize()?;
    let postgres = servers::postgres::find().context("PostgreSQL is needed to compare with")?;
    let postgres = PostgresServer::start(&postgres, &data.join("postgres"), Durability::Full)?;
    let program = servers::nats::find_or_install(&|text| println!("{text}"))?;

    let histories = [
        History {
            what: "transfers of one home, 1,000 buildings",
            city: City {
                areas: 20,
                buildings: 50,
                homes: 20,
                changes: events,
                transfers_percent: 100,
            },
        },
        History {
            what: "buildings of 200 homes, all told with their owners",
            city: City {
                areas: 10,
                buildings: 50,
                homes: 200,
                changes: 0,
                transfers_percent: 0,
            },
        },
    ];
    println!("\n| history | events | MiB | round | NATS alone/s | PostgreSQL/s | SQLite/s |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    for (index, History { what, city }) in histories.iter().enumerate() {
        let nats = NatsServer::start(&program, &data.join(format!("nats-{index}")), 0)?;
        let config = events::Config {
            url: nats.url().to_owned(),
            ..events::Config::default()
        };
        let bus = Bus::connect(&config, "bench").await?;
        bus.wait_until_up(Duration::from_secs(10)).await?;
        events::stream::declare(&bus, "registry").await?;
        let told = registry::tell(*city);
        let bytes: usize = told.iter().map(|told| told.envelope.body.len()).sum();
        registry::publish(&bus, &told).await;
        for round in 1..=rounds {
            let alone = alone(&bus, told.len()).await?;
            let url = postgres.url(&format!("replica_{index}_{round}"));
            let on_postgres = replica(&bus, url).await?;
            let url = format!("sqlite://{}/replica-{index}-{round}.db", data.display());
            let on_sqlite = replica(&bus, url).await?;
            let rate = |took: Duration| told.len() as f64 / took.as_secs_f64();
            println!(
                "| {what} | {} | {} | {round} | {:.0} | {:.0} | {:.0} |",
                told.len(),
                bytes >> 20,
                rate(alone),
                rate(on_postgres),
                rate(on_sqlite)
            );
        }
    }
    Ok(())
}

/// A consumer like the replica's, which only acknowledges.
async fn alone(bus: &Bus, count: usize) -> Result<Duration> {
    let wanted = durable::Wanted {
        service: "bench",
        reaction: "alone",
        source: "registry",
        filters: vec![events::subject::stream_subjects("registry")],
        unacknowledged_max: 8 * 1_024,
    };
    let started = Instant::now();
    let consumer = durable::declare(bus, wanted).await?;
    let mut messages = consumer
        .stream()
        .max_messages_per_batch(BATCH)
        .max_bytes_per_batch(BATCH_BYTES)
        .messages()
        .await?;
    for _ in 0..count {
        let message = messages.next().await.context("the stream ended")??;
        message.ack().await.map_err(|error| anyhow::anyhow!("{error}"))?;
    }
    until_followed(&consumer).await?;
    let took = started.elapsed();
    forget(bus, "bench--alone").await?;
    Ok(took)
}

/// The replica of funds, from an empty database.
async fn replica(bus: &Bus, url: String) -> Result<Duration> {
    let database = db::Config {
        url,
        ..db::Config::default()
    };
    let config = ServiceConfig {
        database,
        ..ServiceConfig::default()
    };
    hosting::host::migrate::<Funds>(&config).await?;
    let clock = Arc::new(SystemClock);
    let database = Database::connect(&config.database).await?;
    let store = outbox::Store::new("funds", database.clone(), clock.clone());
    let rules = Arc::new(RuleSet::embedded("330783")?);
    let app = App::new(
        heju_funds::store::Store::new(store.clone()),
        clock,
        access::Access::embedded(),
        rules,
    );
    let reactions = heju_funds::api::reactions::all(&app);
    let reaction: Reaction = reactions
        .iter()
        .find(|reaction| reaction.name() == "replicate_registry")
        .context("there is no replica")?
        .clone();

    let stop = CancellationToken::new();
    let started = Instant::now();
    let following = tokio::spawn(reactions::follow(
        store.clone(),
        bus.clone(),
        reaction,
        stop.clone(),
    ));
    let name = "funds--replicate_registry";
    let consumer = loop {
        let stream = bus
            .jetstream
            .get_stream(events::subject::stream_name("registry"))
            .await?;
        match stream.get_consumer::<pull::Config>(name).await {
            Ok(consumer) => break consumer,
            Err(_) => tokio::time::sleep(LOOK_EVERY).await,
        }
    };
    until_followed(&consumer).await?;
    let took = started.elapsed();
    stop.cancel();
    following.await?;
    let letters = store.dead_letters(1).await?;
    anyhow::ensure!(letters.is_empty(), "a dead letter: {letters:?}");
    database.close().await;
    forget(bus, name).await?;
    Ok(took)
}

/// Waits until everything is delivered and acknowledged.
async fn until_followed(consumer: &Consumer<pull::Config>) -> Result<()> {
    loop {
        let info = consumer.get_info().await?;
        if info.num_pending == 0 && info.num_ack_pending == 0 {
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn forget(bus: &Bus, name: &str) -> Result<()> {
    let stream = bus
        .jetstream
        .get_stream(events::subject::stream_name("registry"))
        .await?;
    stream.delete_consumer(name).await?;
    Ok(())
}
