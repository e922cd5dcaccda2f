//! What a line holds, in both formats.
#![allow(clippy::unwrap_used)]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use serde_json::Value;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry};

use super::Lines;
use crate::LogFormat;

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the draw was not saved")]
struct NotSaved(#[source] std::num::ParseIntError);

/// Writes one event inside two spans; answers the line and the trace id it must name.
fn written(format: LogFormat) -> (String, String) {
    let buffer = Buffer::default();
    let writer = buffer.clone();
    let provider = SdkTracerProvider::builder().build();
    let subscriber = Registry::default()
        .with(tracing_opentelemetry::layer().with_tracer(provider.tracer("test")))
        .with(
            Lines::layer(format, move || writer.clone())
                .with_filter(tracing_subscriber::filter::LevelFilter::INFO),
        );
    let trace = tracing::subscriber::with_default(subscriber, || {
        let request = tracing::info_span!("request", service = "gateway");
        let _request = request.enter();
        let inner = tracing::info_span!("funds.ProposeDraw", service = "funds", draw.id = "draw_1");
        let _inner = inner.enter();
        let error = NotSaved("x".parse::<i64>().unwrap_err());
        tracing::error!(
            error = &error as &(dyn std::error::Error + 'static),
            attempt = 2,
            "refused\nby the store"
        );
        tracing::debug!("below the filter");
        crate::trace_id_of_current().unwrap()
    });
    let bytes = buffer.0.lock().unwrap().clone();
    (String::from_utf8(bytes).unwrap(), trace)
}

#[test]
fn a_text_line_names_the_spans_the_trace_and_the_whole_error() {
    let (line, trace) = written(LogFormat::Text);
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(
        line.contains("ERROR telemetry::format::tests: refused\\nby the store"),
        "{line}"
    );
    assert!(
        line.contains("error=the draw was not saved: invalid digit found in string"),
        "{line}"
    );
    assert!(line.contains("attempt=2"), "{line}");
    assert!(
        line.contains("[request{service=\"gateway\"} > funds.ProposeDraw{"),
        "{line}"
    );
    assert!(line.trim_end().ends_with(&format!("trace={trace}")), "{line}");
}

#[test]
fn a_json_line_names_the_innermost_service_and_the_trace() {
    let (line, trace) = written(LogFormat::Json);
    assert_eq!(line.lines().count(), 1, "{line}");
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["message"], "refused\nby the store");
    assert_eq!(line["service"], "funds");
    assert_eq!(line["trace_id"], trace.as_str());
    assert_eq!(line["span_id"].as_str().unwrap().len(), 16);
    assert_eq!(line["fields"]["attempt"], 2);
    assert_eq!(
        line["fields"]["error"],
        "the draw was not saved: invalid digit found in string"
    );
    assert_eq!(line["spans"][0]["name"], "request");
    assert_eq!(line["spans"][1]["draw.id"], "draw_1");
}
