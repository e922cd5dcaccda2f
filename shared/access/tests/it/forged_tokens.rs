//! Tokens made by somebody else, or for somebody else.

use access::{Issuer, Role, TokenError, Verifier, VerifierSettings};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::world::*;

/// An issuer, and the same key in the hands of one who may write any claim.
struct Workshop {
    issuer: Issuer,
    verifier: Verifier,
    now: DateTime<Utc>,
}

impl Workshop {
    fn open() -> Self {
        let issuer = Issuer::generate();
        let verifier = Verifier::from_jwks(VerifierSettings::default(), &issuer.jwks()).unwrap();
        Self {
            issuer,
            verifier,
            now: Utc::now(),
        }
    }

    fn key_id(&self) -> String {
        self.issuer.jwks()["keys"][0]["kid"].as_str().unwrap().to_owned()
    }

    fn claims(&self) -> Value {
        let at = self.now.timestamp();
        json!({ "iss": "heju", "aud": "heju", "sub": "account-1", "name": "业主", "roles": ["owner"],
                "iat": at, "nbf": at, "exp": at + 3600 })
    }

    /// Signs whatever it is given with the issuer's own key.
    fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.key_id());
        let key = EncodingKey::from_ed_pem(self.issuer.to_pem().unwrap().as_bytes()).unwrap();
        jsonwebtoken::encode(&header, claims, &key).unwrap()
    }

    fn with(&self, claim: &str, value: Value) -> Value {
        let mut claims = self.claims();
        claims[claim] = value;
        claims
    }

    async fn refusal(&self, token: &str) -> TokenError {
        self.verifier.verify(token, self.now).await.unwrap_err()
    }
}

fn unsigned(header: Value, claims: &Value) -> String {
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    format!("{}.{}.", part(&header), part(claims))
}

#[tokio::test]
async fn the_workshops_own_token_holds() {
    let shop = Workshop::open();
    let token = shop.sign(&shop.claims());
    let bearer = shop.verifier.verify(&token, shop.now).await.unwrap();
    assert_eq!(bearer.acting_role(), "owner");
}

#[tokio::test]
async fn another_key_is_forged_also_under_the_right_name() {
    let shop = Workshop::open();
    let stranger = Workshop::open();
    let unknown = stranger.sign(&stranger.claims());
    assert_eq!(shop.refusal(&unknown).await, TokenError::TokenForged);

    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(shop.key_id());
    let key = EncodingKey::from_ed_pem(stranger.issuer.to_pem().unwrap().as_bytes()).unwrap();
    let token = jsonwebtoken::encode(&header, &shop.claims(), &key).unwrap();
    assert_eq!(shop.refusal(&token).await, TokenError::TokenForged);
}

#[tokio::test]
async fn a_changed_claim_or_signature_is_forged() {
    let shop = Workshop::open();
    let token = shop.sign(&shop.claims());
    let parts: Vec<&str> = token.split('.').collect();
    let promoted = shop.with("roles", json!(["authority"]));
    let promoted = URL_SAFE_NO_PAD.encode(promoted.to_string());
    let changed = format!("{}.{promoted}.{}", parts[0], parts[2]);
    assert_eq!(shop.refusal(&changed).await, TokenError::TokenForged);

    // The genuine token was accepted before: its memory must not cover the changed one.
    shop.verifier.verify(&token, shop.now).await.unwrap();
    let mut signature = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
    signature[0] ^= 1;
    let changed = format!("{}.{}.{}", parts[0], parts[1], URL_SAFE_NO_PAD.encode(signature));
    assert_eq!(shop.refusal(&changed).await, TokenError::TokenForged);
}

