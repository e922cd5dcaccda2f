//! A simulated clock that every process of the platform shares, and that survives a restart: its offset is kept in a
//! key-value bucket of NATS.

use std::time::Duration;

use anyhow::{Context, bail};
use async_nats::jetstream::kv;
use calendar::{ClockError, SimulatedClock};
use chrono::{DateTime, Utc};
use events::Bus;
use tokio_stream::StreamExt;
use tokio_util::sync::CancellationToken;

/// The bucket.
const BUCKET: &str = "HEJU_CLOCK";
/// The key: milliseconds that the platform is ahead of the machine's clock.
const OFFSET: &str = "offset_ms";
/// Tries to move the clock where others move it at the same moment; each loses only to one that won.
const MOVES_MAX: usize = 32;
/// Wait before the bucket is watched again after an error.
const REOPEN_AFTER: Duration = Duration::from_millis(500);

/// Reads the offset that was kept, so that time never goes back over a restart.
///
/// # Errors
/// Where NATS does not answer.
pub async fn restore(bus: &Bus, clock: &SimulatedClock) -> anyhow::Result<()> {
    if let Some(entry) = bucket(bus)
        .await?
        .get(OFFSET)
        .await
        .context("reading the clock's offset")?
    {
        apply_text(clock, &entry);
    }
    Ok(())
}

/// Moves the platform's clock: this process at once, the others within milliseconds. Two processes that move it at the
/// same moment leave it at the later of the two.
///
/// # Errors
/// Where NATS does not answer, or `to` is past the year 9999; the clock is then not moved.
pub async fn advance(bus: &Bus, clock: &SimulatedClock, to: DateTime<Utc>) -> anyhow::Result<()> {
    let wanted = (to - Utc::now()).num_milliseconds();
    // Tried on a clock of its own first: what is kept can never be taken back.
    SimulatedClock::new()
        .set_offset(wanted.max(0))
        .context("moving the clock")?;
    let bucket = bucket(bus).await?;
    for _ in 0..MOVES_MAX {
        let entry = bucket.entry(OFFSET).await.context("reading the clock's offset")?;
        let kept = entry
            .as_ref()
            .and_then(|entry| number(&entry.value))
            .unwrap_or(i64::MIN);
        let offset = wanted.max(clock.offset()).max(kept);
        // Only over what was read: another process may have moved it further meanwhile.
        let revision = entry.map_or(0, |entry| entry.revision);
        match bucket.update(OFFSET, offset.to_string().into(), revision).await {
            Ok(_) => {
                apply(clock, offset);
                return Ok(());
            }
            Err(error) if error.kind() == kv::UpdateErrorKind::WrongLastRevision => {}
            Err(error) => return Err(error).context("keeping the clock's offset"),
        }
    }
    bail!("the clock is being moved by many at once; move it again")
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
            Some(entry) => apply_text(clock, &entry?.value),
            None => return Ok(()),
        }
    }
}

fn apply_text(clock: &SimulatedClock, value: &[u8]) {
    match number(value) {
        Some(offset) => apply(clock, offset),
        None => tracing::warn!("the shared clock holds no number"),
    }
}

/// Moves the clock unless it is there already: our own move comes back to us, and moves cross.
fn apply(clock: &SimulatedClock, offset: i64) {
    match clock.set_offset(offset) {
        Ok(()) | Err(ClockError::ClockGoesBack) => {}
        Err(error) => tracing::warn!(%error, "the clock was not moved"),
    }
}

fn number(value: &[u8]) -> Option<i64> {
    std::str::from_utf8(value).ok()?.parse().ok()
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
    bus.jetstream
        .create_key_value(config)
        .await
        .context("creating the bucket of the clock")
}
