//! Paths that the gateway answers itself, without an rpc behind them.

use super::errors;
use crate::document::json::{Json, object};

/// The tag of the live events.
pub(super) const EVENTS_TAG: &str = "events";
/// The tag of health and keys.
pub(super) const RUNNING_TAG: &str = "running";

/// Each path with its `GET`.
pub(super) fn all() -> Vec<(&'static str, Json)> {
    vec![
        ("/v1/events/stream", event_stream()),
        (
            "/healthz/live",
            probe(
                "getLive",
                "Says that the process runs",
                "Answers as long as the process can answer at all.",
                "It runs.",
                None,
            ),
        ),
        (
            "/healthz/ready",
            probe(
                "getReady",
                "Says whether requests are taken",
                "For load balancers: unready while something needed does not answer, and while it stops.",
                "Requests are taken.",
                Some("Requests should go elsewhere."),
            ),
        ),
        (
            "/.well-known/jwks.json",
            document(
                "getJwks",
                "Reads the public keys of the built-in issuer",
                "A JSON Web Key Set (RFC 7517).",
                jwks_schema(),
            ),
        ),
        (
            "/.well-known/openid-configuration",
            document(
                "getOpenidConfiguration",
                "Reads where the built-in issuer is",
                "OpenID Connect Discovery 1.0.",
                discovery_schema(),
            ),
        ),
    ]
}

fn event_stream() -> Json {
    let responses = object! {
        "200" => object! {
            "description" => "Server-sent events without end.",
            "content" => object! {
                "text/event-stream" => object! {
                    "schema" => object! { "type" => "string" },
                    "example" => "id: 1042\nevent: heju.funds.v1.DrawProposed\ndata: {\"draw\":{\"drawId\":\"draw_0193c2a1b4d07e5f8a6b3c2d1e0f9a8b\"}}\n\n",
                },
            },
        },
    };
    object! {
        "operationId" => "streamEvents",
        "tags" => [EVENTS_TAG],
        "summary" => "Streams the events that the caller may see, as they happen",
        "description" => "Of each event, `event` is its type and `data` its payload, both as in the AsyncAPI document; \
            `id` is its place in the stream. \
            A client that lost the connection sends the last `id` as `Last-Event-ID` and gets what it missed; \
            browsers do so by themselves.",
        "parameters" => [object! {
            "name" => "Last-Event-ID",
            "in" => "header",
            "description" => "The `id` of the last event received; without it the stream begins now.",
            "schema" => object! { "type" => "string" },
        }],
        "responses" => errors::add_token_errors(responses),
        "security" => [object! { "bearer" => Json::List(Vec::new()) }],
    }
}

fn open(operation_id: &str, summary: &str, description: &str, responses: Json) -> Json {
    object! {
        "operationId" => operation_id,
        "tags" => [RUNNING_TAG],
        "summary" => summary,
        "description" => description,
        "responses" => responses,
        "security" => Json::List(Vec::new()),
    }
}

fn probe(operation_id: &str, summary: &str, description: &str, yes: &str, no: Option<&str>) -> Json {
    let responses = object! { "200" => object! { "description" => yes } };
    let responses = responses.with_some("503", no.map(|no| object! { "description" => no }));
    open(operation_id, summary, description, responses)
}

fn document(operation_id: &str, summary: &str, description: &str, schema: Json) -> Json {
    let media = object! { "application/json" => object! { "schema" => schema } };
    let responses = object! {
        "200" => object! { "description" => description, "content" => media },
        "404" => object! { "description" => "A foreign issuer is configured: ask it instead." },
    };
    open(operation_id, summary, description, responses)
}

fn jwks_schema() -> Json {
    let text = |about: &str| object! { "type" => "string", "description" => about };
    let key = object! {
        "type" => "object",
        "description" => "An Ed25519 key (RFC 8037).",
        "required" => ["kty", "crv", "kid", "x"],
        "properties" => object! {
            "kty" => object! { "const" => "OKP" },
            "crv" => object! { "const" => "Ed25519" },
            "use" => object! { "const" => "sig" },
            "alg" => object! { "const" => "EdDSA" },
            "kid" => text("The key's id, as tokens name it."),
            "x" => text("The public key in Base64url."),
        },
    };
    object! {
        "type" => "object",
        "required" => ["keys"],
        "properties" => object! { "keys" => object! { "type" => "array", "items" => key } },
    }
}

fn discovery_schema() -> Json {
    let uri = |about: &str| object! { "type" => "string", "format" => "uri", "description" => about };
    object! {
        "type" => "object",
        "required" => ["issuer", "jwks_uri"],
        "properties" => object! {
            "issuer" => uri("Who issues the tokens, as in their `iss`."),
            "jwks_uri" => uri("Where its public keys are."),
        },
    }
}
