//! What was received, in plain words; the shape of the JSON answers too.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One span that has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// 32 lower-case hex digits.
    pub trace_id: String,
    /// 16 lower-case hex digits.
    pub span_id: String,
    /// The span it lies in; `None` for a root.
    pub parent_span_id: Option<String>,
    /// As given by the program: the rpc, the reaction, the step.
    pub name: String,
    /// The attribute `service` of the span, else `resource_service`.
    pub service: String,
    /// The resource attribute `service.name`: the process.
    pub resource_service: String,
    /// The side of a call or message it stands for.
    pub kind: Kind,
    /// Other spans it names without lying in them.
    pub links: Vec<Link>,
    /// Everything the program said about it.
    pub attributes: BTreeMap<String, Value>,
    /// Whether the program called it a success or an error.
    pub status: Status,
    /// Nanoseconds since 1970, as a decimal text in JSON.
    #[serde(with = "decimal")]
    pub start_unix_nanos: u64,
    /// Nanoseconds since 1970, as a decimal text in JSON.
    #[serde(with = "decimal")]
    pub end_unix_nanos: u64,
}

/// The side of a call or message a span stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Work inside the process.
    Internal,
    /// Answers a call.
    Server,
    /// Makes a call.
    Client,
    /// Publishes a message.
    Producer,
    /// Handles a message.
    Consumer,
}

/// Whether a span succeeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing was said.
    Unset,
    /// Said to have succeeded.
    Ok,
    /// Failed, with the text given.
    Error(String),
}

/// Another span, named without being the parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// 32 lower-case hex digits.
    pub trace_id: String,
    /// 16 lower-case hex digits.
    pub span_id: String,
}

/// One log record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogRecord {
    /// `ERROR`, `WARN`, `INFO`, …
    pub severity: String,
    /// The message.
    pub body: String,
    /// The resource attribute `service.name`: the process.
    pub resource_service: String,
    /// The trace it belongs to, when it was written inside a span.
    pub trace_id: Option<String>,
    /// The span it was written in.
    pub span_id: Option<String>,
    /// The other fields of the event.
    pub attributes: BTreeMap<String, Value>,
}

/// A metric that was reported at least once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metric {
    /// As in `heju.outbox.lag`.
    pub name: String,
    /// As in `s` or `{event}`.
    pub unit: String,
    /// Names of the labels seen on it.
    pub labels: Vec<String>,
}

impl Span {
    /// Time from start to end.
    pub fn duration(&self) -> std::time::Duration {
        std::time::Duration::from_nanos(self.end_unix_nanos.saturating_sub(self.start_unix_nanos))
    }
}

/// 64-bit numbers as decimal text: a JSON number loses digits in a browser.
mod decimal {
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(value: &u64, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}
