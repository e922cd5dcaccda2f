//! How an event is written to standard error: one line each, with the trace id, as text or JSON.

use std::fmt::{self, Write as _};

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use serde_json::{Map, Value};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::format::{DefaultFields, JsonFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields, MakeWriter};
use tracing_subscriber::registry::LookupSpan;

use crate::LogFormat;

mod fields;
#[cfg(test)]
mod tests;

/// Writes one event as one line.
pub(crate) struct Lines(LogFormat);

impl Lines {
    /// The layer that prints to `writer`, which is standard error outside tests.
    pub(crate) fn layer<S, W>(format: LogFormat, writer: W) -> Box<dyn Layer<S> + Send + Sync>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
        W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
    {
        let layer = tracing_subscriber::fmt::layer()
            .with_writer(writer)
            .with_ansi(false);
        match format {
            LogFormat::Text => layer
                .fmt_fields(DefaultFields::new())
                .event_format(Self(format))
                .boxed(),
            LogFormat::Json => layer
                .fmt_fields(JsonFields::new())
                .event_format(Self(format))
                .boxed(),
        }
    }
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        ctx: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let line = match self.0 {
            LogFormat::Text => text(ctx, event)?,
            LogFormat::Json => json(ctx, event)?,
        };
        writeln!(writer, "{line}")
    }
}

/// `time LEVEL target: message key=value [span{…} > span{…}] trace=…`
fn text<S, N>(ctx: &FmtContext<'_, S, N>, event: &Event<'_>) -> Result<String, fmt::Error>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    let mut line = now()?;
    let metadata = event.metadata();
    write!(line, " {:>5} {}:", metadata.level(), metadata.target())?;
    let fields = fields::collect(event);
    if let Some(message) = &fields.message {
        write!(line, " {}", fields::OneLine(message))?;
    }
    for (name, value) in &fields.rest {
        match value {
            Value::String(text) => write!(line, " {name}={}", fields::OneLine(text))?,
            other => write!(line, " {name}={other}")?,
        }
    }
    let mut separator = " [";
    for span in ctx.event_scope().into_iter().flat_map(|scope| scope.from_root()) {
        write!(line, "{separator}{}", span.name())?;
        if let Some(fields) = span.extensions().get::<FormattedFields<N>>()
            && !fields.is_empty()
        {
            write!(line, "{{{}}}", fields::OneLine(&fields.fields))?;
        }
        separator = " > ";
    }
    if separator == " > " {
        line.push(']');
    }
    if let Some((trace, _)) = ids() {
        write!(line, " trace={trace}")?;
    }
    Ok(line)
}

/// `{"timestamp","level","target","message","fields","service","trace_id","span_id","spans"}`
fn json<S, N>(ctx: &FmtContext<'_, S, N>, event: &Event<'_>) -> Result<String, fmt::Error>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    let metadata = event.metadata();
    let fields = fields::collect(event);
    let mut line = Map::new();
    line.insert("timestamp".to_owned(), now()?.into());
    line.insert("level".to_owned(), metadata.level().as_str().into());
    line.insert("target".to_owned(), metadata.target().into());
    line.insert("message".to_owned(), fields.message.unwrap_or_default().into());
    line.insert("fields".to_owned(), Value::Object(fields.rest));
    let mut spans = Vec::new();
    for span in ctx.event_scope().into_iter().flat_map(|scope| scope.from_root()) {
        let mut entry: Map<String, Value> = span
            .extensions()
            .get::<FormattedFields<N>>()
            .and_then(|fields| serde_json::from_str(&fields.fields).ok())
            .unwrap_or_default();
        // The innermost span wins: in a process with several services it says who wrote the line.
        if let Some(service) = entry.get("service") {
            line.insert("service".to_owned(), service.clone());
        }
        entry.insert("name".to_owned(), span.name().into());
        spans.push(Value::Object(entry));
    }
    if !spans.is_empty() {
        line.insert("spans".to_owned(), Value::Array(spans));
    }
    if let Some((trace, span)) = ids() {
        line.insert("trace_id".to_owned(), trace.into());
        line.insert("span_id".to_owned(), span.into());
    }
    serde_json::to_string(&line).map_err(|_| fmt::Error)
}

fn now() -> Result<String, fmt::Error> {
    let mut text = String::new();
    SystemTime.format_time(&mut Writer::new(&mut text))?;
    Ok(text)
}

/// Trace and span id of the recorded span the event lies in.
fn ids() -> Option<(String, String)> {
    let context = Context::current();
    let span = context.span().span_context().clone();
    span.is_valid()
        .then(|| (span.trace_id().to_string(), span.span_id().to_string()))
}
