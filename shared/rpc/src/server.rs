//! The server's side: the guard in front of every service, and the listener with its limits.

use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use access::token::Verifier;
use http::{Request, Response};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::Status;
use tonic::body::Body;
use tonic::service::Routes;
use tonic::transport::Server;
use tower::{Layer, Service};
use tracing::{Instrument, Span, field, info_span};

use crate::context::{Action, Bearer};
use crate::failure::General;

/// Requests in flight on one connection.
const CONCURRENCY_PER_CONNECTION: usize = 256;
/// Longest a call may run.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// A connection is closed gently after this, so that clients find new replicas.
const CONNECTION_AGE_MAX: Duration = Duration::from_secs(300);
/// How long calls on a closing connection may still run.
const CONNECTION_AGE_GRACE: Duration = Duration::from_secs(30);

/// Where a service listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListenConfig {
    /// Address and port; port 0 takes a free one.
    pub address: SocketAddr,
}

impl Default for ListenConfig {
    fn default() -> Self {
        ListenConfig {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        }
    }
}

/// The rpcs a guard lets through: path to action, and which need no token.
#[derive(Debug, Clone, Default)]
pub struct Methods {
    by_path: HashMap<&'static str, Method>,
}

#[derive(Debug, Clone, Copy)]
struct Method {
    action: &'static str,
    public: bool,
}

impl Methods {
    /// Adds an rpc: `/heju.funds.v1.FundsService/PayDraw`, `funds.PayDraw`.
    pub fn add(&mut self, path: &'static str, action: &'static str, public: bool) {
        self.by_path.insert(path, Method { action, public });
    }
}

/// Checks the token of every call again, whoever passed it on, and gives the call its span, its parent and its metrics.
#[derive(Clone)]
pub struct Guard {
    service: &'static str,
    methods: Arc<Methods>,
    verifier: Verifier,
}

impl Guard {
    /// The guard of `service` for `methods`.
    pub fn new(service: &'static str, methods: Methods, verifier: Verifier) -> Self {
        Guard {
            service,
            methods: Arc::new(methods),
            verifier,
        }
    }
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Guarded {
            guard: self.clone(),
            inner,
        }
    }
}

/// A service behind its guard.
#[derive(Clone)]
pub struct Guarded<S> {
    guard: Guard,
    inner: S,
}

impl<S> Service<Request<Body>> for Guarded<S>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        // The clone takes the readiness that `poll_ready` obtained.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let Some(method) = self.guard.methods.by_path.get(request.uri().path()).copied() else {
            // Health, or an rpc that does not exist: the router answers.
            return Box::pin(inner.call(request));
        };
        let guard = self.guard.clone();
        let span = info_span!(
            "rpc",
            otel.name = method.action,
            otel.kind = "server",
            service = guard.service,
            rpc.system = "grpc",
            rpc.method = method.action,
            rpc.code = field::Empty,
            enduser.id = field::Empty,
        );
        telemetry::set_parent(&span, telemetry::extract_http(request.headers()).as_deref());
        let recorded = span.clone();
        Box::pin(
            async move {
                let started = Instant::now();
                let answer = match guard.authenticate(&mut request, method).await {
                    Ok(()) => inner.call(request).await?,
                    Err(refusal) => Status::from(refusal).into_http(),
                };
                record(&recorded, guard.service, method, &answer, started);
                Ok(answer)
            }
            .instrument(span),
        )
    }
}

impl Guard {
    async fn authenticate(&self, request: &mut Request<Body>, method: Method) -> Result<(), General> {
        let bearer = request
            .headers()
            .get(http::header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| {
                value
                    .strip_prefix("Bearer ")
                    .or_else(|| value.strip_prefix("bearer "))
            })
            .map(|token| token.trim().to_owned());
        request.extensions_mut().insert(Action(method.action));
        let Some(token) = bearer else {
            if method.public {
                request.extensions_mut().insert(access::Principal::anonymous());
                return Ok(());
            }
            let error = access::token::TokenError::TokenMissing;
            return Err(unauthenticated(&error));
        };
        let principal = self
            .verifier
            .verify(&token, chrono::Utc::now())
            .await
            .map_err(|e| unauthenticated(&e))?;
        Span::current().record("enduser.id", principal.subject.as_str());
        let extensions = request.extensions_mut();
        extensions.insert(principal);
        extensions.insert(Bearer(token));
        Ok(())
    }
}

fn unauthenticated(error: &access::token::TokenError) -> General {
    if error.is_temporary() {
        return General::Unavailable {
            what: "issuer",
            source: Box::new(*error),
        };
    }
    General::Unauthenticated {
        reason: error.reason(),
        message: error.to_string(),
        zh: error.zh().to_owned(),
    }
}

fn record(span: &Span, service: &str, method: Method, answer: &Response<Body>, started: Instant) {
    // Streams report their end in trailers, which are not here yet: only what was refused at once is told apart.
    let code = Status::from_header_map(answer.headers()).map_or("OK", |status| code_name(status.code()));
    span.record("rpc.code", code);
    telemetry::metrics().request_time(service, method.action, code, started.elapsed());
}

/// Serves routes until `stop` is done, then lets running calls end.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    guard: Guard,
    routes: Routes,
    readiness: tonic_health::server::HealthReporter,
    health: tonic_health::pb::health_server::HealthServer<impl tonic_health::pb::health_server::Health>,
    stop: impl Future<Output = ()>,
) -> Result<(), tonic::transport::Error> {
    // Liveness never depends on anything else: a pod that waits for its database must not be restarted.
    readiness
        .set_service_status("live", tonic_health::ServingStatus::Serving)
        .await;
    Server::builder()
        .concurrency_limit_per_connection(CONCURRENCY_PER_CONNECTION)
        .timeout(REQUEST_TIMEOUT)
        .tcp_nodelay(true)
        .http2_keepalive_interval(Some(Duration::from_secs(20)))
        .http2_keepalive_timeout(Some(Duration::from_secs(10)))
        .max_connection_age(CONNECTION_AGE_MAX)
        .max_connection_age_grace(CONNECTION_AGE_GRACE)
        .layer(guard)
        .add_routes(routes)
        .add_service(health)
        .serve_with_incoming_shutdown(TcpListenerStream::new(listener), stop)
        .await
}

/// The code as the gRPC documents spell it.
fn code_name(code: tonic::Code) -> &'static str {
    use tonic::Code;
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
