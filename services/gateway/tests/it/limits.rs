//! Limits on what a client may ask for, and an end in order.

use std::time::Duration;

use gateway::Config;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::echo::Answer;
use crate::world::{World, administrator, refused};

#[tokio::test]
async fn an_account_that_asks_too_often_is_told_when_to_come_back() {
    let world = World::configured(|config| {
        config.limits.per_account_per_s = 1;
        config.limits.burst_s = 2;
    })
    .await;
    for _ in 0..2 {
        assert_eq!(world.read("/v1/me").send().await.unwrap().status(), 200);
    }
    let answer = world.read("/v1/me").send().await.unwrap();
    assert_eq!(answer.headers()["retry-after"], "1");
    let (status, reason, _) = refused(answer).await;
    assert_eq!((status, reason.as_str()), (429, "TOO_MANY_REQUESTS"));
    let other = world.get("/v1/me").bearer_auth(world.token(&administrator()));
    assert_eq!(other.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn an_address_that_asks_too_often_waits_but_probes_do_not() {
    let world = World::configured(|config| {
        config.limits.per_address_per_s = 1;
        config.limits.burst_s = 1;
    })
    .await;
    assert_eq!(world.get("/v1/me").send().await.unwrap().status(), 401);
    assert_eq!(
        refused(world.get("/v1/me").send().await.unwrap()).await.1,
        "TOO_MANY_REQUESTS"
    );
    assert_eq!(world.get("/healthz/live").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn more_at_one_time_than_can_be_worked_on_is_503() {
    let world = World::configured(|config| config.limits.in_flight_max = 1).await;
    world.echo.will(Answer::After(Duration::from_secs(1)));
    let first = tokio::spawn(world.read("/v1/draws/draw_1").send());
    while world.echo.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (status, reason, _) = refused(world.read("/v1/me").send().await.unwrap()).await;
    assert_eq!((status, reason.as_str()), (503, "UNAVAILABLE"));
    assert_eq!(first.await.unwrap().unwrap().status(), 200);
    assert_eq!(world.read("/v1/me").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn headers_without_end_are_refused() {
    let world = World::new().await;
    let address = world.base.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "GET /docs HTTP/1.1\r\nhost: {address}\r\nx-long: {}\r\n\r\n",
        "a".repeat(100_000)
    );
    // The server may close while we still write.
    let _ = stream.write_all(head.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
        "{answer}"
    );
}

#[tokio::test]
async fn requests_that_run_end_before_the_gateway_does_and_no_new_one_begins() {
    let mut world = World::new().await;
    world.echo.will(Answer::After(Duration::from_millis(500)));
    let running = tokio::spawn(world.read("/v1/draws/draw_1").send());
    while world.echo.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    world.stop.cancel();
    assert_eq!(running.await.unwrap().unwrap().status(), 200);
    let served = world.served.take().unwrap();
    tokio::time::timeout(Duration::from_secs(5), served)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert!(world.get("/healthz/live").send().await.is_err());
}

#[test]
fn settings_that_cannot_work_are_told_by_name() {
    let told = |change: fn(&mut Config)| {
        let mut config = Config::default();
        change(&mut config);
        config.validate().unwrap_err().to_string()
    };
    assert!(told(|config| config.limits.body_bytes_max = 0).contains("limits.body_bytes_max"));
    assert!(told(|config| config.limits.body_bytes_max = 1 << 40).contains("at most"));
    assert!(
        told(|config| config.cors_origins = vec!["https://a.example/path".into()]).contains("cors_origins")
    );
    assert!(told(|config| config.public_url = "heju".into()).contains("public_url"));
    assert!(told(|config| config.issuer.kind = gateway::config::IssuerKind::Oidc).contains("issuer.name"));
}

#[test]
fn every_setting_has_its_variable() {
    let variables = [
        ("HEJU__LISTEN", "0.0.0.0:80"),
        ("HEJU__ISSUER__KIND", "oidc"),
        ("HEJU__ISSUER__CLAIMS__ROLES", "realm_access.roles"),
        ("HEJU__TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2"),
        ("HEJU__LIMITS__PER_ACCOUNT_PER_S", "7"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config: Config = heju_config::load_from(None, "HEJU", variables).unwrap();
    assert_eq!(config.issuer.kind, gateway::config::IssuerKind::Oidc);
    assert_eq!(config.issuer.claims.roles, "realm_access.roles");
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!((config.limits.per_account_per_s, config.listen.port()), (7, 80));
}
