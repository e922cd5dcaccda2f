//! The public description of the events: AsyncAPI 3.0, written from the descriptors and their comments.
//!
//! Refresh the committed copy with `cargo run -p heju-proto --example contracts -- --write`.

mod headers;

use std::sync::LazyLock;

use crate::catalog::{self, EventType};
use crate::document::example::Defaults;
use crate::document::json::{Json, object};
use crate::document::schema::{self, Presence, Reach, component, reference};
use crate::document::{example, field, first_sentence};

/// What a reader must know before the first subscription.
const ABOUT: &str = "\
What happens in Heju (和居), as CloudEvents 1.0 over NATS JetStream in binary mode: \
the attributes are headers, the body is the payload alone.

- One stream per service keeps its events for ever: `HEJU_FUNDS`, named by `x-stream` of each channel.
- A subject ends with the division code of the place in three groups: city, street, community; \
`000` where a level does not apply. A street subscribes to `heju.v1.*.*.*.330783.004.>`, the city to `heju.v1.>`.
- An event may arrive twice, never without the one before it: `ce-id` is the same each time, \
`ce-sequence` is the version of the aggregate `ce-subject`.
- The payload follows the canonical JSON mapping of protobuf: camelCase names, a 64-bit integer as a string, \
an instant in UTC (RFC 3339), an enumeration by name. A field with its default is left out. \
Fields may be added; ignore what you do not know.
- No event holds personal data.";

/// The AsyncAPI 3.0 document as JSON text, ending in a line feed.
///
/// It has a channel, a message and an operation for each event; made once.
pub fn document() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| build().to_text());
    &TEXT
}

fn build() -> Json {
    object! {
        "asyncapi" => "3.0.0",
        "info" => object! {
            "title" => "Events of Heju (和居)",
            "version" => env!("CARGO_PKG_VERSION"),
            "description" => ABOUT,
            "license" => object! { "name" => "Apache-2.0", "url" => "https://www.apache.org/licenses/LICENSE-2.0" },
        },
        "defaultContentType" => "application/json",
        "servers" => object! { "nats" => server() },
        "channels" => members(|event| (channel_id(event), channel(event))),
        "operations" => members(|event| (format!("publish{}", event.message.name()), operation(event))),
        "components" => object! {
            "messages" => members(|event| (component(&event.full_name), message(event))),
            "parameters" => parameters(),
            "schemas" => schemas(),
        },
    }
}

fn members(member: impl Fn(&EventType) -> (String, Json)) -> Json {
    Json::Object(catalog::events().iter().map(member).collect())
}

fn server() -> Json {
    object! {
        "host" => "{host}:{port}",
        "protocol" => "nats",
        "protocolVersion" => "2.10",
        "description" => "The city's NATS with JetStream; what an account may subscribe to follows its jurisdiction.",
        "variables" => object! {
            "host" => object! { "default" => "localhost", "description" => "Where NATS listens." },
            "port" => object! { "default" => "4222", "description" => "On which port." },
        },
    }
}

fn channel_id(event: &EventType) -> String {
    format!("{}.{}.{}", event.service, event.aggregate, event.name)
}

fn channel(event: &EventType) -> Json {
    let parameter = |name: &str| object! { "$ref" => format!("#/components/parameters/{name}") };
    let message = object! { "$ref" => format!("#/components/messages/{}", component(&event.full_name)) };
    object! {
        "address" => event.subject.replace('<', "{").replace('>', "}"),
        "title" => first_sentence(&event.comment),
        "description" => format!("{}\n\nKept in the stream `{}`.", event.comment, event.stream),
        "servers" => [object! { "$ref" => "#/servers/nats" }],
        "parameters" => object! {
            "city" => parameter("city"),
            "street" => parameter("street"),
            "community" => parameter("community"),
        },
        "messages" => Json::Object(vec![(event.message.name().to_owned(), message)]),
        "tags" => [object! { "name" => event.service.as_str() }],
        "x-stream" => event.stream.as_str(),
    }
}

fn operation(event: &EventType) -> Json {
    let channel = format!("#/channels/{}", channel_id(event));
    object! {
        "action" => "send",
        "channel" => object! { "$ref" => channel.as_str() },
        "title" => first_sentence(&event.comment),
        "summary" => format!("Heju publishes it; others subscribe. {}", event.comment.replace('\n', " ")),
        "messages" => [object! { "$ref" => format!("{channel}/messages/{}", event.message.name()) }],
        "tags" => [object! { "name" => event.service.as_str() }],
    }
}

fn message(event: &EventType) -> Json {
    object! {
        "name" => event.full_name.as_str(),
        "title" => event.message.name(),
        "summary" => first_sentence(&event.comment),
        "description" => event.comment.as_str(),
        "contentType" => "application/json",
        "headers" => headers::of(event),
        "payload" => object! { "$ref" => reference(&event.full_name) },
        "tags" => [object! { "name" => event.service.as_str() }],
        "examples" => [object! {
            "name" => event.name.as_str(),
            "headers" => headers::example(event),
            "payload" => example::of_message(&event.message, Defaults::LeftOut),
        }],
    }
}

fn parameters() -> Json {
    let parameter = |about: &str, example: &str| object! { "description" => about, "examples" => [example] };
    object! {
        "city" => parameter("First six digits of the division code.", "330783"),
        "street" => parameter("The next three: street, town or township; `000` for the whole city.", "004"),
        "community" => parameter("The last three: community or village; `000` for the whole street.", "015"),
    }
}

/// Schemas of all that the events hold, by name.
fn schemas() -> Json {
    let mut reach = Reach::default();
    for event in catalog::events() {
        reach.add(&event.message);
    }
    let mut schemas = vec![("CloudEventHeaders".to_owned(), headers::schema())];
    for (name, message) in &reach.messages {
        schemas.push((component(name), schema::message(message, Presence::Optional)));
    }
    for (name, descriptor) in &reach.enums {
        schemas.push((component(name), field::enumeration(descriptor)));
    }
    schemas.sort_by(|(a, _), (b, _)| a.cmp(b));
    Json::Object(schemas)
}
