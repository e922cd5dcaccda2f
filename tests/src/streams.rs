//! What NATS holds: every event of a service's stream, and how far its consumers are.

use std::time::Duration;

use anyhow::{Context, Result};
use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use events::{Bus, Envelope, subject};
use futures::{StreamExt, TryStreamExt};

/// Longest wait for the next event of a stream that has one.
const NEXT_WITHIN: Duration = Duration::from_secs(20);

/// An event with its subject.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Where it was published.
    pub subject: String,
    /// The event.
    pub envelope: Envelope,
}

/// Every event of a service's stream, from the first to the last that is there now.
///
/// # Errors
/// Where the stream cannot be read, or holds something that is no event.
pub async fn events_of(bus: &Bus, service: &str) -> Result<Vec<Stored>> {
    let mut stream = bus.jetstream.get_stream(subject::stream_name(service)).await?;
    let count = stream.info().await?.state.messages;
    let config = pull::OrderedConfig {
        deliver_policy: DeliverPolicy::All,
        ..pull::OrderedConfig::default()
    };
    let mut messages = stream.create_consumer(config).await?.messages().await?;
    let mut events = Vec::new();
    for _ in 0..count {
        let message = tokio::time::timeout(NEXT_WITHIN, messages.next()).await;
        let message = message
            .context("the stream stands still")?
            .context("the stream ended")??;
        let envelope = Envelope::read(message.headers.as_ref(), message.payload.clone())?;
        events.push(Stored {
            subject: message.subject.to_string(),
            envelope,
        });
    }
    Ok(events)
}

/// What consumers of a service's stream have not acknowledged: name, waiting, under way.
///
/// # Errors
/// Where NATS does not answer.
pub async fn unhandled(bus: &Bus, service: &str) -> Result<Vec<(String, u64, usize)>> {
    let stream = bus.jetstream.get_stream(subject::stream_name(service)).await?;
    let consumers: Vec<_> = stream.consumers().try_collect().await?;
    // Those of readers come and go; durables are the reactions.
    let durables = consumers
        .into_iter()
        .filter(|info| info.config.durable_name.is_some());
    Ok(durables
        .filter(|info| info.num_pending > 0 || info.num_ack_pending > 0)
        .map(|info| (info.name, info.num_pending, info.num_ack_pending))
        .collect())
}
