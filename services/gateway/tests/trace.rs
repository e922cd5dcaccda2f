//! One trace covers the request, the gateway and the service: seen by a real OTLP receiver.
//!
//! A binary of its own, because telemetry is installed once in a process.
#![allow(clippy::unwrap_used, clippy::expect_used, dead_code)]

extern crate heju_gateway as gateway;

#[path = "it/echo.rs"]
mod echo;
#[path = "it/world.rs"]
mod world;

use std::time::Duration;

use spans::{Kind, Receiver, Span, Status};

use world::World;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let found = spans.iter().find(|span| span.name == name);
    found.unwrap_or_else(|| {
        panic!(
            "no span {name} in {:?}",
            spans.iter().map(|s| &s.name).collect::<Vec<_>>()
        )
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_span_of_a_request_stands_between_its_caller_and_the_service() {
    let receiver = Receiver::start(([127, 0, 0, 1], 0).into()).await.unwrap();
    let config = telemetry::Config {
        otlp_endpoint: Some(receiver.endpoint()),
        export_interval_ms: 50,
        ..telemetry::Config::default()
    };
    let telemetry = telemetry::init(&config).unwrap();
    let world = World::new().await;

    let parent = format!("00-{TRACE}-{CALLER}-01");
    let answer = world
        .read("/v1/draws/draw_1")
        .header("traceparent", parent)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["trace-id"], TRACE);

    world
        .echo
        .will(echo::Answer::Refusal(tonic::Status::internal("a bug")));
    let failed = world.read("/v1/draws/draw_2").send().await.unwrap();
    let own = failed.headers()["trace-id"].to_str().unwrap().to_owned();
    assert_ne!(own, TRACE);

    let both = |seen: &spans::Seen| seen.trace(TRACE).len() >= 2 && seen.trace(&own).len() >= 2;
    receiver.wait_for(both, Duration::from_secs(20)).await.unwrap();

    let trace = receiver.trace(TRACE);
    let request = named(&trace, "GET /v1/draws/{draw_id}");
    assert_eq!(request.parent_span_id.as_deref(), Some(CALLER));
    assert_eq!(
        (request.kind, request.service.as_str()),
        (Kind::Server, "gateway")
    );
    assert_eq!(request.attributes["http.route"], "/v1/draws/{draw_id}");
    assert_eq!(request.attributes["http.response.status_code"], 200);
    assert_eq!(request.attributes["enduser.id"], "account-of-the-authority");
    let call = named(&trace, "funds.GetDraw");
    assert_eq!(call.parent_span_id.as_deref(), Some(request.span_id.as_str()));
    assert_eq!(call.service, "funds");

    let trace = receiver.trace(&own);
    let request = named(&trace, "GET /v1/draws/{draw_id}");
    assert_eq!(request.parent_span_id, None);
    assert!(matches!(request.status, Status::Error(_)), "{:?}", request.status);
    assert_eq!(request.attributes["error.reason"], "INTERNAL");

    drop(world);
    telemetry.shutdown(Duration::from_secs(10)).await.unwrap();
}
