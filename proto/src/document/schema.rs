//! Schemas of whole messages, and which of them a document needs.

use std::collections::BTreeMap;

use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use super::field;
use super::json::{Json, object};
use crate::catalog::comment;

/// The name of a message or enumeration in a document: `funds.Draw` of `heju.funds.v1.Draw`.
///
/// With the service in it, so that two services may use the same word.
pub(crate) fn component(full_name: &str) -> String {
    full_name
        .strip_prefix("heju.")
        .unwrap_or(full_name)
        .replacen(".v1.", ".", 1)
}

/// The `$ref` to it.
pub(crate) fn reference(full_name: &str) -> String {
    format!("#/components/schemas/{}", component(full_name))
}

/// Which fields of an object its writer always sends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// The gateway writes every field but messages that are absent.
    Always,
    /// A field may be left out and then holds its default.
    Optional,
}

/// The schema of a message.
pub(crate) fn message(message: &MessageDescriptor, presence: Presence) -> Json {
    let fields: Vec<_> = message.fields().collect();
    let schema = object(&fields).with("title", message.name());
    let schema = schema.with_some("description", comment(&message.parent_file(), message.path()));
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| !field.supports_presence())
        .map(|field| field.json_name())
        .collect();
    if presence == Presence::Always && !required.is_empty() {
        return schema.with("required", required);
    }
    schema
}

/// An object with these fields.
pub(crate) fn object(fields: &[FieldDescriptor]) -> Json {
    let properties = fields
        .iter()
        .map(|field| (field.json_name().to_owned(), field::schema(field)))
        .collect();
    object! { "type" => "object", "properties" => Json::Object(properties) }
}

/// The messages and enumerations that can be reached from some fields, by name.
#[derive(Default)]
pub(crate) struct Reach {
    /// Messages by full name.
    pub(crate) messages: BTreeMap<String, MessageDescriptor>,
    /// Enumerations by full name.
    pub(crate) enums: BTreeMap<String, EnumDescriptor>,
}

impl Reach {
    /// Adds a message and everything in it.
    pub(crate) fn add(&mut self, message: &MessageDescriptor) {
        if message.package_name().starts_with("google.") {
            return;
        }
        if self
            .messages
            .insert(message.full_name().to_owned(), message.clone())
            .is_none()
        {
            self.add_fields(message.fields());
        }
    }

    /// Adds everything in some fields.
    pub(crate) fn add_fields(&mut self, fields: impl IntoIterator<Item = FieldDescriptor>) {
        for field in fields {
            match field.kind() {
                Kind::Message(inner) => self.add(&inner),
                Kind::Enum(descriptor) => {
                    self.enums.insert(descriptor.full_name().to_owned(), descriptor);
                }
                _ => {}
            }
        }
    }
}
