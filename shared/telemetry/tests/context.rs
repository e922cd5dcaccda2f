//! The trace context crosses process borders: the edges of the trace are the right ones.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, Span, SpanData, SpanProcessor};
use tracing::info_span;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry};

#[derive(Debug, Clone, Default)]
struct Ended(Arc<Mutex<Vec<SpanData>>>);

impl SpanProcessor for Ended {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        self.0.lock().unwrap().push(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Runs `story` with spans recorded, and answers them in the order they ended.
fn recorded(story: impl FnOnce()) -> Vec<SpanData> {
    let ended = Ended::default();
    let provider = SdkTracerProvider::builder()
        .with_span_processor(ended.clone())
        .build();
    let subscriber = Registry::default().with(
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("test"))
            .with_filter(Targets::new().with_default(LevelFilter::INFO)),
    );
    tracing::subscriber::with_default(subscriber, story);
    ended.0.lock().unwrap().clone()
}

fn by_name<'a>(spans: &'a [SpanData], name: &str) -> &'a SpanData {
    spans.iter().find(|span| span.name == name).expect(name)
}

#[test]
fn a_call_over_http_makes_the_server_span_a_child_of_the_client_span() {
    let spans = recorded(|| {
        let mut headers = http::HeaderMap::new();
        info_span!("client").in_scope(|| telemetry::inject_http(&mut headers));
        assert!(headers.get("tracestate").is_none());
        let server = info_span!("server");
        let parent = telemetry::extract_http(&headers);
        assert!(telemetry::set_parent(&server, parent.as_deref()));
        server.in_scope(|| info_span!("work").in_scope(|| ()));
    });
    let (client, server, work) = (
        by_name(&spans, "client"),
        by_name(&spans, "server"),
        by_name(&spans, "work"),
    );
    assert_eq!(server.parent_span_id, client.span_context.span_id());
    assert!(server.parent_span_is_remote);
    assert_eq!(work.parent_span_id, server.span_context.span_id());
    assert_eq!(client.span_context.trace_id(), server.span_context.trace_id());
    assert_eq!(client.span_context.trace_id(), work.span_context.trace_id());
}

#[test]
fn an_outbox_row_carries_the_trace_past_the_end_of_its_span() {
    let mut row = None;
    let mut trace = None;
    let first = recorded(|| {
        info_span!("command").in_scope(|| {
            row = telemetry::trace_parent_of_current();
            trace = telemetry::trace_id_of_current();
        });
    });
    // Another process, later.
    let second = recorded(|| {
        let consumer = info_span!("consumer");
        assert!(telemetry::set_parent(&consumer, row.as_deref()));
        consumer.in_scope(|| assert_eq!(telemetry::trace_id_of_current(), trace));
    });
    let row = row.unwrap();
    assert_eq!(row.len(), 55, "{row}");
    assert_eq!(trace.unwrap(), first[0].span_context.trace_id().to_string());
    assert_eq!(second[0].parent_span_id, first[0].span_context.span_id());
}

#[test]
fn a_link_names_the_other_span_and_keeps_the_own_trace() {
    let spans = recorded(|| {
        let mut row = None;
        info_span!("command").in_scope(|| row = telemetry::trace_parent_of_current());
        let batch = info_span!("batch");
        assert!(telemetry::link(&batch, row.as_deref()));
        batch.in_scope(|| ());
    });
    let (command, batch) = (by_name(&spans, "command"), by_name(&spans, "batch"));
    assert_eq!(
        batch.links.links[0].span_context.span_id(),
        command.span_context.span_id()
    );
    assert_ne!(batch.span_context.trace_id(), command.span_context.trace_id());
}

#[test]
fn a_span_that_was_entered_keeps_its_parent() {
    recorded(|| {
        let span = info_span!("entered");
        let _inside = span.enter();
        assert!(!telemetry::set_parent(
            &span,
            Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        ));
    });
}

#[test]
fn a_malformed_traceparent_gives_a_root_span() {
    let spans = recorded(|| {
        for text in [
            "",
            "x",
            "00-0-0-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        ] {
            let span = info_span!("root");
            assert!(!telemetry::set_parent(&span, Some(text)), "{text}");
            let mut headers = http::HeaderMap::new();
            headers.insert("traceparent", text.parse().unwrap());
            assert_eq!(telemetry::extract_http(&headers), None, "{text}");
            span.in_scope(|| ());
        }
        assert!(!telemetry::set_parent(&info_span!("root"), None));
    });
    assert!(
        spans
            .iter()
            .all(|span| span.parent_span_id == opentelemetry::SpanId::INVALID)
    );
}

#[test]
fn a_span_below_the_filter_passes_the_recorded_span_around_it() {
    recorded(|| {
        info_span!("recorded").in_scope(|| {
            let outside = telemetry::trace_parent_of_current();
            assert!(outside.is_some());
            tracing::debug_span!("not recorded")
                .in_scope(|| assert_eq!(telemetry::trace_parent_of_current(), outside));
        });
    });
}

#[test]
fn tracestate_of_other_systems_is_read() {
    let context = telemetry::extract(&|name| {
        Some(match name {
            "traceparent" => "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
            _ => "vendor=value".to_owned(),
        })
    });
    let span = context.span().span_context().clone();
    assert!(span.is_remote());
    assert_eq!(span.trace_state().get("vendor"), Some("value"));
}

#[test]
fn nothing_travels_outside_a_span() {
    assert_eq!(telemetry::trace_parent_of_current(), None);
    assert_eq!(telemetry::trace_id_of_current(), None);
    let mut headers = http::HeaderMap::new();
    telemetry::inject_http(&mut headers);
    assert!(headers.is_empty());
}
