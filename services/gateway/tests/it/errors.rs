//! Every refusal and failure of a service has the one shape, with the status of the one table.

use std::time::Duration;

use serde_json::json;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::echo::Answer;
use crate::world::{World, json, refused};

fn refusal(code: Code) -> Status {
    let mut details = ErrorDetails::with_error_info(
        "DRAW_WRONG_STATE",
        "heju",
        [("zh".to_owned(), "已划转".to_owned())],
    );
    details.set_localized_message("zh-CN", "该申请已划转。");
    Status::with_error_details(code, "The draw is paid.", details)
}

#[tokio::test]
async fn every_code_has_its_status_and_keeps_reason_and_messages() {
    let world = World::new().await;
    for (code, http, name) in [
        (Code::InvalidArgument, 400, "INVALID_ARGUMENT"),
        (Code::OutOfRange, 400, "INVALID_ARGUMENT"),
        (Code::Unauthenticated, 401, "UNAUTHENTICATED"),
        (Code::PermissionDenied, 403, "PERMISSION_DENIED"),
        (Code::NotFound, 404, "NOT_FOUND"),
        (Code::AlreadyExists, 409, "ALREADY_EXISTS"),
        (Code::FailedPrecondition, 409, "FAILED_PRECONDITION"),
        (Code::Aborted, 409, "ABORTED"),
        (Code::ResourceExhausted, 429, "RESOURCE_EXHAUSTED"),
        (Code::Unavailable, 503, "UNAVAILABLE"),
        (Code::Cancelled, 503, "UNAVAILABLE"),
        (Code::DeadlineExceeded, 504, "DEADLINE_EXCEEDED"),
        (Code::Internal, 500, "INTERNAL"),
        (Code::Unknown, 500, "INTERNAL"),
        (Code::DataLoss, 500, "INTERNAL"),
        (Code::Unimplemented, 500, "INTERNAL"),
    ] {
        world.echo.will(Answer::Refusal(refusal(code)));
        let answer = world.read("/v1/draws/draw_1").send().await.unwrap();
        let retry_after = answer.headers().get("retry-after").is_some();
        let is_retried = matches!(
            code,
            Code::Aborted | Code::ResourceExhausted | Code::Unavailable | Code::Cancelled
        );
        assert_eq!(answer.status(), http, "{code:?}");
        // A code that the API does not know keeps the advice of the one it becomes.
        assert_eq!(retry_after, is_retried, "{code:?}");
        assert_eq!(
            answer.headers().contains_key("www-authenticate"),
            code == Code::Unauthenticated
        );
        let body = json(answer).await;
        assert_eq!(body["status"], name);
        assert_eq!(body["reason"], "DRAW_WRONG_STATE");
        assert_eq!(body["message"], "该申请已划转。");
        assert_eq!(body["messageEn"], "The draw is paid.");
        assert!(
            body.get("details").is_none() && body.get("error").is_none(),
            "{body}"
        );
    }
}

#[tokio::test]
async fn text_that_was_not_written_for_clients_stays_inside() {
    let world = World::new().await;
    for (code, http, reason) in [
        (Code::Internal, 500, "INTERNAL"),
        (Code::Unknown, 500, "INTERNAL"),
        (Code::Unavailable, 503, "UNAVAILABLE"),
        (Code::NotFound, 404, "NOT_FOUND"),
        (Code::PermissionDenied, 403, "NOT_ALLOWED"),
    ] {
        world.echo.will(Answer::Refusal(Status::new(
            code,
            "password of the database is hunter2",
        )));
        let (status, told, en) = refused(world.read("/v1/draws/draw_1").send().await.unwrap()).await;
        assert_eq!((status, told.as_str()), (http, reason));
        assert!(!en.contains("hunter2"), "{en}");
    }
}

#[tokio::test]
async fn a_service_with_a_bug_fails_its_own_call_only() {
    let world = World::new().await;
    world.echo.will(Answer::Panic);
    let (status, reason, _) = refused(world.read("/v1/draws/draw_1").send().await.unwrap()).await;
    assert_eq!((status, reason.as_str()), (500, "INTERNAL"));
    assert_eq!(world.read("/v1/draws/draw_1").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_service_that_does_not_answer_in_time_is_504() {
    let world = World::configured(|config| config.limits.request_timeout_s = 1).await;
    world.echo.will(Answer::After(Duration::from_secs(20)));
    let (status, reason, _) = refused(world.read("/v1/draws/draw_1").send().await.unwrap()).await;
    assert_eq!((status, reason.as_str()), (504, "DEADLINE_EXCEEDED"));
}

#[tokio::test]
async fn a_service_that_is_down_is_503_and_the_others_go_on() {
    // A port that nobody listens on.
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let down = rpc::remote(&rpc::PeerConfig {
        address: closed.to_string(),
    });
    let world = World::with(crate::world::Setting {
        with_registry: Some(down),
        ..Default::default()
    })
    .await;
    for path in ["/v1/homes/home_1", "/v1/ballots/ballot_1"] {
        let (status, reason, _) = refused(world.read(path).send().await.unwrap()).await;
        assert_eq!((status, reason.as_str()), (503, "UNAVAILABLE"), "{path}");
    }
    assert_eq!(world.read("/v1/draws/draw_1").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_path_and_a_method_that_do_not_exist_are_told_apart() {
    let world = World::new().await;
    let (status, reason, _) = refused(world.get("/v1/kings").send().await.unwrap()).await;
    assert_eq!((status, reason.as_str()), (404, "PATH_UNKNOWN"));
    let answer = world
        .client
        .delete(format!("{}/v1/draws", world.base))
        .send()
        .await
        .unwrap();
    let allow = answer.headers()["allow"].to_str().unwrap().to_owned();
    assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
    let (status, reason, _) = refused(answer).await;
    assert_eq!((status, reason.as_str()), (405, "METHOD_NOT_ALLOWED"));
    let answer = world.write("/v1/me", json!({})).send().await.unwrap();
    assert_eq!(refused(answer).await.0, 405);
}
