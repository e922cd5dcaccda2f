//! The headers of an event: CloudEvents attributes in binary mode, beside those of NATS and of the trace.

use crate::catalog::EventType;
use crate::document::json::{Json, object};

const EVENT_ID: &str = "0193c2a1-b4d0-7e5f-8a6b-3c2d1e0f9a8b";

/// Each header with what it means, whether it is always there, and an example.
const HEADERS: &[(&str, &str, bool, &str)] = &[
    ("ce-specversion", "Version of CloudEvents.", true, "1.0"),
    (
        "ce-id",
        "The event's id (UUIDv7): the same on every delivery.",
        true,
        EVENT_ID,
    ),
    (
        "ce-type",
        "The event's type: the full name of its message.",
        true,
        "",
    ),
    ("ce-source", "The service that published it.", true, ""),
    ("ce-subject", "The id of the aggregate it belongs to.", true, ""),
    (
        "ce-time",
        "When it happened (RFC 3339, UTC).",
        true,
        "2026-11-22T01:30:00Z",
    ),
    (
        "ce-sequence",
        "The version of the aggregate after it: one higher with every event.",
        true,
        "1",
    ),
    (
        "traceparent",
        "The trace in which it happened (W3C Trace Context).",
        false,
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ),
    (
        "Nats-Msg-Id",
        "The same as `ce-id`: NATS drops a second copy by it.",
        true,
        EVENT_ID,
    ),
    ("content-type", "What the body is.", true, "application/json"),
];

/// The schema of the headers that all events share.
pub(super) fn schema() -> Json {
    let properties = HEADERS.iter().map(|(name, about, _, example)| {
        let schema = object! { "type" => "string", "description" => *about };
        let schema = if example.is_empty() {
            schema
        } else {
            schema.with("examples", [*example])
        };
        ((*name).to_owned(), schema)
    });
    let required: Vec<&str> = HEADERS
        .iter()
        .filter(|(_, _, always, _)| *always)
        .map(|(name, ..)| *name)
        .collect();
    object! {
        "type" => "object",
        "title" => "CloudEventHeaders",
        "description" => "CloudEvents 1.0 in binary mode.",
        "required" => required,
        "properties" => Json::Object(properties.collect()),
    }
}

/// The schema of the headers of one event.
pub(super) fn of(event: &EventType) -> Json {
    let own = object! {
        "type" => "object",
        "properties" => object! {
            "ce-type" => object! { "type" => "string", "const" => event.full_name.as_str() },
            "ce-source" => object! { "type" => "string", "const" => event.service.as_str() },
        },
    };
    object! { "allOf" => [object! { "$ref" => "#/components/schemas/CloudEventHeaders" }, own] }
}

/// The headers of an example.
pub(super) fn example(event: &EventType) -> Json {
    let members = HEADERS.iter().map(|(name, _, _, example)| {
        let value = match *name {
            "ce-type" => event.full_name.clone(),
            "ce-source" => event.service.clone(),
            "ce-subject" => format!("{}_0193c2a1b4d07e5f8a6b3c2d1e0f9a8b", event.aggregate),
            _ => (*example).to_owned(),
        };
        ((*name).to_owned(), Json::Text(value))
    });
    Json::Object(members.collect())
}
