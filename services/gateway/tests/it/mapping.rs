//! Paths, queries, bodies and headers reach the service as the contract says, and its answers come back.

use serde_json::json;

use crate::echo::Answer;
use crate::world::{World, json};

#[tokio::test]
async fn a_path_parameter_reaches_the_service_and_its_answer_comes_back() {
    let world = World::new().await;
    world.echo.will(Answer::Message(
        json!({ "drawId": "draw_1", "budgetFen": "4567890", "title": "3幢屋面防水维修" }),
    ));
    let answer = world.read("/v1/draws/draw_1").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let body = json(answer).await;
    assert_eq!(world.echo.last().message, json!({ "drawId": "draw_1" }));
    assert_eq!(body["title"], "3幢屋面防水维修");
    assert_eq!(body["budgetFen"], "4567890", "a 64-bit integer is a string");
    assert_eq!(body["version"], "0", "a field with its default is written");
}

#[tokio::test]
async fn query_parameters_are_read_in_both_spellings() {
    let world = World::new().await;
    let path = "/v1/draws?areaId=area_1&state=DRAW_STATE_VOTING&page_size=20&pageToken=a%20b";
    assert_eq!(world.read(path).send().await.unwrap().status(), 200);
    let wanted =
        json!({ "areaId": "area_1", "state": "DRAW_STATE_VOTING", "pageSize": 20, "pageToken": "a b" });
    assert_eq!(world.echo.last().message, wanted);
}

#[tokio::test]
async fn a_body_and_a_path_together_make_the_request() {
    let world = World::new().await;
    let answer = world
        .write("/v1/draws/draw_7/check", json!({ "remark": "属实" }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let seen = world.echo.last();
    assert_eq!(seen.method, "check_draw");
    assert_eq!(seen.message, json!({ "drawId": "draw_7", "remark": "属实" }));
}

#[tokio::test]
async fn an_integer_of_64_bits_may_be_a_string_or_a_number() {
    let world = World::new().await;
    for budget in [json!("9007199254740993"), json!(9_007_199_254_740_993_i64)] {
        let answer = world
            .write("/v1/draws", json!({ "budgetFen": budget }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(world.echo.last().message["budgetFen"], "9007199254740993");
    }
}

#[tokio::test]
async fn token_key_reason_and_trace_go_along_and_nothing_else() {
    let world = World::new().await;
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let request = world
        .write("/v1/draws", "{}")
        .header("call-reason", "because")
        .header("traceparent", parent)
        .header("cookie", "a=b")
        .header("x-forwarded-for", "203.0.113.9")
        .header("x-user", "administrator");
    assert_eq!(request.send().await.unwrap().status(), 200);
    let metadata = world.echo.last().metadata;
    let text = |key: &str| metadata.get(key).map(|value| value.to_str().unwrap().to_owned());
    assert!(text("authorization").unwrap().starts_with("Bearer ey"));
    assert_eq!(text("idempotency-key").as_deref(), Some("key-1"));
    assert_eq!(text("call-reason").as_deref(), Some("because"));
    assert!(
        text("traceparent")
            .unwrap()
            .contains("4bf92f3577b34da6a3ce929d0e0e4736")
    );
    assert_eq!(text("grpc-timeout").as_deref(), Some("30000m"));
    for absent in ["cookie", "x-user", "x-forwarded-for"] {
        assert_eq!(text(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn a_service_may_take_longer_than_the_transcoder_waits_for_headers() {
    let world = World::new().await;
    // Five seconds are the transcoder's own.
    world
        .echo
        .will(Answer::After(std::time::Duration::from_millis(5_500)));
    assert_eq!(
        world
            .write("/v1/deposits/import", "{}")
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}
