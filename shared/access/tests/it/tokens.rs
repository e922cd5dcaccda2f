//! Tokens of the built-in issuer: they name their bearer, for their time, and no longer.

use std::time::Duration;

use access::{Issuer, KeyError, Principal, Role, TokenError, Verifier, VerifierSettings, bearer};
use chrono::{TimeDelta, Utc};
use strum::IntoEnumIterator;

use crate::world::*;

const HOUR: Duration = Duration::from_secs(3600);

fn verifier(issuer: &Issuer) -> Verifier {
    Verifier::from_jwks(VerifierSettings::default(), &issuer.jwks()).unwrap()
}

#[tokio::test]
async fn a_token_names_its_bearer_whatever_the_role() {
    let issuer = Issuer::generate();
    let verifier = verifier(&issuer);
    let now = Utc::now();
    for role in Role::iter() {
        let person = someone(role);
        let token = issuer.issue(&person, now, HOUR);
        assert_eq!(verifier.verify(&token, now).await.unwrap(), person);
        // And again, from memory.
        assert_eq!(verifier.verify_at_hand(&token, now).unwrap().unwrap(), person);
    }
}

#[tokio::test]
async fn a_token_holds_for_its_time_and_no_second_longer() {
    let issuer = Issuer::generate();
    let verifier = verifier(&issuer);
    let now = Utc::now();
    let token = issuer.issue(&someone(Role::Owner), now, HOUR);
    let at = |seconds| verifier.verify(&token, now + TimeDelta::seconds(seconds));
    assert!(at(0).await.is_ok());
    assert!(at(3599).await.is_ok());
    // Also a token that is remembered expires.
    assert_eq!(at(3600).await.unwrap_err(), TokenError::TokenExpired);
    // Clocks differ a little.
    assert!(at(-29).await.is_ok());
    let early = issuer.issue(&someone(Role::Firm), now, HOUR);
    let before = verifier.verify(&early, now - TimeDelta::seconds(120));
    assert_eq!(before.await.unwrap_err(), TokenError::TokenNotYetValid);
}

#[tokio::test]
async fn a_key_survives_a_restart_and_signs_under_the_same_name() {
    let first = Issuer::generate();
    let second = Issuer::from_pem(&first.to_pem().unwrap()).unwrap();
    assert_eq!(first.jwks(), second.jwks());
    let now = Utc::now();
    let token = second.issue(&someone(Role::Auditor), now, HOUR);
    assert!(verifier(&first).verify(&token, now).await.is_ok());
    assert!(matches!(Issuer::from_pem("no key"), Err(KeyError::PemInvalid(_))));
}

#[tokio::test]
async fn a_retired_key_is_still_published() {
    let now = Utc::now();
    let old = Issuer::generate();
    let token = old.issue(&someone(Role::Owner), now, HOUR);
    let new = Issuer::generate().retiring(&old);
    assert!(verifier(&new).verify(&token, now).await.is_ok());
    let fresh = new.issue(&someone(Role::Owner), now, HOUR);
    assert!(verifier(&new).verify(&fresh, now).await.is_ok());
}

#[tokio::test]
async fn no_token_becomes_a_service() {
    let issuer = Issuer::generate();
    let now = Utc::now();
    let token = issuer.issue(&Principal::service("committees"), now, HOUR);
    let bearer = verifier(&issuer).verify(&token, now).await.unwrap();
    assert!(!bearer.is_service());
    assert!(bearer.roles.is_empty());
}

#[test]
fn the_header_carries_the_token_after_bearer() {
    assert_eq!(bearer(Some("Bearer a.b.c")).unwrap(), "a.b.c");
    assert_eq!(bearer(Some("bearer  a.b.c ")).unwrap(), "a.b.c");
    assert_eq!(bearer(None).unwrap_err(), TokenError::TokenMissing);
    assert_eq!(bearer(Some("  ")).unwrap_err(), TokenError::TokenMissing);
    assert_eq!(bearer(Some("Bearer")).unwrap_err(), TokenError::TokenMalformed);
    assert_eq!(
        bearer(Some("Basic YTpi")).unwrap_err(),
        TokenError::TokenMalformed
    );
}

#[test]
fn every_refusal_has_a_reason_and_two_messages() {
    let reasons: Vec<&str> = TokenError::iter().map(TokenError::reason).collect();
    assert_eq!(
        reasons,
        [
            "TOKEN_MISSING",
            "TOKEN_MALFORMED",
            "TOKEN_EXPIRED",
            "TOKEN_NOT_YET_VALID",
            "TOKEN_FORGED",
            "TOKEN_FOR_ANOTHER_SERVICE",
            "TOKEN_ISSUER_UNKNOWN",
            "TOKEN_CLAIMS_INVALID",
            "ISSUER_UNREACHABLE",
        ]
    );
    for error in TokenError::iter() {
        assert!(error.to_string().is_ascii());
        assert!(!error.zh().is_ascii());
    }
}
