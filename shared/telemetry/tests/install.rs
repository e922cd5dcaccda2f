//! Installing without an endpoint; a test binary of its own, because a process has one subscriber.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use telemetry::{Config, TelemetryError};

#[tokio::test]
async fn without_an_endpoint_traces_have_ids_and_a_second_install_is_refused() {
    let wrong = Config {
        sample_ratio: 1.5,
        ..Config::default()
    };
    assert!(matches!(
        telemetry::init(&wrong),
        Err(TelemetryError::SampleRatio(_))
    ));
    let unusable = Config {
        otlp_endpoint: Some("not an address".to_owned()),
        ..Config::default()
    };
    assert!(matches!(
        telemetry::init(&unusable),
        Err(TelemetryError::Endpoint { .. })
    ));

    // A configuration that was refused does not block the right one.
    let guard = telemetry::init(&Config::default()).unwrap();
    let trace = tracing::info_span!("root", service = "funds")
        .in_scope(telemetry::trace_id_of_current)
        .unwrap();
    assert_eq!(trace.len(), 32);
    assert!(matches!(
        telemetry::init(&Config::default()),
        Err(TelemetryError::AlreadyInstalled)
    ));
    telemetry::metrics().outbox_lag("funds", 0, Duration::ZERO);
    guard.shutdown(Duration::from_secs(5)).await.unwrap();
}
