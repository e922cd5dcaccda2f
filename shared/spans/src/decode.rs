//! From the OTLP messages to our plain shapes.

use std::collections::{BTreeMap, BTreeSet};

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1 as otlp;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use serde_json::Value;

use crate::{Kind, Link, LogRecord, Metric, Span, Status};

/// The attribute that says which service of a process a span belongs to.
const SERVICE: &str = "service";
/// The resource attribute that names the process.
const SERVICE_NAME: &str = "service.name";

/// All spans of an export.
pub(crate) fn spans(request: ExportTraceServiceRequest) -> Vec<Span> {
    let mut found = Vec::new();
    for group in request.resource_spans {
        let process = process(group.resource.as_ref());
        for span in group.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            found.push(decode_span(span, &process));
        }
    }
    found
}

fn decode_span(span: otlp::Span, process: &str) -> Span {
    let kind = match span.kind() {
        SpanKind::Server => Kind::Server,
        SpanKind::Client => Kind::Client,
        SpanKind::Producer => Kind::Producer,
        SpanKind::Consumer => Kind::Consumer,
        SpanKind::Internal | SpanKind::Unspecified => Kind::Internal,
    };
    let attributes = attributes(span.attributes);
    Span {
        trace_id: hex(&span.trace_id),
        span_id: hex(&span.span_id),
        parent_span_id: id(&span.parent_span_id),
        name: span.name,
        service: attributes
            .get(SERVICE)
            .and_then(Value::as_str)
            .unwrap_or(process)
            .to_owned(),
        resource_service: process.to_owned(),
        kind,
        links: span
            .links
            .into_iter()
            .map(|link| Link {
                trace_id: hex(&link.trace_id),
                span_id: hex(&link.span_id),
            })
            .collect(),
        attributes,
        status: match span.status {
            None => Status::Unset,
            Some(status) => match status.code() {
                StatusCode::Unset => Status::Unset,
                StatusCode::Ok => Status::Ok,
                StatusCode::Error => Status::Error(status.message),
            },
        },
        start_unix_nanos: span.start_time_unix_nano,
        end_unix_nanos: span.end_time_unix_nano,
    }
}

/// All log records of an export.
pub(crate) fn log_records(request: ExportLogsServiceRequest) -> Vec<LogRecord> {
    let mut found = Vec::new();
    for group in request.resource_logs {
        let process = process(group.resource.as_ref());
        for record in group.scope_logs.into_iter().flat_map(|scope| scope.log_records) {
            found.push(LogRecord {
                severity: record.severity_text,
                body: match record.body.map(any) {
                    Some(Value::String(text)) => text,
                    Some(other) => other.to_string(),
                    None => String::new(),
                },
                resource_service: process.clone(),
                trace_id: id(&record.trace_id),
                span_id: id(&record.span_id),
                attributes: attributes(record.attributes),
            });
        }
    }
    found
}

/// All metrics of an export, without their values.
pub(crate) fn metrics(request: ExportMetricsServiceRequest) -> Vec<Metric> {
    request
        .resource_metrics
        .into_iter()
        .flat_map(|group| group.scope_metrics)
        .flat_map(|scope| scope.metrics)
        .map(|metric| Metric {
            labels: metric.data.map(labels).unwrap_or_default(),
            name: metric.name,
            unit: metric.unit,
        })
        .collect()
}

fn labels(data: Data) -> Vec<String> {
    let points: Vec<Vec<KeyValue>> = match data {
        Data::Gauge(it) => it.data_points.into_iter().map(|p| p.attributes).collect(),
        Data::Sum(it) => it.data_points.into_iter().map(|p| p.attributes).collect(),
        Data::Histogram(it) => it.data_points.into_iter().map(|p| p.attributes).collect(),
        Data::ExponentialHistogram(it) => it.data_points.into_iter().map(|p| p.attributes).collect(),
        Data::Summary(it) => it.data_points.into_iter().map(|p| p.attributes).collect(),
    };
    let names: BTreeSet<_> = points.into_iter().flatten().map(|label| label.key).collect();
    names.into_iter().collect()
}

fn process(resource: Option<&Resource>) -> String {
    resource
        .into_iter()
        .flat_map(|resource| &resource.attributes)
        .find(|attribute| attribute.key == SERVICE_NAME)
        .and_then(|attribute| attribute.value.clone())
        .map(any)
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_else(|| "unknown".to_owned())
}

fn attributes(list: Vec<KeyValue>) -> BTreeMap<String, Value> {
    list.into_iter()
        .map(|attribute| (attribute.key, attribute.value.map_or(Value::Null, any)))
        .collect()
}

fn any(value: AnyValue) -> Value {
    match value.value {
        None => Value::Null,
        Some(Any::StringValue(text)) => text.into(),
        Some(Any::BoolValue(truth)) => truth.into(),
        Some(Any::IntValue(number)) => number.into(),
        Some(Any::DoubleValue(number)) => number.into(),
        Some(Any::BytesValue(bytes)) => hex(&bytes).into(),
        Some(Any::ArrayValue(array)) => array.values.into_iter().map(any).collect(),
        Some(Any::KvlistValue(list)) => Value::Object(attributes(list.values).into_iter().collect()),
        // Only profiles use the index into a table of strings.
        Some(Any::StringValueStrindex(index)) => index.into(),
    }
}

/// An id, or `None` when it is absent or all zero.
fn id(bytes: &[u8]) -> Option<String> {
    bytes.iter().any(|byte| *byte != 0).then(|| hex(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