#[tokio::test]
async fn no_algorithm_and_shared_secrets_are_refused() {
    let shop = Workshop::open();
    for alg in ["none", "None", "HS256", "ES256", "RS256", "", "EdDSA"] {
        for kid in [Some(shop.key_id()), None] {
            let token = unsigned(json!({ "alg": alg, "typ": "JWT", "kid": kid }), &shop.claims());
            assert_eq!(shop.refusal(&token).await, TokenError::TokenForged, "{alg}");
        }
    }
    // The classic: the public key taken for a shared secret.
    let public = shop.issuer.jwks()["keys"][0]["x"].as_str().unwrap().to_owned();
    let secret = URL_SAFE_NO_PAD.decode(public).unwrap();
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(shop.key_id());
    let key = EncodingKey::from_secret(&secret);
    let token = jsonwebtoken::encode(&header, &shop.claims(), &key).unwrap();
    assert_eq!(shop.refusal(&token).await, TokenError::TokenForged);
}

#[tokio::test]
async fn another_audience_and_another_issuer_are_refused() {
    let shop = Workshop::open();
    for audience in [json!("shop"), json!(["a", "b"]), json!(null), json!(7)] {
        let token = shop.sign(&shop.with("aud", audience));
        assert_eq!(shop.refusal(&token).await, TokenError::TokenForAnotherService);
    }
    let token = shop.sign(&shop.with("aud", json!(["shop", "heju"])));
    assert!(shop.verifier.verify(&token, shop.now).await.is_ok());
    let token = shop.sign(&shop.with("iss", json!("https://elsewhere.example")));
    assert_eq!(shop.refusal(&token).await, TokenError::TokenIssuerUnknown);
}

#[tokio::test]
async fn claims_that_cannot_be_read_are_refused() {
    let shop = Workshop::open();
    for (claim, value) in [
        ("sub", json!("")),
        ("sub", json!(null)),
        ("exp", json!(null)),
        ("exp", json!("tomorrow")),
        ("nbf", json!({})),
        ("roles", json!(7)),
        ("roles", json!([7])),
        ("org", json!("home_0193c2b06a6f7c7e8f3f6d1c2b3a4e5f")),
        ("org", json!(["firm"])),
        ("jurisdiction", json!("33078")),
        ("owner", json!("somebody")),
    ] {
        let token = shop.sign(&shop.with(claim, value.clone()));
        let refusal = shop.refusal(&token).await;
        assert_eq!(refusal, TokenError::TokenClaimsInvalid, "{claim}: {value}");
    }
}

#[tokio::test]
async fn unknown_roles_grant_nothing_and_do_no_harm() {
    let shop = Workshop::open();
    let token = shop.sign(&shop.with("roles", json!(["emperor", "owner", "service"])));
    let bearer = shop.verifier.verify(&token, shop.now).await.unwrap();
    assert_eq!(bearer.roles, [Role::Owner].into());
}

#[tokio::test]
async fn what_is_no_token_is_malformed_or_missing() {
    let shop = Workshop::open();
    assert_eq!(shop.refusal("").await, TokenError::TokenMissing);
    let long = "a".repeat(20_000);
    let list = unsigned(json!({ "alg": "EdDSA" }), &json!(["no", "claims"]));
    let critical = unsigned(json!({ "alg": "EdDSA", "crit": ["b64"] }), &shop.claims());
    for text in [
        "x",
        "a.b",
        "a.b.c",
        "..",
        "....",
        "中文.中文.中文",
        &long,
        &list,
        &critical,
    ] {
        assert_eq!(shop.refusal(text).await, TokenError::TokenMalformed, "{text:.40}");
    }
}

#[tokio::test]
async fn a_time_with_a_fraction_is_read() {
    let shop = Workshop::open();
    let claims = shop.claims().to_string();
    let exp = (shop.now.timestamp() + 3600).to_string();
    let claims: Value = serde_json::from_str(&claims.replace(&exp, &format!("{exp}.25"))).unwrap();
    assert!(shop.verifier.verify(&shop.sign(&claims), shop.now).await.is_ok());
    let jurisdiction = shop.sign(&shop.with("jurisdiction", json!(STREET)));
    let bearer = shop.verifier.verify(&jurisdiction, shop.now).await.unwrap();
    assert_eq!(bearer.jurisdiction, Some(code(STREET)));
}
