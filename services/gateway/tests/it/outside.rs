//! What is inside cannot be reached from outside.

use crate::world::{World, administrator, refused};

#[tokio::test]
async fn native_paths_of_grpc_are_no_paths() {
    let world = World::new().await;
    let token = world.token(&administrator());
    for call in proto::catalog::calls() {
        for media in ["application/grpc", "application/grpc-web", "application/json"] {
            let request = world
                .client
                .post(format!("{}{}", world.base, call.grpc_path))
                .bearer_auth(&token);
            let answer = request
                .header("content-type", media)
                .body(vec![0; 5])
                .send()
                .await
                .unwrap();
            let (status, reason, _) = refused(answer).await;
            assert_eq!(
                (status, reason.as_str()),
                (404, "PATH_UNKNOWN"),
                "{} {media}",
                call.grpc_path
            );
        }
    }
    assert!(world.echo.seen().is_empty());
}

#[tokio::test]
async fn a_client_of_grpc_gets_no_answer() {
    let world = World::new().await;
    let channel = tonic::transport::Endpoint::from_shared(world.base.clone())
        .unwrap()
        .connect()
        .await
        .unwrap();
    let mut client = proto::funds::v1::funds_service_client::FundsServiceClient::new(channel);
    let mut request = tonic::Request::new(proto::funds::v1::GetDrawRequest {
        draw_id: "draw_1".into(),
    });
    let token = format!("Bearer {}", world.token(&administrator()));
    request
        .metadata_mut()
        .insert("authorization", token.parse().unwrap());
    assert!(client.get_draw(request).await.is_err());
    assert!(world.echo.seen().is_empty());
}

#[tokio::test]
async fn internal_calls_have_no_path_at_all() {
    let world = World::new().await;
    let internal: Vec<_> = proto::catalog::calls()
        .iter()
        .filter(|call| call.internal)
        .collect();
    assert!(!internal.is_empty());
    for call in internal {
        assert_eq!(call.http, None, "{}", call.full_name);
    }
    // Every public one has, and the gateway serves it: without a token it asks for one.
    for call in proto::catalog::calls().iter().filter(|call| !call.public) {
        let Some(http) = &call.http else { continue };
        let path: String = http
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { "/x" } else { part })
            .fold(String::new(), |path, part| {
                if part.is_empty() {
                    path
                } else {
                    format!("{path}/{}", part.trim_start_matches('/'))
                }
            });
        let request = world
            .client
            .request(http.method.parse().unwrap(), format!("{}{path}", world.base));
        let (status, reason, _) = refused(request.send().await.unwrap()).await;
        assert_eq!(
            (status, reason.as_str()),
            (401, "TOKEN_MISSING"),
            "{} {path}",
            http.method
        );
    }
}
