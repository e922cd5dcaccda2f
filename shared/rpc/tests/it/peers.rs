//! Deadlines, limits, and addresses that come and go.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{AppError, Failure, Kind};
use testkit::wait_for;
use tokio::net::TcpListener;
use tonic::{Code, Status};

use crate::echo::{SAY, Setting, call, known, remote};

#[derive(Debug, thiserror::Error)]
#[error("never")]
struct Never;

impl rpc::Refusal for Never {
    fn kind(&self) -> Kind {
        Kind::Bug
    }
    fn reason(&self) -> &'static str {
        "NEVER"
    }
    fn zh(&self) -> String {
        String::new()
    }
}

/// What a use case makes of a peer's answer.
fn kind_of(status: Status) -> Kind {
    Failure::from(AppError::<Never>::from(status)).kind
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_takes_longer_than_its_deadline_is_an_outage() {
    let setting = Setting::new("echo");
    for (kind, peer) in setting.peers().await {
        let mut request = setting.request("sleep 60000");
        request.set_timeout(Duration::from_millis(150));
        let started = Instant::now();
        let late = call(&peer, SAY, request).await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(5), "{kind}");
        assert!(
            matches!(late.code(), Code::DeadlineExceeded | Code::Cancelled),
            "{kind}: {late:?}"
        );
        assert_eq!(kind_of(late), Kind::Unavailable, "{kind}");
        let mut request = setting.request("sleep 5");
        request.set_timeout(Duration::from_secs(5));
        call(&peer, SAY, request).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_message_limit_is_the_same_on_both_sides() {
    let setting = Setting::new("echo");
    for (kind, peer) in setting.peers().await {
        // Room for the length and the field's number.
        let most = MESSAGE_BYTES_MAX - 16;
        let answer = call(&peer, SAY, setting.request(&format!("bytes {most}")))
            .await
            .unwrap();
        assert_eq!(answer.len(), most, "{kind}");
        let asked = format!("hello {}", "x".repeat(most - 16));
        call(&peer, SAY, setting.request(&asked)).await.unwrap();
        let long_answer = call(
            &peer,
            SAY,
            setting.request(&format!("bytes {}", MESSAGE_BYTES_MAX + 1)),
        )
        .await;
        assert_eq!(kind_of(long_answer.unwrap_err()), Kind::Bug, "{kind}");
        let long_request = call(&peer, SAY, setting.request(&"x".repeat(MESSAGE_BYTES_MAX + 1))).await;
        assert_eq!(kind_of(long_request.unwrap_err()), Kind::Bug, "{kind}");
        call(&peer, SAY, setting.request("hello")).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_is_not_there_is_an_outage_until_it_is() {
    let setting = Setting::new("echo");
    let address = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let peer = remote(address);
    let started = Instant::now();
    for _ in 0..3 {
        let down = call(&peer, SAY, setting.request("hello")).await.unwrap_err();
        assert_eq!(down.code(), Code::Unavailable, "{down:?}");
        assert_eq!(kind_of(down), Kind::Unavailable);
    }
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "a refused connection is told at once"
    );
    setting.listen(&address.to_string()).await;
    let look = || call(&peer, SAY, setting.request("hello"));
    wait_for(
        "the peer that started late",
        Duration::from_secs(10),
        look,
        Result::is_ok,
    )
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_without_an_address_is_an_outage_and_not_an_endless_wait() {
    let setting = Setting::new("echo");
    let peer = rpc::remote(&rpc::PeerConfig {
        address: "no-such-host.invalid:7000".into(),
    });
    let started = Instant::now();
    let lost = call(&peer, SAY, setting.request("hello")).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(20));
    assert_eq!(lost.code(), Code::Unavailable, "{lost:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_balanced_over_all_addresses_of_a_name() {
    // `localhost` is the one name with two addresses that every machine may have.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let addresses: HashSet<_> = match tokio::net::lookup_host(("localhost", port)).await {
        Ok(found) => found.map(|address| address.ip()).collect(),
        Err(error) => return testkit::skip::report("balancing", &error.to_string()),
    };
    if addresses.len() < 2 || TcpListener::bind(("::1", port)).await.is_err() {
        return testkit::skip::report("balancing", "localhost has one address here");
    }
    let four = Setting::new("four");
    let six = Setting::of_issuer(
        "six",
        access::token::Issuer::from_pem(&four.issuer.to_pem().unwrap()).unwrap(),
    );
    four.listen(&format!("127.0.0.1:{port}")).await;
    six.listen(&format!("[::1]:{port}")).await;
    let peer = rpc::remote(&rpc::PeerConfig {
        address: format!("localhost:{port}"),
    });
    let mut seen = HashSet::new();
    for _ in 0..100 {
        seen.insert(known(&peer, four.request("hello")).await.server);
    }
    assert_eq!(seen.len(), 2, "only {seen:?} were called");
}
