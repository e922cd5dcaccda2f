//! Tokens of an OpenID provider that is not ours, found by discovery over a real HTTP server.

use access::{ClaimNames, KeyError, Role, TokenError, Verifier, VerifierSettings};
use chrono::Utc;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::server::Server;
use crate::world::*;

/// A key made for these tests only.
const ES256: &str = include_str!("../keys/es256.pem");
/// A key made for these tests only.
const RS256: &str = include_str!("../keys/rs256.pem");

fn key(algorithm: Algorithm) -> EncodingKey {
    match algorithm {
        Algorithm::ES256 => EncodingKey::from_ec_pem(ES256.as_bytes()).unwrap(),
        _ => EncodingKey::from_rsa_pem(RS256.as_bytes()).unwrap(),
    }
}

fn jwk(algorithm: Algorithm) -> Value {
    let mut jwk = Jwk::from_encoding_key(&key(algorithm), algorithm).unwrap();
    jwk.common.key_id = Some(format!("{algorithm:?}"));
    serde_json::to_value(jwk).unwrap()
}

fn sign(algorithm: Algorithm, claims: &Value) -> String {
    let mut header = Header::new(algorithm);
    header.kid = Some(format!("{algorithm:?}"));
    jsonwebtoken::encode(&header, claims, &key(algorithm)).unwrap()
}

/// Claims as a provider of the city's administration may have them.
fn claims(issuer: &str) -> Value {
    let now = Utc::now().timestamp();
    json!({
        "iss": issuer, "aud": ["heju-console", "account"], "sub": "f3a1", "preferred_name": "社区专干",
        "realm_access": { "roles": ["offline_access", "community"] },
        "district": COMMUNITY, "iat": now, "exp": now + 300,
    })
}

fn settings(server: &Server) -> VerifierSettings {
    VerifierSettings {
        audience: "heju-console".to_owned(),
        claim_names: ClaimNames {
            name: "preferred_name".to_owned(),
            roles: "realm_access.roles".to_owned(),
            jurisdiction: "district".to_owned(),
            ..ClaimNames::default()
        },
        ..VerifierSettings::for_issuer(server.address.clone())
    }
}

/// A provider with a key for signatures of each kind, and some that are not for us.
async fn provider() -> Server {
    let encryption = json!({ "kty": "RSA", "use": "enc", "kid": "enc", "n": "AQAB", "e": "AQAB" });
    let strange = json!({ "kty": "OKP", "crv": "X448", "kid": "strange", "x": "AA" });
    let secret = json!({ "kty": "oct", "kid": "secret", "k": "c2VjcmV0" });
    let keys = [
        strange,
        secret,
        encryption,
        jwk(Algorithm::ES256),
        jwk(Algorithm::RS256),
    ];
    Server::start(json!({ "keys": keys })).await
}

#[tokio::test]
async fn a_provider_is_discovered_and_its_claims_are_mapped() {
    let server = provider().await;
    let verifier = Verifier::from_discovery(settings(&server)).unwrap();
    for algorithm in [Algorithm::ES256, Algorithm::RS256] {
        let token = sign(algorithm, &claims(&server.address));
        let bearer = verifier.verify(&token, Utc::now()).await.unwrap();
        assert_eq!(bearer.subject, "f3a1");
        assert_eq!(bearer.name, "社区专干");
        assert_eq!(bearer.roles, [Role::Community].into());
        assert_eq!(bearer.jurisdiction, Some(code(COMMUNITY)));
    }
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn a_key_verifies_only_its_own_algorithm() {
    let server = provider().await;
    let verifier = Verifier::from_discovery(settings(&server)).unwrap();
    let mut header = Header::new(Algorithm::RS384);
    header.kid = Some("RS256".to_owned());
    let claims = claims(&server.address);
    let token = jsonwebtoken::encode(&header, &claims, &key(Algorithm::RS256)).unwrap();
    let refusal = verifier.verify(&token, Utc::now()).await.unwrap_err();
    assert_eq!(refusal, TokenError::TokenForged);
    // A shared secret in a published set is known to everybody.
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("secret".to_owned());
    let secret = EncodingKey::from_secret(b"secret");
    let token = jsonwebtoken::encode(&header, &claims, &secret).unwrap();
    let refusal = verifier.verify(&token, Utc::now()).await.unwrap_err();
    assert_eq!(refusal, TokenError::TokenForged);
}

#[tokio::test]
async fn a_document_that_names_another_issuer_is_not_believed() {
    let server = provider().await;
    server.call_itself("https://elsewhere.example");
    let verifier = Verifier::from_discovery(settings(&server)).unwrap();
    let token = sign(Algorithm::ES256, &claims(&server.address));
    let refusal = verifier.verify(&token, Utc::now()).await.unwrap_err();
    assert_eq!(refusal, TokenError::IssuerUnreachable);
    assert_eq!(server.asked(), 0);
}

#[tokio::test]
async fn tokens_of_a_provider_are_for_its_own_audience_and_issuer() {
    let server = provider().await;
    let verifier = Verifier::from_discovery(settings(&server)).unwrap();
    let mut other = claims(&server.address);
    other["aud"] = json!("mail");
    let token = sign(Algorithm::ES256, &other);
    let refusal = verifier.verify(&token, Utc::now()).await.unwrap_err();
    assert_eq!(refusal, TokenError::TokenForAnotherService);
    let token = sign(Algorithm::ES256, &claims("https://elsewhere.example"));
    let refusal = verifier.verify(&token, Utc::now()).await.unwrap_err();
    assert_eq!(refusal, TokenError::TokenIssuerUnknown);
}

#[test]
fn an_issuer_that_is_no_address_and_a_set_without_keys_are_refused() {
    let settings = VerifierSettings::for_issuer("heju");
    assert!(matches!(
        Verifier::from_discovery(settings.clone()),
        Err(KeyError::IssuerInvalid(_))
    ));
    for jwks in [
        json!({}),
        json!({ "keys": [] }),
        json!([]),
        json!({ "keys": [{}, 7] }),
    ] {
        let made = Verifier::from_jwks(settings.clone(), &jwks);
        assert!(matches!(made, Err(KeyError::JwksInvalid)), "{jwks}");
    }
}

#[test]
fn claim_names_come_from_the_configuration_and_refuse_what_they_do_not_know() {
    let names: ClaimNames = serde_json::from_value(json!({ "roles": "groups" })).unwrap();
    assert_eq!(names.roles, "groups");
    assert_eq!(names.owner, ClaimNames::default().owner);
    assert!(serde_json::from_value::<ClaimNames>(json!({ "role": "groups" })).is_err());
}
