//! REST to gRPC: the routes that the contract's annotations name, and what is checked before a call goes to a service.

mod explain;
mod files;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use access::token::Verifier;
use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, StatusCode};
use http_body_util::{BodyExt, Limited};
use proto::catalog::Call;
use structured_proxy::ConnectionInfo;
use structured_proxy::transcode::{self, TranscodeOptions, TranscodeState};
use tonic::Code;
use tonic::transport::server::TcpConnectInfo;
use tracing::Span;

use self::files::Files;
use crate::address::ClientAddress;
use crate::config::LimitsConfig;
use crate::limits::Rates;
use crate::peers::Peers;
use crate::problem::{self, Made, Problem};

/// What goes on to the services; the trace goes by itself.
const FORWARDED: [&str; 3] = [
    "authorization",
    rpc::context::IDEMPOTENCY_KEY,
    rpc::context::CALL_REASON,
];

/// What the transcoder needs to know.
#[derive(Clone)]
struct Transcoder {
    peers: Peers,
    forwarded: Arc<[String]>,
}

impl TranscodeState for Transcoder {
    type Upstream = Peers;

    fn into_upstream(self) -> Peers {
        self.peers
    }

    fn forwarded_headers(&self) -> &[String] {
        &self.forwarded
    }

    fn sse_keep_alive_secs(&self) -> u64 {
        15
    }
}

/// The checks before a call.
pub(crate) struct Edge {
    /// Calls by method and path template.
    by_route: HashMap<(Method, String), &'static Call>,
    verifier: Verifier,
    rates: Arc<Rates>,
    files: Files,
    body_bytes_max: usize,
    timeout: Duration,
}

impl Edge {
    pub(crate) fn new(verifier: Verifier, rates: Arc<Rates>, peers: &Peers, limits: &LimitsConfig) -> Self {
        let public = proto::catalog::calls().iter().filter(|call| !call.internal);
        let by_route = public
            .filter_map(|call| {
                let http = call.http.as_ref()?;
                Some((
                    (
                        http.method.parse().ok()?,
                        transcode::proto_path_to_axum(&http.path),
                    ),
                    call,
                ))
            })
            .collect();
        Edge {
            by_route,
            verifier,
            rates,
            files: Files::new(peers.clone(), limits.file_patience()),
            body_bytes_max: limits.body_bytes_max,
            timeout: limits.request_timeout(),
        }
    }
}

/// The routes of every call of the contract that has an HTTP path; calls without one are not reachable at all.
pub(crate) fn routes(peers: Peers, edge: Edge) -> Router {
    let transcoder = Transcoder {
        peers,
        forwarded: FORWARDED.iter().map(|name| (*name).to_owned()).collect(),
    };
    transcode::routes_with_options(proto::descriptor_pool(), &[], &TranscodeOptions::default())
        .with_state(transcoder)
        .layer(axum::extract::DefaultBodyLimit::disable())
        .route_layer(from_fn_with_state(Arc::new(edge), check))
}

/// Checks token, rate, query and body, lets the call go, and makes what the transcoder says readable.
async fn check(
    State(edge): State<Arc<Edge>>,
    matched: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    match checked(&edge, &matched, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn checked(
    edge: &Edge,
    matched: &MatchedPath,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let method = if request.method() == Method::HEAD {
        Method::GET
    } else {
        request.method().clone()
    };
    let Some(call) = edge.by_route.get(&(method, matched.as_str().to_owned())).copied() else {
        // Not a call of ours: the router says which methods there are.
        return Ok(next.run(request).await);
    };
    let (mut parts, body) = request.into_parts();
    let address = parts.extensions.get::<ClientAddress>().map(|client| client.0);
    if !call.public {
        let authorization = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let token = access::bearer(authorization).map_err(Problem::of_token)?;
        let verified = edge.verifier.verify(token, chrono::Utc::now()).await;
        let principal = verified.map_err(Problem::of_token)?;
        Span::current().record("enduser.id", principal.subject.as_str());
        edge.rates.check_account(&principal.subject)?;
    }
    explain::check_query(call, parts.uri.query())?;
    let bytes = read_body(edge, body).await?;
    if !bytes.is_empty() && !is_json(parts.headers.get(CONTENT_TYPE).map(http::HeaderValue::as_bytes)) {
        return Err(Problem::new(
            Code::InvalidArgument,
            "BODY_MALFORMED",
            "Send the body as JSON with the header content-type: application/json.",
            "请以 JSON 发送请求内容，并设置请求头 content-type: application/json。",
        ));
    }
    // A deadline of gRPC's has no meaning in HTTP; the configured one counts.
    parts.headers.remove("grpc-timeout");
    if let Some(address) = address {
        parts.extensions.insert(connection(address));
    }
    if call.file {
        return edge.files.answer(call, &mut parts, &bytes).await;
    }
    let query = parts.uri.query().map(str::to_owned);
    let request = Request::from_parts(parts, Body::from(bytes.clone()));
    match problem::read(next.run(request).await).await {
        Made::Answer(response) => Ok(response),
        Made::ByService(problem) => Err(problem),
        Made::ByTranscoder(text) => Err(explain::explain(call, &bytes, query.as_deref(), &text)),
    }
}

async fn read_body(edge: &Edge, body: Body) -> Result<Bytes, Problem> {
    let max = edge.body_bytes_max;
    let read = tokio::time::timeout(edge.timeout, Limited::new(body, max).collect()).await;
    let slow = Problem::new(
        Code::DeadlineExceeded,
        "BODY_TOO_SLOW",
        "The body did not arrive in time.",
        "请求内容未能及时送达。",
    )
    .with_http(StatusCode::REQUEST_TIMEOUT);
    match read.map_err(|_| slow)? {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(Problem::new(
            Code::InvalidArgument,
            "BODY_TOO_LARGE",
            format!("The body is larger than {max} bytes; send it in parts."),
            format!("请求内容超过 {max} 字节，请分批发送。"),
        )
        .with_http(StatusCode::PAYLOAD_TOO_LARGE)),
        Err(error) => {
            tracing::debug!(%error, "a body could not be read");
            Err(Problem::new(
                Code::InvalidArgument,
                "BODY_MALFORMED",
                "The body ended too early.",
                "请求内容不完整。",
            ))
        }
    }
}

/// JSON, or nothing said.
fn is_json(content_type: Option<&[u8]>) -> bool {
    let Some(text) = content_type.and_then(|value| std::str::from_utf8(value).ok()) else {
        return content_type.is_none();
    };
    let media = text
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    media == "application/json" || media.ends_with("+json")
}

/// The client's address in the form in which a call in process reads it.
fn connection(address: IpAddr) -> ConnectionInfo {
    ConnectionInfo::from(TcpConnectInfo {
        local_addr: None,
        remote_addr: Some(SocketAddr::new(address, 0)),
    })
}
