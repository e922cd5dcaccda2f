//! A collector that accepts and never answers; a test binary of its own, because a process has one subscriber.
#![allow(clippy::unwrap_used)]

use std::net::TcpListener;
use std::time::{Duration, Instant};

use telemetry::{Config, TelemetryError};

#[tokio::test]
async fn a_silent_collector_cannot_hold_the_process() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let guard = telemetry::init(&Config {
        otlp_endpoint: Some(format!("http://{}", silent.local_addr().unwrap())),
        ..Config::default()
    })
    .unwrap();
    tracing::info_span!("unheard", service = "funds").in_scope(|| ());
    let begun = Instant::now();
    let refused = guard.shutdown(Duration::from_millis(200)).await.unwrap_err();
    assert!(
        matches!(
            refused,
            TelemetryError::Deadline | TelemetryError::NotDelivered(_)
        ),
        "{refused}"
    );
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}
