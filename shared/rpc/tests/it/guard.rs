//! No call gets past the guard without a token that holds.

use std::time::Duration;

use access::token::Issuer;
use chrono::Utc;
use rpc::failure::reason_of;
use tonic::{Code, Request};
use tonic_types::StatusExt;

use crate::echo::{SAY, SAY_TO_ALL, Setting, call, known, with_token};

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_a_token_that_holds_is_refused_with_its_reason() {
    let setting = Setting::new("echo");
    let who = testkit::people::administrator();
    let good = setting.issuer.issue(&who, Utc::now(), HOUR);
    let expired = setting
        .issuer
        .issue(&who, Utc::now() - chrono::TimeDelta::hours(2), HOUR);
    let early = setting
        .issuer
        .issue(&who, Utc::now() + chrono::TimeDelta::hours(2), HOUR);
    let by_another_key = Issuer::generate().issue(&who, Utc::now(), HOUR);
    let by_another_issuer = Issuer::generate()
        .named("elsewhere")
        .issue(&who, Utc::now(), HOUR);
    let mut changed = good.clone().into_bytes();
    let middle = changed.len() - 20;
    changed[middle] = if changed[middle] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    let cases = [
        (expired.as_str(), "TOKEN_EXPIRED"),
        (&early, "TOKEN_NOT_YET_VALID"),
        (&by_another_key, "TOKEN_FORGED"),
        (&by_another_issuer, "TOKEN_ISSUER_UNKNOWN"),
        (&changed, "TOKEN_FORGED"),
        ("not.a.token", "TOKEN_MALFORMED"),
        ("", "TOKEN_MISSING"),
    ];
    for (kind, peer) in setting.peers().await {
        let missing = call(&peer, SAY, Request::new(String::new())).await.unwrap_err();
        assert_eq!(
            (missing.code(), reason_of(&missing).as_str()),
            (Code::Unauthenticated, "TOKEN_MISSING"),
            "{kind}"
        );
        for (token, reason) in cases {
            let refused = call(&peer, SAY, with_token("hello", token)).await.unwrap_err();
            assert_eq!(refused.code(), Code::Unauthenticated, "{kind}: {reason}");
            assert_eq!(reason_of(&refused), reason, "{kind}: {token}");
            let zh = refused
                .get_error_details()
                .localized_message()
                .map(|zh| zh.message.clone())
                .unwrap_or_default();
            assert!(
                !zh.is_empty() && !zh.is_ascii(),
                "{kind}: {reason} says {zh:?} in Chinese"
            );
        }
        call(&peer, SAY, with_token("hello", &good)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_another_audience_is_refused() {
    let issuer = Issuer::generate();
    let mut settings = access::token::VerifierSettings::for_issuer(issuer.name());
    settings.audience = "tax".into();
    let verifier = access::token::Verifier::from_jwks(settings, &issuer.jwks()).unwrap();
    let setting = Setting::of_issuer("echo", issuer);
    let mut methods = rpc::server::Methods::default();
    methods.add(SAY, "echo.Say", false);
    let guard = rpc::server::Guard::new("echo", methods, verifier);
    let peer = rpc::in_process(&guard, setting.routes.clone());
    let refused = call(&peer, SAY, setting.request("hello")).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason_of(&refused).as_str()),
        (Code::Unauthenticated, "TOKEN_FOR_ANOTHER_SERVICE")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_call_needs_no_token_and_refuses_a_wrong_one() {
    let setting = Setting::new("echo");
    for (kind, peer) in setting.peers().await {
        let answer = call(&peer, SAY_TO_ALL, Request::new(String::new()))
            .await
            .unwrap();
        assert!(answer.contains(r#""subject":"""#), "{kind}: nobody: {answer}");
        let named = call(&peer, SAY_TO_ALL, setting.request("hello")).await.unwrap();
        assert!(named.contains("authority-330783"), "{kind}: {named}");
        let refused = call(&peer, SAY_TO_ALL, with_token("hello", "not.a.token"))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::Unauthenticated, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_rpc_that_does_not_exist_is_unimplemented() {
    let setting = Setting::new("echo");
    for (kind, peer) in setting.peers().await {
        for path in ["/heju.echo.v1.Echo/Shout", "/heju.other.v1.Other/Say"] {
            let refused = call(&peer, path, setting.request("hello")).await.unwrap_err();
            assert_eq!(refused.code(), Code::Unimplemented, "{kind}: {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_rpc_that_the_guard_does_not_know_never_runs_unauthenticated() {
    let setting = Setting::new("echo");
    let verifier = access::token::Verifier::from_jwks(
        access::token::VerifierSettings::for_issuer(setting.issuer.name()),
        &setting.issuer.jwks(),
    );
    let ignorant = rpc::server::Guard::new("echo", rpc::server::Methods::default(), verifier.unwrap());
    let peer = rpc::in_process(&ignorant, setting.routes.clone());
    let refused = call(&peer, SAY, setting.request("hello")).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason_of(&refused).as_str()),
        (Code::Internal, "INTERNAL")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn health_needs_no_token() {
    let setting = Setting::new("echo");
    let address = setting.listen("127.0.0.1:0").await;
    let channel = tonic::transport::Endpoint::from_shared(format!("http://{address}"))
        .unwrap()
        .connect_lazy();
    let mut health = tonic_health::pb::health_client::HealthClient::new(channel);
    let request = tonic_health::pb::HealthCheckRequest {
        service: "live".into(),
    };
    let answer = health.check(request).await.unwrap().into_inner();
    assert_eq!(
        answer.status(),
        tonic_health::pb::health_check_response::ServingStatus::Serving
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheme_in_small_letters_is_understood() {
    let setting = Setting::new("echo");
    let mut request = setting.request("hello");
    let text = request
        .metadata()
        .get("authorization")
        .unwrap()
        .to_str()
        .unwrap()
        .replace("Bearer", "bearer");
    request
        .metadata_mut()
        .insert("authorization", text.parse().unwrap());
    assert_eq!(
        known(&setting.in_process(), request).await.subject,
        "authority-330783"
    );
}
