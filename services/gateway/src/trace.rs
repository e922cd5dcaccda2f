//! The span of each request, its trace id in every answer, and the one place where refusals are written out.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use tracing::{Instrument, field, info_span};

use crate::problem;

/// The header with the trace id, in 32 hexadecimal digits.
pub(crate) const TRACE_ID: HeaderName = HeaderName::from_static("trace-id");

/// Runs the request in its span and shapes what comes back.
pub(crate) async fn run(mut request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str)
        .to_owned();
    let method = request.method().clone();
    let name = if route.is_empty() {
        method.to_string()
    } else {
        format!("{method} {route}")
    };
    let span = info_span!(
        "http",
        otel.name = name,
        otel.kind = "server",
        otel.status_code = field::Empty,
        service = "gateway",
        http.request.method = %method,
        http.route = route,
        http.response.status_code = field::Empty,
        error.reason = field::Empty,
        enduser.id = field::Empty,
    );
    telemetry::set_parent(&span, telemetry::extract_http(request.headers()).as_deref());
    let recorded = span.clone();
    async move {
        let trace_id = join(&mut request);
        let mut response = problem::shape(next.run(request).await, &trace_id);
        recorded.record("http.response.status_code", i64::from(response.status().as_u16()));
        if let Some(problem) = response.extensions().get::<problem::Problem>() {
            recorded.record("error.reason", problem.reason());
        }
        if response.status().is_server_error() {
            recorded.record("otel.status_code", "ERROR");
        }
        if let Ok(value) = HeaderValue::try_from(trace_id) {
            response.headers_mut().insert(TRACE_ID, value);
        }
        response
    }
    .instrument(span)
    .await
}

/// Makes this request's span the parent of whatever is called; answers the trace id.
///
/// Where nothing is recorded, the trace of the caller goes on, or one begins here, so that an answer always names one.
fn join(request: &mut Request) -> String {
    let headers = request.headers_mut();
    telemetry::inject_http(headers);
    if let Some(parent) = telemetry::extract_http(headers)
        && let Some(trace_id) = parent.split('-').nth(1)
    {
        return trace_id.to_owned();
    }
    let trace_id = format!("{:032x}", rand::random::<u128>().max(1));
    let span_id = format!("{:016x}", rand::random::<u64>().max(1));
    headers.remove(telemetry::context::TRACESTATE);
    if let Ok(value) = HeaderValue::try_from(format!("00-{trace_id}-{span_id}-00")) {
        headers.insert(telemetry::context::TRACEPARENT, value);
    }
    trace_id
}
