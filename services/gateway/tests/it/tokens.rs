//! A token is checked at the gateway already, and again by the service.

use std::time::Duration;

use access::token::Issuer;
use chrono::{TimeDelta, Utc};

use crate::world::{World, authority, json, refused};

#[tokio::test]
async fn who_the_token_names_is_who_calls() {
    let world = World::new().await;
    let caller = json(world.read("/v1/me").send().await.unwrap()).await;
    assert_eq!(caller["subject"], "account-of-the-authority");
    assert_eq!(caller["roles"], serde_json::json!(["authority"]));
    assert_eq!(caller["jurisdiction"], "330783");
}

#[tokio::test]
async fn a_token_that_does_not_hold_is_refused_with_its_own_reason() {
    let world = World::new().await;
    let hour = Duration::from_secs(3_600);
    let good = world.token(&authority());
    let (head, signature) = good.rsplit_once('.').unwrap();
    let expired = world
        .issuer
        .issue(&authority(), Utc::now() - TimeDelta::hours(2), hour);
    let early = world
        .issuer
        .issue(&authority(), Utc::now() + TimeDelta::hours(1), hour);
    let stranger = Issuer::generate().issue(&authority(), Utc::now(), hour);
    let elsewhere = Issuer::generate()
        .named("elsewhere")
        .issue(&authority(), Utc::now(), hour);
    let changed = format!("{head}.{}", signature.chars().rev().collect::<String>());
    for (token, reason) in [
        (expired, "TOKEN_EXPIRED"),
        (early, "TOKEN_NOT_YET_VALID"),
        (stranger, "TOKEN_FORGED"),
        (changed, "TOKEN_FORGED"),
        (elsewhere, "TOKEN_ISSUER_UNKNOWN"),
        ("gibberish".to_owned(), "TOKEN_MALFORMED"),
        (for_another_service(&world), "TOKEN_FOR_ANOTHER_SERVICE"),
    ] {
        for path in ["/v1/draws/draw_1", "/v1/me", "/v1/events/stream"] {
            let answer = world.get(path).bearer_auth(&token).send().await.unwrap();
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            let (status, told, _) = refused(answer).await;
            assert_eq!((status, told.as_str()), (401, reason), "{path}");
        }
    }
    let (status, reason, _) = refused(world.get("/v1/draws/draw_1").send().await.unwrap()).await;
    assert_eq!((status, reason.as_str()), (401, "TOKEN_MISSING"));
    let basic = world
        .get("/v1/draws/draw_1")
        .basic_auth("a", Some("b"))
        .send()
        .await
        .unwrap();
    assert_eq!(refused(basic).await.1, "TOKEN_MALFORMED");
    assert!(world.echo.seen().is_empty(), "a service was asked");
}

/// Signed by the right key, for another audience.
fn for_another_service(world: &World) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    use ed25519_dalek::Signer;
    use ed25519_dalek::pkcs8::DecodePrivateKey;

    let good = world.token(&authority());
    let mut parts = good.split('.');
    let header = parts.next().unwrap();
    let mut claims: serde_json::Value =
        serde_json::from_slice(&BASE64.decode(parts.next().unwrap()).unwrap()).unwrap();
    claims["aud"] = "billing".into();
    let message = format!("{header}.{}", BASE64.encode(claims.to_string()));
    let key = ed25519_dalek::SigningKey::from_pkcs8_pem(&world.issuer.to_pem().unwrap()).unwrap();
    format!(
        "{message}.{}",
        BASE64.encode(key.sign(message.as_bytes()).to_bytes())
    )
}
