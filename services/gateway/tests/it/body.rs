//! What is wrong with a request is said in words that name the field, and no service is asked.

use serde_json::json;

use crate::world::{World, refused};

async fn of_body(world: &World, body: impl ToString) -> (u16, String, String) {
    let told = refused(world.write("/v1/draws", body).send().await.unwrap()).await;
    assert!(world.echo.seen().is_empty(), "the service was asked");
    told
}

#[tokio::test]
async fn a_field_that_is_not_known_is_named() {
    let world = World::new().await;
    let (status, reason, en) = of_body(&world, json!({ "title": "a", "titel": "b" })).await;
    assert_eq!((status, reason.as_str()), (400, "FIELD_UNKNOWN"));
    assert!(en.starts_with("titel:"), "{en}");
    let (_, reason, en) = of_body(&world, json!({ "scope": { "areaId": "a", "buildings": [] } })).await;
    assert_eq!(reason, "FIELD_UNKNOWN");
    assert!(en.starts_with("scope.buildings:"), "{en}");
}

#[tokio::test]
async fn a_value_of_another_type_is_named_with_what_it_should_be() {
    let world = World::new().await;
    for (body, told) in [
        (
            json!({ "budgetFen": "a lot" }),
            "budgetFen: must be a whole number of 64 bits",
        ),
        (
            json!({ "budgetFen": 1.5 }),
            "budgetFen: must be a whole number of 64 bits",
        ),
        (json!({ "title": 7 }), "title: must be text"),
        (json!({ "part": "SHARED_PART_MOAT" }), "part: must be one of "),
        (json!({ "scope": [] }), "scope: must be an object"),
        (
            json!({ "scope": { "buildingIds": "b" } }),
            "scope.buildingIds: must be a list",
        ),
        (
            json!({ "scope": { "buildingIds": ["b", 2] } }),
            "scope.buildingIds[1]: must be text",
        ),
        (json!([]), "The body: must be an object"),
        (json!("text"), "The body: must be an object"),
    ] {
        let (status, reason, en) = of_body(&world, &body).await;
        assert_eq!((status, reason.as_str()), (400, "BODY_MALFORMED"), "{body}");
        assert!(en.starts_with(told), "{body}: {en}");
    }
}

#[tokio::test]
async fn what_is_not_json_is_told_by_line_and_column() {
    let world = World::new().await;
    let (status, reason, en) = of_body(&world, "{\n \"title\": ,\n}").await;
    assert_eq!((status, reason.as_str()), (400, "BODY_MALFORMED"));
    assert_eq!(en, "The body is not JSON: line 2, column 11.");
    let (_, reason, _) = of_body(&world, "\u{feff}{}").await;
    assert_eq!(reason, "BODY_MALFORMED");
}

#[tokio::test]
async fn text_in_gbk_is_told_to_be_converted() {
    let world = World::new().await;
    let gbk = b"{\"title\": \"\xce\xdd\xc3\xe6\"}".to_vec();
    let request = world.write("/v1/draws", "").body(gbk);
    let (status, reason, en) = refused(request.send().await.unwrap()).await;
    assert_eq!((status, reason.as_str()), (400, "BODY_MALFORMED"));
    assert!(en.contains("not UTF-8"), "{en}");
}

#[tokio::test]
async fn a_form_is_not_json() {
    let world = World::new().await;
    let request = world
        .client
        .post(format!("{}/v1/draws", world.base))
        .body("title=a");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let token = world.token(&crate::world::authority());
    let (status, reason, _) = refused(request.bearer_auth(token).send().await.unwrap()).await;
    assert_eq!((status, reason.as_str()), (400, "BODY_MALFORMED"));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_with_and_without_a_length() {
    let world = World::configured(|config| config.limits.body_bytes_max = 1_000).await;
    let large = json!({ "text": "x".repeat(2_000) }).to_string();
    let (status, reason, en) = of_body(&world, &large).await;
    assert_eq!((status, reason.as_str()), (413, "BODY_TOO_LARGE"));
    assert!(en.contains("1000 bytes"), "{en}");
    let chunks = futures::stream::iter(
        large
            .into_bytes()
            .chunks(100)
            .map(|part| Ok::<_, std::io::Error>(part.to_vec()))
            .collect::<Vec<_>>(),
    );
    let request = world
        .write("/v1/draws", "")
        .body(reqwest::Body::wrap_stream(chunks));
    assert_eq!(refused(request.send().await.unwrap()).await.1, "BODY_TOO_LARGE");
}

#[tokio::test]
async fn a_query_parameter_that_is_unknown_or_malformed_is_named() {
    let world = World::new().await;
    for (path, wanted, told) in [
        ("/v1/draws?arreaId=1", "FIELD_UNKNOWN", "arreaId:"),
        ("/v1/draws/draw_1?drawId=draw_2", "FIELD_UNKNOWN", "drawId:"),
        (
            "/v1/draws?pageSize=many",
            "PARAMETER_MALFORMED",
            "pageSize: must be a whole number",
        ),
        (
            "/v1/draws?state=OPEN",
            "PARAMETER_MALFORMED",
            "state: must be one of",
        ),
    ] {
        let (status, reason, en) = refused(world.read(path).send().await.unwrap()).await;
        assert_eq!((status, reason.as_str()), (400, wanted), "{path}");
        assert!(en.starts_with(told), "{path}: {en}");
    }
    let (_, reason, _) = refused(world.write("/v1/draws?title=a", "{}").send().await.unwrap()).await;
    assert_eq!(
        reason, "FIELD_UNKNOWN",
        "a call whose fields are all in the body takes no query"
    );
    assert!(world.echo.seen().is_empty());
}

#[tokio::test]
async fn a_header_that_cannot_be_passed_on_is_named() {
    let world = World::new().await;
    let request = world
        .write("/v1/draws", "{}")
        .header("call-reason", "屋面".as_bytes());
    let (status, reason, en) = refused(request.send().await.unwrap()).await;
    assert_eq!((status, reason.as_str()), (400, "HEADER_MALFORMED"));
    assert!(en.contains("call-reason"), "{en}");
}
