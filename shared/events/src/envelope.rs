//! An event on the wire: CloudEvents 1.0 in binary mode, attributes as `ce-*` headers, JSON body.

use async_nats::HeaderMap;
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use ids::EventId;

/// CloudEvents version that we speak.
const SPEC_VERSION: &str = "1.0";
/// Media type of the body.
const CONTENT_TYPE: &str = "application/json";

/// An event with its attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// `ce-id`: the outbox id; the same event has the same id for ever.
    pub id: EventId,
    /// `ce-type`: name of its message, `heju.funds.v1.DrawProposed`.
    pub kind: String,
    /// `ce-source`: the service.
    pub source: String,
    /// `ce-subject`: id of the aggregate, `draw_…`.
    pub aggregate: String,
    /// `ce-sequence`: version of the aggregate after the event.
    pub sequence: i64,
    /// `ce-time`: when it happened.
    pub time: DateTime<Utc>,
    /// `traceparent`: the trace it belongs to.
    pub trace_parent: Option<String>,
    /// The body: the message as canonical proto3 JSON.
    pub body: Bytes,
}

/// A message that is not one of our events.
#[derive(Debug, thiserror::Error)]
#[error("the message is not an event: header {header} is missing or malformed")]
pub struct EnvelopeError {
    /// The header.
    pub header: &'static str,
}

impl Envelope {
    /// The headers it is published with.
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let id = self.id.as_uuid().to_string();
        headers.insert(async_nats::header::NATS_MESSAGE_ID, id.as_str());
        headers.insert("content-type", CONTENT_TYPE);
        headers.insert("ce-specversion", SPEC_VERSION);
        headers.insert("ce-id", id.as_str());
        headers.insert("ce-type", self.kind.as_str());
        headers.insert("ce-source", self.source.as_str());
        headers.insert("ce-subject", self.aggregate.as_str());
        headers.insert("ce-sequence", self.sequence.to_string().as_str());
        headers.insert(
            "ce-time",
            self.time.to_rfc3339_opts(SecondsFormat::Micros, true).as_str(),
        );
        if let Some(parent) = &self.trace_parent {
            headers.insert("traceparent", parent.as_str());
        }
        headers
    }

    /// Reads a message that was delivered.
    ///
    /// # Errors
    /// Names the header that is missing or malformed.
    pub fn read(headers: Option<&HeaderMap>, body: Bytes) -> Result<Self, EnvelopeError> {
        let text = |header: &'static str| {
            headers
                .and_then(|map| map.get(header))
                .map(|value| value.as_str().to_owned())
                .ok_or(EnvelopeError { header })
        };
        let parsed = |header: &'static str| EnvelopeError { header };
        Ok(Envelope {
            id: EventId::from_uuid(text("ce-id")?.parse().map_err(|_| parsed("ce-id"))?),
            kind: text("ce-type")?,
            source: text("ce-source")?,
            aggregate: text("ce-subject")?,
            sequence: text("ce-sequence")?.parse().map_err(|_| parsed("ce-sequence"))?,
            time: DateTime::parse_from_rfc3339(&text("ce-time")?)
                .map_err(|_| parsed("ce-time"))?
                .with_timezone(&Utc),
            trace_parent: text("traceparent").ok(),
            body,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_published_is_read_back() {
        let event = Envelope {
            id: EventId::generate(),
            kind: "heju.funds.v1.DrawProposed".into(),
            source: "funds".into(),
            aggregate: "draw_0193".into(),
            sequence: 1,
            time: DateTime::parse_from_rfc3339("2026-11-22T08:00:00.000001Z")
                .unwrap()
                .with_timezone(&Utc),
            trace_parent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".into()),
            body: Bytes::from_static(b"{}"),
        };
        assert_eq!(
            Envelope::read(Some(&event.headers()), event.body.clone()).unwrap(),
            event
        );
    }

    #[test]
    fn a_message_without_our_headers_names_the_one_it_lacks() {
        assert_eq!(Envelope::read(None, Bytes::new()).unwrap_err().header, "ce-id");
    }
}
