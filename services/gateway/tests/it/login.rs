//! Sessions of the built-in issuer, its public keys, and a foreign issuer instead of it.

use access::token::{Verifier, VerifierSettings};
use chrono::{DateTime, Utc};
use gateway::config::IssuerKind;
use serde_json::{Value, json};

use crate::world::{PASSWORD, World, json as body_of, refused};

async fn log_in(world: &World, account: &str, password: &str) -> reqwest::Response {
    let body = json!({ "account": account, "password": password });
    world
        .post("/v1/sessions")
        .body(body.to_string())
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn the_right_password_opens_a_session_whose_token_works() {
    let world = World::new().await;
    let session = body_of(log_in(&world, "authority", PASSWORD).await).await;
    assert_eq!(session["caller"]["name"], "住房和城乡建设局");
    let ends: DateTime<Utc> = session["expiresAt"].as_str().unwrap().parse().unwrap();
    assert!(
        ends > Utc::now(),
        "a session lasts by real time, whatever the simulated clock shows"
    );
    let token = session["token"].as_str().unwrap();
    let caller = body_of(world.get("/v1/me").bearer_auth(token).send().await.unwrap()).await;
    assert_eq!(caller, session["caller"]);
    let id: ids::AccountId = caller["subject"].as_str().unwrap().parse().unwrap();
    assert_eq!(id, ids::AccountId::derive("authority"));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_are_the_same_refusal() {
    let world = World::new().await;
    let wrong = refused(log_in(&world, "authority", "wrong").await).await;
    let unknown = refused(log_in(&world, "nobody", "wrong").await).await;
    assert_eq!(wrong, unknown);
    assert_eq!((wrong.0, wrong.1.as_str()), (401, "CREDENTIALS_WRONG"));
}

#[tokio::test]
async fn after_too_many_attempts_even_the_right_password_waits() {
    let world = World::configured(|config| config.issuer.attempts_per_account = 2).await;
    for _ in 0..2 {
        assert_eq!(log_in(&world, "authority", "wrong").await.status(), 401);
    }
    let (status, reason, en) = refused(log_in(&world, "authority", PASSWORD).await).await;
    assert_eq!((status, reason.as_str()), (429, "TOO_MANY_ATTEMPTS"));
    assert!(en.contains("15 minutes"), "{en}");
    // An account that does not exist waits just the same.
    for _ in 0..2 {
        assert_eq!(log_in(&world, "nobody", "wrong").await.status(), 401);
    }
    assert_eq!(log_in(&world, "nobody", "wrong").await.status(), 429);
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_waits_and_proxies_are_seen_through() {
    let world = World::configured(|config| {
        config.issuer.attempts_per_address = 2;
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let from = async |address: &str, account: &str| {
        let body = json!({ "account": account, "password": "wrong" }).to_string();
        let request = world
            .post("/v1/sessions")
            .header("x-forwarded-for", address)
            .body(body);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(from("203.0.113.1", "a").await, 401);
    assert_eq!(from("203.0.113.1", "b").await, 401);
    assert_eq!(from("203.0.113.1", "c").await, 429);
    assert_eq!(
        from("198.51.100.7, 203.0.113.1", "c").await,
        429,
        "what a client claims before the proxy counts for nothing"
    );
    assert_eq!(from("203.0.113.2", "c").await, 401);
}

#[tokio::test]
async fn the_published_keys_verify_the_token() {
    let world = World::new().await;
    let session = body_of(log_in(&world, "authority", PASSWORD).await).await;
    let jwks: Value = body_of(world.get("/.well-known/jwks.json").send().await.unwrap()).await;
    assert!(
        jwks["keys"][0].get("d").is_none(),
        "the private part is not published"
    );
    let verifier = Verifier::from_jwks(VerifierSettings::default(), &jwks).unwrap();
    let caller = verifier
        .verify(session["token"].as_str().unwrap(), Utc::now())
        .await
        .unwrap();
    assert_eq!(caller.name, "住房和城乡建设局");

    let found = body_of(
        world
            .get("/.well-known/openid-configuration")
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(found["jwks_uri"], format!("{}/.well-known/jwks.json", world.base));
    assert_eq!(found["issuer"], "heju");
}

#[tokio::test]
async fn with_a_foreign_issuer_there_is_no_login_and_no_keys_here() {
    let world = World::configured(|config| {
        config.issuer.kind = IssuerKind::Oidc;
        config.issuer.name = "http://127.0.0.1:9/realms/city".into();
    })
    .await;
    let (status, reason, _) = refused(log_in(&world, "authority", PASSWORD).await).await;
    assert_eq!((status, reason.as_str()), (409, "ISSUER_DISABLED"));
    for path in ["/.well-known/jwks.json", "/.well-known/openid-configuration"] {
        assert_eq!(
            refused(world.get(path).send().await.unwrap()).await.1,
            "PATH_UNKNOWN"
        );
    }
    // Its keys cannot be had: that may pass.
    let (status, reason, _) = refused(world.read("/v1/me").send().await.unwrap()).await;
    assert_eq!((status, reason.as_str()), (503, "ISSUER_UNREACHABLE"));
}
