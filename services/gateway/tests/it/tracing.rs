//! Every answer names its trace, and a trace that a client began goes on.

use crate::world::{World, refused};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[tokio::test]
async fn a_trace_of_the_clients_goes_on_and_another_begins_where_there_is_none() {
    let world = World::new().await;
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let answer = world
        .read("/v1/draws/draw_1")
        .header("traceparent", &parent)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["trace-id"], TRACE);
    assert!(
        world
            .echo
            .last()
            .metadata
            .get("traceparent")
            .unwrap()
            .to_str()
            .unwrap()
            .contains(TRACE)
    );

    let answer = world
        .read("/v1/draws/draw_1")
        .header("traceparent", "nonsense")
        .send()
        .await
        .unwrap();
    let own = answer.headers()["trace-id"].to_str().unwrap().to_owned();
    assert!(
        own.len() == 32 && own.bytes().all(|b| b.is_ascii_hexdigit()) && own != TRACE,
        "{own}"
    );
    assert!(
        world
            .echo
            .last()
            .metadata
            .get("traceparent")
            .unwrap()
            .to_str()
            .unwrap()
            .contains(&own)
    );
}

#[tokio::test]
async fn a_refusal_names_the_trace_in_body_and_header() {
    let world = World::new().await;
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let answer = world
        .get("/nowhere")
        .header("traceparent", parent)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["trace-id"], TRACE);
    // `refused` compares header and body.
    refused(answer).await;
}
