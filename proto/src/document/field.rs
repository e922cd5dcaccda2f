//! The JSON schema of one field, by the canonical JSON mapping.

use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind};

use super::example;
use super::json::{Json, object};
use super::schema::reference;
use crate::catalog::comment;

/// A 64-bit integer as the canonical mapping writes it.
const INT64_PATTERN: &str = "^-?(0|[1-9][0-9]{0,18})$";
/// An unsigned one.
const UINT64_PATTERN: &str = "^(0|[1-9][0-9]{0,19})$";
/// A day, in the time of Asia/Shanghai.
const DAY_PATTERN: &str = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
/// What every id ends with.
const ID_TAIL_PATTERN: &str = "_[0-9a-f]{32}";

/// What the contract says about a field.
pub(crate) fn comment_of(field: &FieldDescriptor) -> &'static str {
    comment(&field.parent_message().parent_file(), field.path()).unwrap_or_default()
}

/// The schema of a field with its description and examples.
pub(crate) fn schema(field: &FieldDescriptor) -> Json {
    let one = one(field);
    let schema = if field.is_list() {
        object! { "type" => "array", "items" => one }
    } else {
        with_description(field, one)
    };
    let schema = if field.is_list() {
        schema.with("description", comment_of(field))
    } else {
        schema
    };
    match example::of_field(field) {
        Some(example) if !is_message(field) => schema.with("examples", [example]),
        _ => schema,
    }
}

fn is_message(field: &FieldDescriptor) -> bool {
    matches!(field.kind(), Kind::Message(message) if message.full_name() != "google.protobuf.Timestamp")
}

fn with_description(field: &FieldDescriptor, schema: Json) -> Json {
    let text = comment_of(field);
    match field.kind() {
        // Beside a plain `$ref` older readers of JSON schema ignore the description.
        Kind::Enum(_) | Kind::Message(_) if is_message(field) || matches!(field.kind(), Kind::Enum(_)) => {
            object! { "allOf" => [schema], "description" => text }
        }
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 | Kind::Uint64 | Kind::Fixed64 => schema.with(
            "description",
            format!("{text}\n\nA 64-bit integer, written as a string."),
        ),
        Kind::Bytes => schema.with("description", format!("{text}\n\nBytes, written in Base64.")),
        _ => schema.with("description", text),
    }
}

/// The schema of one value of the field, without description.
fn one(field: &FieldDescriptor) -> Json {
    match field.kind() {
        Kind::String => text(field),
        Kind::Bool => object! { "type" => "boolean" },
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
            object! { "type" => "integer", "format" => "int32" }
        }
        Kind::Uint32 | Kind::Fixed32 => {
            object! { "type" => "integer", "format" => "int64", "minimum" => 0 }
        }
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
            object! { "type" => "string", "format" => "int64", "pattern" => INT64_PATTERN }
        }
        Kind::Uint64 | Kind::Fixed64 => {
            object! { "type" => "string", "format" => "uint64", "pattern" => UINT64_PATTERN }
        }
        Kind::Float | Kind::Double => object! { "type" => "number" },
        Kind::Bytes => {
            object! { "type" => "string", "format" => "byte", "contentEncoding" => "base64" }
        }
        Kind::Enum(descriptor) => object! { "$ref" => reference(descriptor.full_name()) },
        Kind::Message(message) if message.full_name() == "google.protobuf.Timestamp" => {
            object! { "type" => "string", "format" => "date-time" }
        }
        Kind::Message(message) => object! { "$ref" => reference(message.full_name()) },
    }
}

/// A string: an id, a day, or plain text.
fn text(field: &FieldDescriptor) -> Json {
    let schema = object! { "type" => "string" };
    let prefixes = example::id_prefixes(field);
    let body = if !prefixes.is_empty() {
        format!("{}{ID_TAIL_PATTERN}", alternatives(&prefixes))
    } else if example::is_day(field) {
        DAY_PATTERN.to_owned()
    } else {
        return schema;
    };
    // A string without a value is "" in the canonical mapping; the comment says where that happens.
    if comment_of(field).contains("empty") && !field.is_list() {
        schema.with("pattern", format!("^({body})?$"))
    } else {
        schema.with("pattern", format!("^{body}$"))
    }
}

fn alternatives(prefixes: &[String]) -> String {
    match prefixes {
        [one] => one.clone(),
        several => format!("({})", several.join("|")),
    }
}

/// The schema of an enumeration: its values by name, each explained.
pub(crate) fn enumeration(descriptor: &EnumDescriptor) -> Json {
    let file = descriptor.parent_file();
    let about = comment(&file, descriptor.path()).unwrap_or_default();
    let lines: Vec<String> = descriptor
        .values()
        .map(|value| {
            let text = comment(&file, value.path())
                .unwrap_or_default()
                .replace('\n', " ");
            format!("- `{}`: {text}", value.name())
        })
        .collect();
    let names: Vec<Json> = descriptor.values().map(|value| value.name().into()).collect();
    object! {
        "type" => "string",
        "title" => descriptor.name(),
        "description" => format!("{about}\n\n{}", lines.join("\n")),
        "enum" => names,
    }
}
