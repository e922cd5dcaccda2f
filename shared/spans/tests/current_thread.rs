//! Exporter and receiver share one thread: the shutdown must not wait for itself.
//! A test binary of its own, because a process has one subscriber.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use spans::Receiver;

#[tokio::test(flavor = "current_thread")]
async fn the_shutdown_flushes_on_a_runtime_of_one_thread() {
    let receiver = Receiver::start(([127, 0, 0, 1], 0).into()).await.unwrap();
    let guard = telemetry::init(&telemetry::Config {
        otlp_endpoint: Some(receiver.endpoint()),
        // Only the shutdown exports within the time of this test.
        export_interval_ms: 600_000,
        metrics_interval_ms: 600_000,
        ..telemetry::Config::default()
    })
    .unwrap();
    tracing::info_span!("only", service = "funds").in_scope(|| ());
    telemetry::metrics().dead_letters("funds", 0);
    guard.shutdown(Duration::from_secs(10)).await.unwrap();
    assert_eq!(receiver.spans()[0].name, "only");
    assert_eq!(receiver.metric_names(), ["heju.dead_letters"]);
}
