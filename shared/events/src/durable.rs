//! Declaring durable pull consumers: what has been handled is remembered by the server.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, Consumer, DeliverPolicy, pull};

use crate::subject;
use crate::{Bus, BusError};

/// How long a handler may take before the server delivers the event again.
pub const ACK_WAIT: Duration = Duration::from_secs(30);
/// Events delivered and not acknowledged at one time, over all replicas of a service.
const ACK_PENDING_MAX: i64 = 512;

/// Name of the durable of a service's reaction: `funds--on_ballot_decided`.
pub fn name(service: &str, reaction: &str) -> String {
    format!("{service}--{reaction}")
}

/// Creates the durable of a reaction on another service's stream, or brings it up to date.
///
/// Redelivery has no end on the server's side: the service itself counts and writes a dead letter, so that an event is
/// never dropped silently.
///
/// # Errors
/// `Unavailable` where the stream does not exist yet or the server does not answer.
pub async fn declare(
    bus: &Bus,
    service: &str,
    reaction: &str,
    source: &str,
    filters: Vec<String>,
) -> Result<Consumer<pull::Config>, BusError> {
    let durable = name(service, reaction);
    let config = pull::Config {
        durable_name: Some(durable.clone()),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: ACK_WAIT,
        max_deliver: -1,
        max_ack_pending: ACK_PENDING_MAX,
        filter_subjects: filters,
        num_replicas: bus.config.replicas.max(1),
        ..pull::Config::default()
    };
    bus.jetstream
        .create_consumer_on_stream(config, subject::stream_name(source))
        .await
        .map_err(|error| BusError::Unavailable(format!("declaring consumer {durable}: {error}")))
}
