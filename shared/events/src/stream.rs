//! Declaring streams: one per service, kept for ever. The only place that creates or changes one.

use std::time::Duration;

use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType};

use crate::subject;
use crate::{Bus, BusError};

/// Creates the stream of a service, or brings its configuration up to date.
///
/// # Errors
/// `Unavailable` where the server refuses or does not answer.
pub async fn declare(bus: &Bus, service: &str) -> Result<(), BusError> {
    let config = Config {
        name: subject::stream_name(service),
        description: Some(format!("Events of Heju's {service} service, kept for ever")),
        subjects: vec![subject::stream_subjects(service)],
        storage: StorageType::File,
        retention: RetentionPolicy::Limits,
        // Never lose an old event to make room: publishing fails first, and the outbox keeps what is not published.
        discard: DiscardPolicy::New,
        num_replicas: bus.config.replicas.max(1),
        duplicate_window: Duration::from_secs(bus.config.duplicate_window_s),
        allow_direct: true,
        ..Config::default()
    };
    bus.jetstream
        .create_or_update_stream(config)
        .await
        .map(|_| ())
        .map_err(|error| {
            BusError::Unavailable(format!(
                "declaring stream {}: {error}",
                subject::stream_name(service)
            ))
        })
}
