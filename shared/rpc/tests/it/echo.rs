//! A service in little, that tells what it knows of its caller; and a server to reach it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::Duration;

use access::token::{Issuer, Verifier, VerifierSettings};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::server::{Guard, Methods};
use rpc::{AppError, CallContext, Cause, Kind, Peer};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tonic::body::Body;
use tonic::codegen::http;
use tonic::server::{NamedService, UnaryService};
use tonic::service::Routes;
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

pub const SAY: &str = "/heju.echo.v1.Echo/Say";
pub const SAY_TO_ALL: &str = "/heju.echo.v1.Echo/SayToAll";

/// What the service knew of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub subject: String,
    pub roles: Vec<String>,
    pub action: String,
    pub key: Option<String>,
    pub reason: Option<String>,
    pub trace_parent: Option<String>,
    /// What a call from here on would carry.
    pub outgoing: Vec<String>,
    pub server: String,
}

#[derive(Debug, thiserror::Error)]
#[error("The draw is paid.")]
struct Paid;

impl rpc::Refusal for Paid {
    fn kind(&self) -> Kind {
        Kind::WrongState
    }
    fn reason(&self) -> &'static str {
        "DRAW_WRONG_STATE"
    }
    fn zh(&self) -> String {
        "该申请已划转。".into()
    }
}

#[derive(Clone)]
struct Echo {
    name: String,
}

impl NamedService for Echo {
    const NAME: &'static str = "heju.echo.v1.Echo";
}

impl Echo {
    async fn say(&self, request: Request<String>) -> Result<Response<String>, Status> {
        let ctx = CallContext::from_request(&request)?;
        match request
            .get_ref()
            .split_once(' ')
            .unwrap_or((request.get_ref(), ""))
        {
            ("refuse", _) => return Err(AppError::Refused(Paid).into()),
            ("sleep", ms) => tokio::time::sleep(Duration::from_millis(ms.parse().unwrap())).await,
            ("bytes", count) => return Ok(Response::new("x".repeat(count.parse().unwrap()))),
            _ => {}
        }
        let key = match &ctx.cause {
            Cause::Call { key } => key.as_ref().map(|key| key.as_str().to_owned()),
            _ => None,
        };
        let outgoing = ctx.outgoing(());
        let known = Known {
            subject: ctx.actor.subject.clone(),
            roles: ctx.actor.roles.iter().map(ToString::to_string).collect(),
            action: ctx.action.into(),
            key,
            reason: ctx.reason.clone(),
            trace_parent: ctx.trace_parent.clone(),
            outgoing: outgoing.metadata().keys().map(|key| format!("{key:?}")).collect(),
            server: self.name.clone(),
        };
        Ok(Response::new(serde_json::to_string(&known).unwrap()))
    }
}

impl UnaryService<String> for Echo {
    type Response = String;
    type Future = Pin<Box<dyn Future<Output = Result<Response<String>, Status>> + Send>>;

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let this = self.clone();
        Box::pin(async move { this.say(request).await })
    }
}

impl tower::Service<http::Request<Body>> for Echo {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            if ![SAY, SAY_TO_ALL].contains(&request.uri().path()) {
                return Ok(Status::unimplemented("").into_http());
            }
            let mut grpc = tonic::server::Grpc::new(ProstCodec::<String, String>::default())
                .apply_max_message_size_config(Some(MESSAGE_BYTES_MAX), Some(MESSAGE_BYTES_MAX));
            Ok(grpc.unary(this, request).await)
        })
    }
}

/// An issuer, and the service that trusts it.
pub struct Setting {
    pub issuer: Issuer,
    pub guard: Guard,
    pub routes: Routes,
}

impl Setting {
    pub fn new(name: &str) -> Self {
        Self::of_issuer(name, Issuer::generate())
    }

    pub fn of_issuer(name: &str, issuer: Issuer) -> Self {
        record_traces();
        let verifier =
            Verifier::from_jwks(VerifierSettings::for_issuer(issuer.name()), &issuer.jwks()).unwrap();
        let mut methods = Methods::default();
        methods.add(SAY, "echo.Say", false);
        methods.add(SAY_TO_ALL, "echo.SayToAll", true);
        let routes = Routes::new(Echo { name: name.into() });
        Setting {
            issuer,
            guard: Guard::new("echo", methods, verifier),
            routes,
        }
    }

    pub fn in_process(&self) -> Peer {
        rpc::in_process(&self.guard, self.routes.clone())
    }

    /// Serves on `address` until the test ends; returns where.
    pub async fn listen(&self, address: &str) -> SocketAddr {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (reporter, health) = tonic_health::server::health_reporter();
        let (guard, routes) = (self.guard.clone(), self.routes.clone());
        tokio::spawn(async move {
            rpc::server::serve(listener, guard, routes, reporter, health, std::future::pending())
                .await
                .unwrap();
        });
        address
    }

    /// Both kinds of peers of this service, by name.
    pub async fn peers(&self) -> [(&'static str, Peer); 2] {
        let address = self.listen("127.0.0.1:0").await;
        [("in process", self.in_process()), ("remote", remote(address))]
    }

    /// A request of an owner with a token that holds.
    pub fn request(&self, text: &str) -> Request<String> {
        let principal = testkit::people::authority("330783");
        with_token(
            text,
            &self
                .issuer
                .issue(&principal, chrono::Utc::now(), Duration::from_secs(60)),
        )
    }
}

pub fn remote(address: SocketAddr) -> Peer {
    rpc::remote(&rpc::PeerConfig {
        address: address.to_string(),
    })
}

pub fn with_token(text: &str, token: &str) -> Request<String> {
    let mut request = Request::new(text.to_owned());
    request
        .metadata_mut()
        .insert("authorization", format!("Bearer {token}").parse().unwrap());
    request
}

/// Calls `path`.
pub async fn call(peer: &Peer, path: &'static str, request: Request<String>) -> Result<String, Status> {
    let mut client = tonic::client::Grpc::new(peer.clone())
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX);
    client
        .ready()
        .await
        .map_err(|error| Status::unavailable(error.to_string()))?;
    let codec = ProstCodec::<String, String>::default();
    client
        .unary(request, http::uri::PathAndQuery::from_static(path), codec)
        .await
        .map(Response::into_inner)
}

/// Calls and reads what the service knew.
pub async fn known(peer: &Peer, request: Request<String>) -> Known {
    serde_json::from_str(&call(peer, SAY, request).await.unwrap()).unwrap()
}

fn record_traces() {
    static GUARD: OnceLock<telemetry::Guard> = OnceLock::new();
    GUARD.get_or_init(|| {
        let log_filter = std::env::var("RUST_LOG").unwrap_or_else(|_| "off".into());
        telemetry::init(&telemetry::Config {
            log_filter,
            ..telemetry::Config::default()
        })
        .unwrap()
    });
}
