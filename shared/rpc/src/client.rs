//! Clients of other services: one type whether the service is in this process or across the network.

use std::collections::HashSet;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tonic::Status;
use tonic::body::Body;
use tonic::service::Routes;
use tonic::transport::channel::Change;
use tonic::transport::{Channel, Endpoint};
use tower::timeout::{Timeout, error::Elapsed};
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Layer, ServiceExt};

use crate::server::Guard;

/// Longest a call to another service may take.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(10);
/// Largest message, equal on both sides.
pub const MESSAGE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How often the addresses behind a name are looked up again: new pods are seen within this.
const RESOLVE_EVERY: Duration = Duration::from_secs(5);
/// How much longer than a call the wait for an address and a connection may take.
const ENDPOINT_WAIT: Duration = Duration::from_secs(2);
/// Endpoint changes that may wait to be taken up.
const CHANGE_CAPACITY: usize = 64;

/// A way to a service: in this process or across the network. Cheap to clone.
///
/// Its error is a status, which every error of a call becomes anyway. With a boxed one the compiler could not show that a
/// call is `Send` within a handler (rust-lang/rust#100013).
pub type Peer = BoxCloneSyncService<http::Request<Body>, http::Response<Body>, Status>;

/// Where a service is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeerConfig {
    /// Host and port, `registry:7000`; a name with several addresses is balanced over all of them.
    pub address: String,
}

impl Default for PeerConfig {
    fn default() -> Self {
        PeerConfig {
            address: "127.0.0.1:7000".into(),
        }
    }
}

/// A peer that lives in this process, behind the same guard as across the network, and with the same deadline where
/// the caller sets one.
pub fn in_process(guard: &Guard, routes: Routes) -> Peer {
    let guarded = guard.layer(routes.prepare());
    BoxCloneSyncService::new(tower::service_fn(move |request: http::Request<Body>| {
        let guarded = guarded.clone();
        async move {
            let limit = deadline_of(request.headers());
            let answer = async {
                guarded
                    .oneshot(request)
                    .await
                    .map_err(|never: Infallible| match never {})
            };
            match limit {
                None => answer.await,
                Some(limit) => match tokio::time::timeout(limit, answer).await {
                    Ok(answer) => answer,
                    Err(_) => Ok(Status::deadline_exceeded("the deadline of the call passed").into_http()),
                },
            }
        }
    }))
}

/// The caller's deadline as gRPC writes it: up to eight digits and a unit. Nothing where it is absent or malformed.
fn deadline_of(headers: &http::HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let count: u64 = (digits.len() <= 8).then(|| digits.parse().ok())??;
    match unit {
        "H" => Some(Duration::from_secs(count * 3_600)),
        "M" => Some(Duration::from_secs(count * 60)),
        "S" => Some(Duration::from_secs(count)),
        "m" => Some(Duration::from_millis(count)),
        "u" => Some(Duration::from_micros(count)),
        "n" => Some(Duration::from_nanos(count)),
        _ => None,
    }
}

/// A peer across the network: connects when first used, keeps connections alive, balances over all addresses that the
/// name has and follows them as they change.
///
/// Must be called inside a Tokio runtime; the task that follows the name ends with the last clone of the peer.
pub fn remote(config: &PeerConfig) -> Peer {
    let (channel, changes) = Channel::balance_channel::<SocketAddr>(CHANGE_CAPACITY);
    let name = config.address.clone();
    tokio::spawn(async move {
        let mut known: HashSet<SocketAddr> = HashSet::new();
        loop {
            match tokio::net::lookup_host(&name).await {
                Ok(found) => {
                    let found: HashSet<SocketAddr> = found.collect();
                    for added in found.difference(&known) {
                        if changes
                            .send(Change::Insert(*added, endpoint(*added)))
                            .await
                            .is_err()
                        {
                            return;
                        }
                    }
                    for removed in known.difference(&found) {
                        if changes.send(Change::Remove(*removed)).await.is_err() {
                            return;
                        }
                    }
                    known = found;
                }
                Err(error) => tracing::warn!(peer = %name, %error, "the peer's name cannot be resolved"),
            }
            tokio::select! {
                () = tokio::time::sleep(RESOLVE_EVERY) => {}
                () = changes.closed() => return,
            }
        }
    });
    // An endpoint's own time-out begins when there is an endpoint: while the name has no address, a call would wait
    // for ever.
    let bounded = Timeout::new(channel, CALL_TIMEOUT + ENDPOINT_WAIT);
    BoxCloneSyncService::new(bounded.map_err(|error: BoxError| {
        if error.is::<Elapsed>() {
            Status::unavailable("the peer has no address that answers")
        } else {
            Status::from_error(error)
        }
    }))
}

fn endpoint(address: SocketAddr) -> Endpoint {
    // A socket address always makes a valid authority, so the URI is built from its parts.
    Endpoint::from(
        http::Uri::builder()
            .scheme("http")
            .authority(address.to_string())
            .path_and_query("/")
            .build()
            .unwrap_or_else(|_| http::Uri::from_static("http://127.0.0.1")),
    )
    .connect_timeout(Duration::from_secs(2))
    .timeout(CALL_TIMEOUT)
    .tcp_nodelay(true)
    .http2_keep_alive_interval(Duration::from_secs(10))
    .keep_alive_timeout(Duration::from_secs(5))
    .keep_alive_while_idle(true)
}
