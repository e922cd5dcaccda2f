//! Declaring durable pull consumers: what has been handled is remembered by the server.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, Consumer, DeliverPolicy, pull};

use crate::subject;
use crate::{Bus, BusError};

/// How long nobody may tell the server anything of an event before it is delivered again: how long the events that a
/// process held stand still after it was killed. A handler that takes longer says that it is at work.
pub const ACK_WAIT: Duration = Duration::from_secs(10);

/// A durable that a reaction wants.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The service that reacts.
    pub service: &'a str,
    /// Its reaction.
    pub reaction: &'a str,
    /// The service whose stream it follows.
    pub source: &'a str,
    /// Subjects of the events it wants.
    pub filters: Vec<String>,
    /// Events delivered and not acknowledged at one time, over all replicas of the service.
    pub unacknowledged_max: i64,
}

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
pub async fn declare(bus: &Bus, wanted: Wanted<'_>) -> Result<Consumer<pull::Config>, BusError> {
    let durable = name(wanted.service, wanted.reaction);
    let config = pull::Config {
        durable_name: Some(durable.clone()),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: ACK_WAIT,
        max_deliver: -1,
        max_ack_pending: wanted.unacknowledged_max,
        filter_subjects: wanted.filters,
        num_replicas: bus.config.replicas.max(1),
        ..pull::Config::default()
    };
    bus.jetstream
        .create_consumer_on_stream(config, subject::stream_name(wanted.source))
        .await
        .map_err(|error| BusError::Unavailable(format!("declaring consumer {durable}: {error}")))
}
