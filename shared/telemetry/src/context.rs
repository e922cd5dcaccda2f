//! Carriers of the W3C trace context between processes: HTTP headers, gRPC metadata, NATS headers, outbox rows.
//!
//! What travels is the text of `traceparent`, as in `00-<32 hex trace id>-<16 hex span id>-01`.
//! The sender reads it from its current span; the receiver gives it to a span **before that span is entered**:
//!
//! ```
//! use tracing::Instrument;
//!
//! # async fn handle() {}
//! # async fn run(headers: http::HeaderMap) {
//! let span = tracing::info_span!("registry.GetRoll", service = "registry", otel.kind = "server");
//! telemetry::set_parent(&span, telemetry::extract_http(&headers).as_deref());
//! handle().instrument(span).await;
//! # }
//! ```

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{SpanContext, TraceContextExt};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Name of the header that carries the trace and the calling span.
pub const TRACEPARENT: &str = "traceparent";
/// Name of the header that carries what other tracing systems add.
pub const TRACESTATE: &str = "tracestate";

/// Gives `set` the headers of the current span: `traceparent`, and `tracestate` where it is not empty.
///
/// Outside any recorded span nothing is set.
pub fn inject_current(set: &mut impl FnMut(&str, String)) {
    TraceContextPropagator::new().inject_context(&current(), &mut Setter(set));
}

/// Reads the context of the caller through `get`, which answers the value of a header by its lower-case name.
///
/// A missing or malformed `traceparent` gives an empty context, which makes the next span a root.
pub fn extract(get: &dyn Fn(&str) -> Option<String>) -> Context {
    let headers = Headers {
        parent: get(TRACEPARENT),
        state: get(TRACESTATE),
    };
    TraceContextPropagator::new().extract_with_context(&Context::new(), &headers)
}

/// The `traceparent` text of the current span, as an outbox row stores it; `None` outside any recorded span.
pub fn trace_parent_of_current() -> Option<String> {
    let mut found = None;
    inject_current(&mut |name, value| {
        if name == TRACEPARENT {
            found = Some(value);
        }
    });
    found
}

/// The trace id of the current span in 32 lower-case hex digits; `None` outside any recorded span.
pub fn trace_id_of_current() -> Option<String> {
    let context = current();
    let span = context.span().span_context().clone();
    span.is_valid().then(|| span.trace_id().to_string())
}

/// Makes `span` a child of the span named by `traceparent`.
///
/// Answers whether the parent was taken.
/// It is not taken when there is none, when it is malformed, when the span is not recorded,
/// and when the span was entered before: a span that has begun keeps its parent.
pub fn set_parent(span: &tracing::Span, traceparent: Option<&str>) -> bool {
    let Some(parent) = remote(traceparent) else {
        return false;
    };
    span.set_parent(Context::new().with_remote_span_context(parent))
        .is_ok()
}

/// Links `span` to the span named by `traceparent` without becoming its child.
///
/// Answers whether the text named a span. May be called more than once, also after the span was entered.
pub fn link(span: &tracing::Span, traceparent: Option<&str>) -> bool {
    let Some(other) = remote(traceparent) else {
        return false;
    };
    span.add_link(other);
    true
}

/// Puts the current span into HTTP headers, replacing what was there.
///
/// For gRPC metadata: `let mut headers = metadata.into_headers(); inject_http(&mut headers);`
/// and back with `MetadataMap::from_headers`.
pub fn inject_http(headers: &mut HeaderMap) {
    inject_current(&mut |name, value| {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::try_from(value),
        ) {
            headers.insert(name, value);
        }
    });
}

/// The `traceparent` of the caller; `None` when it is absent or malformed.
pub fn extract_http(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(TRACEPARENT)?.to_str().ok()?;
    remote(Some(text)).map(|_| text.trim().to_owned())
}

/// The context of the current span.
///
/// A span that only the console shows has none of its own; then the nearest recorded span around it counts.
fn current() -> Context {
    let own = tracing::Span::current().context();
    if own.span().span_context().is_valid() {
        own
    } else {
        Context::current()
    }
}

fn remote(traceparent: Option<&str>) -> Option<SpanContext> {
    let headers = Headers {
        parent: Some(traceparent?.to_owned()),
        state: None,
    };
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &headers);
    let span = context.span().span_context().clone();
    span.is_valid().then_some(span)
}

struct Setter<'a, F>(&'a mut F);

impl<F: FnMut(&str, String)> Injector for Setter<'_, F> {
    fn set(&mut self, key: &str, value: String) {
        // The propagator also writes an empty tracestate, which is noise on every row and message.
        if !value.is_empty() {
            (self.0)(key, value);
        }
    }
}

struct Headers {
    parent: Option<String>,
    state: Option<String>,
}

impl Extractor for Headers {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            TRACEPARENT => self.parent.as_deref(),
            TRACESTATE => self.state.as_deref(),
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT, TRACESTATE]
    }
}
