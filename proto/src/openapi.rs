//! The public description of the REST API: OpenAPI 3.1, written from the descriptors and their comments.
//!
//! Refresh the committed copy with `cargo run -p heju-proto --example contracts -- --write`.

mod errors;
mod operation;
mod own_paths;

use std::sync::LazyLock;

use prost_reflect::MessageDescriptor;

use crate::catalog::{self, Call, comment};
use crate::document::json::{Json, object};
use crate::document::schema::{self, Presence, Reach, component};
use crate::document::{field, first_sentence};

/// What a reader must know before the first call.
const ABOUT: &str = "\
Heju (和居): property management of a Chinese county-level city on one platform.

- Names are camelCase; a field that is not known is refused.
- An amount of money is in fen (分), an area in 0.01 m², both whole numbers. \
A 64-bit integer is written as a string; a request may also send it as a number.
- An instant is in UTC (RFC 3339); a day is `YYYY-MM-DD` in the time of Asia/Shanghai.
- An id says its kind: `draw_` and 32 hexadecimal digits.
- Every call that changes something takes an `idempotency-key`: \
the same key with the same request gets the first answer again, so a call may be repeated safely.
- An answer holds every field, also those with their default; only an object or an instant that is absent is left out.
- Every refusal has a stable `reason`, a message in Chinese and one in English.";

/// The OpenAPI 3.1 document as JSON text, ending in a line feed.
///
/// It names every call that is not internal, and the gateway's own paths; made once.
pub fn document() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| build().to_text());
    &TEXT
}

fn build() -> Json {
    let calls: Vec<&Call> = catalog::calls().iter().filter(|call| !call.internal).collect();
    object! {
        "openapi" => "3.1.0",
        "info" => object! {
            "title" => "Heju (和居)",
            "version" => env!("CARGO_PKG_VERSION"),
            "summary" => "Property management of a city, from the register to the maintenance fund.",
            "description" => ABOUT,
            "license" => object! { "name" => "Apache 2.0", "identifier" => "Apache-2.0" },
        },
        "servers" => [object! { "url" => "/", "description" => "The gateway that serves this document." }],
        "tags" => tags(&calls),
        "paths" => paths(&calls),
        "components" => object! {
            "securitySchemes" => object! {
                "bearer" => object! {
                    "type" => "http",
                    "scheme" => "bearer",
                    "bearerFormat" => "JWT",
                    "description" => "The token of a session (JWT, EdDSA), from `POST /v1/sessions` or the configured issuer.",
                },
            },
            "parameters" => object! { "IdempotencyKey" => operation::idempotency_key() },
            "responses" => errors::responses(),
            "schemas" => schemas(&calls),
        },
    }
}

fn tags(calls: &[&Call]) -> Json {
    let mut tags = Vec::new();
    for service in catalog::services() {
        let name = catalog::service_of(service.package_name());
        // A package may have several services; the one that bears its name says what it is about.
        if !service.name().eq_ignore_ascii_case(&format!("{name}Service")) {
            continue;
        }
        if calls.iter().any(|call| call.service == name) {
            let about = comment(&service.parent_file(), service.path()).unwrap_or_default();
            tags.push(object! { "name" => name, "description" => about });
        }
    }
    tags.push(object! { "name" => own_paths::EVENTS_TAG, "description" => "What happens, as it happens." });
    tags.push(object! { "name" => own_paths::RUNNING_TAG, "description" => "For operators and for services that check our tokens." });
    Json::List(tags)
}

/// Paths in the order of the contract; the methods of one path stand together.
fn paths(calls: &[&Call]) -> Json {
    let mut paths: Vec<(String, Json)> = Vec::new();
    let mut add = |path: String, method: String, operation: Json| match paths
        .iter_mut()
        .find(|(known, _)| *known == path)
    {
        Some((_, Json::Object(methods))) => methods.push((method, operation)),
        _ => paths.push((path, Json::Object(vec![(method, operation)]))),
    };
    for call in calls {
        if let Some(http) = &call.http {
            add(
                operation::path(call, http),
                http.method.to_lowercase(),
                operation::of(call, http),
            );
        }
    }
    for (path, operation) in own_paths::all() {
        add(path.to_owned(), "get".to_owned(), operation);
    }
    Json::Object(paths)
}

/// Schemas of all that is sent or answered, by name.
fn schemas(calls: &[&Call]) -> Json {
    let mut sent = Reach::default();
    let mut answered = Reach::default();
    let mut bodies: Vec<(String, Json)> = Vec::new();
    for call in calls {
        // The pieces of a file are its bytes.
        if !call.file {
            answered.add(&call.output);
        }
        let Some(http) = &call.http else { continue };
        let fields = operation::body_fields(call, http);
        if http.body == "*" {
            bodies.push((component(call.input.full_name()), body(&call.input, &fields)));
            sent.add_fields(fields);
        } else {
            // Query parameters use enumerations; a single field as the body uses its message.
            sent.add_fields(call.input.fields());
        }
    }
    let mut schemas = bodies;
    for (name, message) in sent.messages.iter().chain(&answered.messages) {
        let presence = if sent.messages.contains_key(name) {
            Presence::Optional
        } else {
            Presence::Always
        };
        schemas.push((component(name), schema::message(message, presence)));
    }
    for (name, descriptor) in sent.enums.iter().chain(&answered.enums) {
        schemas.push((component(name), field::enumeration(descriptor)));
    }
    schemas.push(("Error".to_owned(), errors::schema()));
    schemas.push(("ErrorStatus".to_owned(), errors::status_schema()));
    schemas.sort_by(|(a, _), (b, _)| a.cmp(b));
    schemas.dedup_by(|(a, _), (b, _)| a == b);
    Json::Object(schemas)
}

/// The body of a request: its fields but those in the path, and no others.
fn body(message: &MessageDescriptor, fields: &[prost_reflect::FieldDescriptor]) -> Json {
    let about = comment(&message.parent_file(), message.path()).unwrap_or_default();
    schema::object(fields)
        .with("title", message.name())
        .with("description", first_sentence(about) + ".")
        .with("additionalProperties", false)
}
