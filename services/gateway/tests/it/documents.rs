//! Contracts, API page, health, and the headers that go with every answer.

use crate::world::{World, json};

#[tokio::test]
async fn the_contracts_are_served_as_they_are() {
    let world = World::new().await;
    assert_eq!(
        world
            .get("/openapi.json")
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap(),
        proto::openapi::document()
    );
    assert_eq!(
        world
            .get("/asyncapi.json")
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap(),
        proto::asyncapi::document()
    );
}

#[tokio::test]
async fn the_page_and_all_it_refers_to_come_from_here_under_a_strict_policy() {
    let world = World::new().await;
    let root = world.get("/").send().await.unwrap();
    assert_eq!(
        (root.status().as_u16(), &root.headers()["location"]),
        (307, &"/docs".parse().unwrap())
    );
    let page = world.get("/docs").send().await.unwrap();
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("script-src 'self'"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(
        page.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    let text = page.text().await.unwrap();
    assert!(text.contains("接口文档"));
    assert!(
        !text.contains("http://") && !text.contains("https://"),
        "something foreign is on the page"
    );
    assert!(
        !text.contains("<style") && !text.contains("style=") && !text.contains("onclick"),
        "something is inline"
    );

    let mut wanted: Vec<String> = vec!["/docs/style.css".into(), "/docs/main.js".into()];
    let mut read = Vec::new();
    while let Some(path) = wanted.pop() {
        if read.contains(&path) {
            continue;
        }
        assert!(path.ends_with(".js") || text.contains(&path));
        let file = world.get(&path).send().await.unwrap();
        assert_eq!(file.status(), 200, "{path}");
        let media = file.headers()["content-type"].to_str().unwrap().to_owned();
        assert_eq!(
            media.starts_with("text/javascript"),
            path.ends_with(".js"),
            "{path}: {media}"
        );
        let content = file.text().await.unwrap();
        for import in content.lines().filter_map(|line| line.split(" from \"./").nth(1)) {
            wanted.push(format!("/docs/{}", import.trim_end_matches("\";")));
        }
        assert!(
            !content.contains("innerHTML") && !content.contains("eval("),
            "{path}"
        );
        read.push(path);
    }
    assert_eq!(read.len(), 7);
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_browsers() {
    let world = World::configured(|config| config.tls_in_front = true).await;
    for path in ["/docs", "/openapi.json", "/v1/me", "/nowhere", "/healthz/live"] {
        let answer = world.get(path).send().await.unwrap();
        let headers = answer.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        assert!(
            headers["content-security-policy"]
                .to_str()
                .unwrap()
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(
            headers["strict-transport-security"]
                .to_str()
                .unwrap()
                .contains("max-age"),
            "{path}"
        );
        assert!(headers.contains_key("trace-id"), "{path}");
    }
    let plain = World::new().await;
    let answer = plain.get("/docs").send().await.unwrap();
    assert!(!answer.headers().contains_key("strict-transport-security"));
}

#[tokio::test]
async fn readiness_says_what_is_missing_and_liveness_never_does() {
    let world = World::new().await;
    assert_eq!(world.get("/healthz/live").send().await.unwrap().status(), 200);
    let answer = world.get("/healthz/ready").send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(
        json(answer).await,
        serde_json::json!({ "ready": false, "missing": ["nats"] })
    );
    world.readiness.set("nats", true);
    assert_eq!(world.get("/healthz/ready").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn scripts_of_other_origins_are_let_in_by_configuration_only() {
    let origin = "https://console.example";
    let world = World::configured(|config| config.cors_origins = vec![origin.into()]).await;
    let preflight = |world: &World, origin: &str| {
        world
            .client
            .request(reqwest::Method::OPTIONS, format!("{}/v1/draws", world.base))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,idempotency-key")
            .send()
    };
    let answer = preflight(&world, origin).await.unwrap();
    assert_eq!(answer.headers()["access-control-allow-origin"], origin);
    assert!(
        !preflight(&world, "https://evil.example")
            .await
            .unwrap()
            .headers()
            .contains_key("access-control-allow-origin")
    );
    let refused = world.get("/v1/me").header("origin", origin).send().await.unwrap();
    assert_eq!(
        refused.headers()["access-control-allow-origin"],
        origin,
        "a refusal is readable too"
    );
    let closed = World::new().await;
    assert!(
        !preflight(&closed, origin)
            .await
            .unwrap()
            .headers()
            .contains_key("access-control-allow-origin")
    );
}
