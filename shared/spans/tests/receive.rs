//! From the telemetry of a program to the receiver, over real gRPC.
//! One test, because a process has one subscriber.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use spans::{Kind, Receiver, Span, TraceSummary};
use tower::ServiceExt;
use tracing::Instrument;

const DEADLINE: Duration = Duration::from_secs(20);

/// A call from the gateway to funds, and an event that committees handles in the same process.
async fn story() -> (String, Option<String>) {
    let request = tracing::info_span!("POST /v1/draws", service = "gateway", otel.kind = "server");
    let (trace, row) = async {
        let mut headers = http_headers();
        telemetry::inject_http(&mut headers);
        let call = tracing::info_span!(
            "funds.ProposeDraw",
            service = "funds",
            otel.kind = "server",
            draw.id = "draw_1",
            homes = 12
        );
        assert!(telemetry::set_parent(
            &call,
            telemetry::extract_http(&headers).as_deref()
        ));
        async {
            tracing::info!(draw.id = "draw_1", "draw proposed");
            (
                telemetry::trace_id_of_current().unwrap(),
                telemetry::trace_parent_of_current(),
            )
        }
        .instrument(call)
        .await
    }
    .instrument(request)
    .await;
    let reaction = tracing::info_span!(
        "on_vote_requested",
        service = "committees",
        otel.kind = "consumer"
    );
    assert!(telemetry::set_parent(&reaction, row.as_deref()));
    let other = tracing::info_span!("relay batch", service = "funds", otel.kind = "producer");
    assert!(telemetry::link(&other, row.as_deref()));
    async {}.instrument(reaction).await;
    async {}.instrument(other).await;
    (trace, row)
}

fn http_headers() -> axum::http::HeaderMap {
    axum::http::HeaderMap::new()
}

fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    spans.iter().find(|span| span.name == name).unwrap()
}

async fn get(receiver: &Receiver, path: &str) -> (StatusCode, Value) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = spans::http::router(receiver.clone())
        .oneshot(request)
        .await
        .unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spans_metrics_and_logs_arrive_with_the_right_edges() {
    let receiver = Receiver::start(([127, 0, 0, 1], 0).into()).await.unwrap();
    let guard = telemetry::init(&telemetry::Config {
        service_name: "heju-all".to_owned(),
        otlp_endpoint: Some(receiver.endpoint()),
        export_interval_ms: 10,
        metrics_interval_ms: 50,
        // Also what should never be recorded is asked for: the exporter must not trace itself.
        span_filter: "trace".to_owned(),
        log_filter: "off".to_owned(),
        ..telemetry::Config::default()
    })
    .unwrap();

    let (trace_id, row) = story().await;
    let metrics = telemetry::metrics();
    metrics.outbox_lag("funds", 3, Duration::from_millis(5));
    metrics.consumer_lag("committees", "on_vote_requested", 1);
    metrics.handler_time(
        "committees",
        "on_vote_requested",
        "applied",
        Duration::from_millis(2),
    );
    metrics.deadlines_overdue("committees", 0);
    metrics.dead_letters("committees", 0);
    metrics.dead_letter_added("committees", "on_vote_requested");
    metrics.request_time(
        "funds",
        "heju.funds.v1.Funds/ProposeDraw",
        "OK",
        Duration::from_millis(1),
    );

    receiver
        .wait_for(
            |seen| {
                seen.trace(&trace_id).len() == 3
                    && seen.has_metric("heju.request.time")
                    && seen.log_records().any(|record| record.body == "draw proposed")
            },
            DEADLINE,
        )
        .await
        .unwrap();

    let trace = receiver.trace(&trace_id);
    let (gateway, funds, committees) = (
        named(&trace, "POST /v1/draws"),
        named(&trace, "funds.ProposeDraw"),
        named(&trace, "on_vote_requested"),
    );
    assert_eq!(gateway.parent_span_id, None);
    assert_eq!(funds.parent_span_id.as_ref(), Some(&gateway.span_id));
    assert_eq!(committees.parent_span_id.as_ref(), Some(&funds.span_id));
    assert_eq!(
        [&gateway.service, &funds.service, &committees.service],
        ["gateway", "funds", "committees"]
    );
    assert_eq!(funds.resource_service, "heju-all");
    assert_eq!((funds.kind, committees.kind), (Kind::Server, Kind::Consumer));
    assert_eq!(funds.attributes["draw.id"], json!("draw_1"));
    assert_eq!(funds.attributes["homes"], json!(12));
    assert!(funds.start_unix_nanos >= gateway.start_unix_nanos);

    let record = receiver
        .log_records()
        .into_iter()
        .find(|record| record.body == "draw proposed")
        .unwrap();
    assert_eq!(record.severity, "INFO");
    assert_eq!(record.trace_id.as_deref(), Some(trace_id.as_str()));
    assert_eq!(record.span_id.as_ref(), Some(&funds.span_id));
    assert_eq!(record.attributes["draw.id"], json!("draw_1"));

    let (status, body) = get(&receiver, &format!("/traces/{trace_id}")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(serde_json::from_value::<Vec<Span>>(body).unwrap(), trace);
    let (_, body) = get(&receiver, "/traces").await;
    let recent: Vec<TraceSummary> = serde_json::from_value(body).unwrap();
    let summary = recent
        .iter()
        .find(|summary| summary.trace_id == trace_id)
        .unwrap();
    assert_eq!(summary.name, "POST /v1/draws");
    assert_eq!(summary.services, ["committees", "funds", "gateway"]);
    assert_eq!(
        get(&receiver, "/traces/nonsense").await.0,
        StatusCode::BAD_REQUEST
    );
    let unknown = format!("/traces/{}", "f".repeat(32));
    assert_eq!(get(&receiver, &unknown).await.0, StatusCode::NOT_FOUND);

    // What was recorded last arrives through the shutdown.
    tracing::info_span!("last").in_scope(|| tracing::warn!("the end"));
    guard.shutdown(DEADLINE).await.unwrap();
    let spans = receiver.spans();
    named(&spans, "last");
    let linked = named(&spans, "relay batch");
    assert!(row.unwrap().contains(&linked.links[0].span_id));
    assert_eq!(linked.links[0].trace_id, trace_id);
    assert_eq!(
        receiver.metric_names(),
        [
            "heju.consumer.lag",
            "heju.dead_letters",
            "heju.dead_letters.added",
            "heju.deadlines.overdue",
            "heju.handler.time",
            "heju.outbox.age",
            "heju.outbox.lag",
            "heju.request.time",
        ]
    );
    let of_requests = receiver.metrics().pop().unwrap();
    assert_eq!(of_requests.labels, ["code", "rpc", "service"]);
    assert_eq!(of_requests.unit, "s");

    // The story had four spans and `last`; the exports added none.
    assert_eq!(
        spans.len(),
        5,
        "{:?}",
        spans.iter().map(|span| &span.name).collect::<Vec<_>>()
    );
    assert!(
        receiver
            .log_records()
            .iter()
            .any(|record| record.body == "the end")
    );

    let waited = receiver.wait_for(|_| false, Duration::ZERO).await.unwrap_err();
    assert_eq!(waited.spans, 5);
}
