//! Example values: from the option `heju.options.v1.example`, else from what a field's name and comment say.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::field::comment_of;
use super::json::{Json, object};
use crate::catalog;

/// The prefixes of ids; a field `draw_id` holds an id that begins with `draw_`.
const ID_PREFIXES: &[&str] = &[
    "area",
    "building",
    "home",
    "owner",
    "firm",
    "ballot",
    "vote",
    "draw",
    "posting",
    "event",
    "account",
    "certificate",
    "conduct",
    "equipment",
    "parking",
    "rostermember",
    "staff",
    "training",
];
/// What follows the prefix in an example.
const ID_TAIL: &str = "0193c2a1b4d07e5f8a6b3c2d1e0f9a8b";
const INSTANT: &str = "2026-11-22T01:30:00Z";
const DAY: &str = "2026-11-22";
/// Messages that hold themselves would never end.
const DEPTH_MAX: usize = 6;

/// Whether an example names the fields that hold their default.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defaults {
    /// As the gateway answers: every field.
    Written,
    /// As requests and events go: only fields with a value.
    LeftOut,
}

/// An example of a message in the canonical JSON mapping.
pub(crate) fn of_message(message: &MessageDescriptor, defaults: Defaults) -> Json {
    let fields: Vec<_> = message.fields().collect();
    of_fields(&fields, defaults)
}

/// An example of an object with these fields.
pub(crate) fn of_fields(fields: &[FieldDescriptor], defaults: Defaults) -> Json {
    at_depth(fields, defaults, 0)
}

fn at_depth(fields: &[FieldDescriptor], defaults: Defaults, depth: usize) -> Json {
    let mut example = object! {};
    if depth > DEPTH_MAX {
        return example;
    }
    for field in fields {
        let value = value(field, defaults, depth);
        let value = match defaults {
            Defaults::Written => value.or_else(|| default(field)),
            Defaults::LeftOut => value.filter(|value| Some(value) != default(field).as_ref()),
        };
        example = example.with_some(field.json_name(), value);
    }
    example
}

/// An example of a field; `None` where the contract says nothing from which to make one.
pub(crate) fn of_field(field: &FieldDescriptor) -> Option<Json> {
    value(field, Defaults::LeftOut, 0)
}

/// What a field without a value is written as; `None` where it is then left out.
fn default(field: &FieldDescriptor) -> Option<Json> {
    if field.is_list() {
        return Some(Json::List(Vec::new()));
    }
    if field.supports_presence() {
        return None;
    }
    match field.kind() {
        Kind::String | Kind::Bytes => Some("".into()),
        Kind::Bool => Some(false.into()),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 | Kind::Uint64 | Kind::Fixed64 => Some("0".into()),
        Kind::Enum(descriptor) => descriptor.values().next().map(|value| value.name().into()),
        _ => Some(0.into()),
    }
}

fn value(field: &FieldDescriptor, defaults: Defaults, depth: usize) -> Option<Json> {
    if let Some(given) = catalog::example(field) {
        return Some(given.into());
    }
    let one = one(field, defaults, depth)?;
    Some(if field.is_list() {
        Json::List(vec![one])
    } else {
        one
    })
}

fn one(field: &FieldDescriptor, defaults: Defaults, depth: usize) -> Option<Json> {
    match field.kind() {
        Kind::String => text(field),
        Kind::Enum(descriptor) => descriptor.values().nth(1).map(|value| value.name().into()),
        Kind::Message(message) if message.full_name() == "google.protobuf.Timestamp" => Some(INSTANT.into()),
        Kind::Message(message) => {
            let example = at_depth(&message.fields().collect::<Vec<_>>(), defaults, depth + 1);
            (!example.is_empty()).then_some(example)
        }
        _ => None,
    }
}

fn text(field: &FieldDescriptor) -> Option<Json> {
    if let Some(prefix) = id_prefixes(field).first() {
        return Some(format!("{prefix}_{ID_TAIL}").into());
    }
    is_day(field).then(|| DAY.into())
}

/// True where the field holds a day: its name ends in `_on`, or its comment shows one.
pub(crate) fn is_day(field: &FieldDescriptor) -> bool {
    let shows_day = comment_of(field).split('`').skip(1).step_by(2).any(|code| {
        code.len() == DAY.len()
            && code
                .chars()
                .zip(DAY.chars())
                .all(|(a, b)| a.is_ascii_digit() == b.is_ascii_digit())
    });
    field.name().ends_with("_on") || field.name().ends_with("_since") || shows_day
}

/// The prefixes an id in this field may have: those its comment shows (`` `firm_…` ``), else the one its name says.
pub(crate) fn id_prefixes(field: &FieldDescriptor) -> Vec<String> {
    let shown: Vec<String> = comment_of(field)
        .split('`')
        .skip(1)
        .step_by(2)
        .filter_map(|code| code.strip_suffix("_…"))
        .filter(|prefix| ID_PREFIXES.contains(prefix))
        .map(str::to_owned)
        .collect();
    if !shown.is_empty() {
        return shown;
    }
    let named = field
        .name()
        .strip_suffix("_id")
        .or_else(|| field.name().strip_suffix("_ids"));
    named
        .filter(|prefix| ID_PREFIXES.contains(prefix))
        .map(|prefix| vec![prefix.to_owned()])
        .unwrap_or_default()
}
