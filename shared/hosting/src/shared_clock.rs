//! A simulated clock that every process of the platform shares, and that survives a restart: its offset is kept in a
//! key-value bucket of NATS.

use std::time::Duration;

use anyhow::Context;
use async_nats::jetstream::kv;
use calendar::SimulatedClock;
use chrono::{DateTime, Utc};
use events::Bus;
use tokio_stream::StreamExt;
use tokio_util::sync::CancellationToken;

/// The bucket.
const BUCKET: &str = "HEJU_CLOCK";
/// The key: milliseconds that the platform is ahead of the machine's clock.
const OFFSET: &str = "offset_ms";
/// Wait before the bucket is watched again after an error.
const REOPEN_AFTER: Duration = Duration::from_millis(500);

/// Reads the offset that was kept, so that time never goes back over a restart.
///
/// # Errors
/// Where NATS does not answer.
pub async fn restore(bus: &Bus, clock: &SimulatedClock) -> anyhow::Result<()> {
    if let Some(entry) = bucket(bus).await?.get(OFFSET).await.context("reading the clock's offset")? {
        apply(clock, &entry);
    }
    Ok(())
}

/// Moves the platform's clock: this process at once, the others within milliseconds.
///
/// # Errors
/// Where NATS does not answer; the clock is then not moved.
pub async fn advance(bus: &Bus, clock: &SimulatedClock, to: DateTime<Utc>) -> anyhow::Result<()> {
    let offset = (to - Utc::now()).num_milliseconds().max(clock.offset());
    bucket(bus).await?.put(OFFSET, offset.to_string().into()).await.context("keeping the clock's offset")?;
    clock.set_offset(offset).context("moving the clock")
}

/// Follows moves made by other processes until `stop`.
pub async fn follow(bus: Bus, clock: SimulatedClock, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = watch(&bus, &clock, &stop).await {
            tracing::debug!(%error, "the shared clock is watched again");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(REOPEN_AFTER) => {}
        }
    }
}

async fn watch(bus: &Bus, clock: &SimulatedClock, stop: &CancellationToken) -> anyhow::Result<()> {
    let mut changes = bucket(bus).await?.watch_with_history(OFFSET).await?;
    loop {
        let entry = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            entry = changes.next() => entry,
        };
        match entry {
            Some(entry) => apply(clock, &entry?.value),
            None => return Ok(()),
        }
    }
}

fn apply(clock: &SimulatedClock, value: &[u8]) {
    let offset = std::str::from_utf8(value).ok().and_then(|text| text.parse::<i64>().ok());
    match offset {
        Some(offset) if offset > clock.offset() => {
            if let Err(error) = clock.set_offset(offset) {
                tracing::warn!(%error, "the clock was not moved");
            }
        }
        Some(_) => {} // our own move, or an older one
        None => tracing::warn!("the shared clock holds no number"),
    }
}

async fn bucket(bus: &Bus) -> anyhow::Result<kv::Store> {
    if let Ok(bucket) = bus.jetstream.get_key_value(BUCKET).await {
        return Ok(bucket);
    }
    let config = kv::Config {
        bucket: BUCKET.into(),
        description: "Offset of Heju's simulated clock".into(),
        history: 1,
        num_replicas: bus.config.replicas.max(1),
        ..kv::Config::default()
    };
    bus.jetstream.create_key_value(config).await.context("creating the bucket of the clock")
}
