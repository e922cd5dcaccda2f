//! Keys fetched by address: rotation, limits, and an issuer that is down.

use std::time::Duration;

use access::{Issuer, Role, TokenError, Verifier, VerifierSettings};
use chrono::{DateTime, TimeDelta, Utc};

use crate::server::Server;
use crate::world::someone;

const DAYS: Duration = Duration::from_secs(10 * 24 * 3600);

fn verifier(server: &Server) -> Verifier {
    Verifier::from_jwks_url(VerifierSettings::default(), server.jwks_url()).unwrap()
}

fn token(issuer: &Issuer, now: DateTime<Utc>) -> String {
    issuer.issue(&someone(Role::Owner), now, DAYS)
}

#[tokio::test]
async fn keys_are_fetched_once_and_then_at_hand() {
    let issuer = Issuer::generate();
    let server = Server::start(issuer.jwks()).await;
    let verifier = verifier(&server);
    let now = Utc::now();
    let first = token(&issuer, now);
    assert!(verifier.verify_at_hand(&first, now).is_none());
    verifier.verify(&first, now).await.unwrap();
    assert!(
        verifier
            .verify_at_hand(&token(&issuer, now), now)
            .unwrap()
            .is_ok()
    );
    assert_eq!(server.asked(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_at_the_same_time_fetch_once() {
    let issuer = Issuer::generate();
    let server = Server::start(issuer.jwks()).await;
    let verifier = verifier(&server);
    let now = Utc::now();
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let (verifier, token) = (verifier.clone(), token(&issuer, now));
            tokio::spawn(async move { verifier.verify(&token, now).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn a_rotated_key_is_learnt_and_the_old_one_forgotten() {
    let (old, new) = (Issuer::generate(), Issuer::generate());
    let server = Server::start(old.jwks()).await;
    let verifier = verifier(&server);
    let now = Utc::now();
    let by_old = token(&old, now);
    verifier.verify(&by_old, now).await.unwrap();

    server.publish(new.jwks());
    let later = now + TimeDelta::seconds(11);
    verifier.verify(&token(&new, now), later).await.unwrap();
    assert_eq!(server.asked(), 2);
    // It was remembered as verified; with its key it is forgotten.
    let refusal = verifier.verify(&by_old, later).await.unwrap_err();
    assert_eq!(refusal, TokenError::TokenForged);
}

#[tokio::test]
async fn invented_keys_do_not_make_us_ask_at_will() {
    let issuer = Issuer::generate();
    let server = Server::start(issuer.jwks()).await;
    let verifier = verifier(&server);
    let now = Utc::now();
    for _ in 0..10 {
        let forged = token(&Issuer::generate(), now);
        let refusal = verifier.verify(&forged, now).await.unwrap_err();
        assert_eq!(refusal, TokenError::TokenForged);
    }
    assert_eq!(server.asked(), 1);
    // Nor does a token of another issuer, ever.
    let foreign = token(&Issuer::generate().named("https://elsewhere.example"), now);
    let much_later = now + TimeDelta::hours(1);
    let refusal = verifier.verify(&foreign, much_later).await.unwrap_err();
    assert_eq!(refusal, TokenError::TokenIssuerUnknown);
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn an_issuer_that_was_never_reached_is_unreachable_and_found_when_it_is_back() {
    let issuer = Issuer::generate();
    let server = Server::start(issuer.jwks()).await;
    server.go_down(true);
    let verifier = verifier(&server);
    let now = Utc::now();
    let token = token(&issuer, now);
    for _ in 0..3 {
        let refusal = verifier.verify(&token, now).await.unwrap_err();
        assert_eq!(refusal, TokenError::IssuerUnreachable);
    }
    assert_eq!(server.asked(), 1);
    server.go_down(false);
    let later = now + TimeDelta::seconds(2);
    assert!(verifier.verify(&token, later).await.is_ok());
}

#[tokio::test]
async fn keys_outlive_an_outage_for_a_bounded_time() {
    let issuer = Issuer::generate();
    let server = Server::start(issuer.jwks()).await;
    let verifier = verifier(&server);
    let now = Utc::now();
    let token = token(&issuer, now);
    verifier.verify(&token, now).await.unwrap();
    server.go_down(true);
    assert!(verifier.verify(&token, now + TimeDelta::hours(1)).await.is_ok());
    assert!(verifier.verify(&token, now + TimeDelta::hours(11)).await.is_ok());
    // A key we do not know may be the issuer's new one: that is not the bearer's fault.
    let unknown = Issuer::generate().issue(&someone(Role::Owner), now, DAYS);
    let refusal = verifier
        .verify(&unknown, now + TimeDelta::hours(11))
        .await
        .unwrap_err();
    assert_eq!(refusal, TokenError::IssuerUnreachable);
    let too_late = verifier
        .verify(&token, now + TimeDelta::hours(13))
        .await
        .unwrap_err();
    assert_eq!(too_late, TokenError::IssuerUnreachable);
    server.go_down(false);
    assert!(verifier.verify(&token, now + TimeDelta::hours(14)).await.is_ok());
}

#[tokio::test]
async fn a_key_that_the_issuer_took_back_stops_working_with_the_next_refresh() {
    let (old, new) = (Issuer::generate(), Issuer::generate());
    let server = Server::start(old.jwks()).await;
    let verifier = verifier(&server);
    let now = Utc::now();
    let token = token(&old, now);
    verifier.verify(&token, now).await.unwrap();
    server.publish(new.jwks());
    assert!(verifier.verify(&token, now + TimeDelta::minutes(9)).await.is_ok());
    let refusal = verifier
        .verify(&token, now + TimeDelta::minutes(11))
        .await
        .unwrap_err();
    assert_eq!(refusal, TokenError::TokenForged);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_gives_up_does_not_stop_the_others() {
    let issuer = Issuer::generate();
    let server = Server::start(issuer.jwks()).await;
    let verifier = verifier(&server);
    let now = Utc::now();
    let token = token(&issuer, now);
    for _ in 0..5 {
        // Dropped after one poll, in the middle of the fetch.
        let call = verifier.verify(&token, now);
        let _ = tokio::time::timeout(Duration::ZERO, call).await;
    }
    assert!(verifier.verify(&token, now).await.is_ok());
}
