//! JSON whose members keep the order they were written in.
//!
//! `serde_json` sorts or keeps members depending on a feature that any crate of the workspace may switch on;
//! the committed documents must come out the same everywhere, and read in a sensible order.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// A JSON value with ordered members.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number; the documents need no other.
    Number(i64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Adds a member at the end of an object; anything else is left as it is.
    pub(crate) fn with(mut self, name: impl Into<String>, value: impl Into<Json>) -> Json {
        if let Json::Object(members) = &mut self {
            members.push((name.into(), value.into()));
        }
        self
    }

    /// Adds a member where there is a value.
    pub(crate) fn with_some(self, name: &str, value: Option<impl Into<Json>>) -> Json {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// True for an object or array without content.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Json::List(items) => items.is_empty(),
            Json::Object(members) => members.is_empty(),
            _ => false,
        }
    }

    /// The document as text: two spaces, a line feed at the end.
    pub(crate) fn to_text(&self) -> String {
        // Strings, whole numbers and string keys only: there is nothing that could fail.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// Writes an object: `object! { "type" => "string", "pattern" => pattern }`.
macro_rules! object {
    () => { $crate::document::json::Json::Object(Vec::new()) };
    ($($name:expr => $value:expr),+ $(,)?) => {
        $crate::document::json::Json::Object(vec![$(($name.into(), $crate::document::json::Json::from($value))),+])
    };
}
pub(crate) use object;

impl From<bool> for Json {
    fn from(value: bool) -> Json {
        Json::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Json {
        Json::Number(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Json {
        Json::Text(value.to_owned())
    }
}

impl From<String> for Json {
    fn from(value: String) -> Json {
        Json::Text(value)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(values: Vec<T>) -> Json {
        Json::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Json>, const N: usize> From<[T; N]> for Json {
    fn from(values: [T; N]) -> Json {
        Json::List(values.into_iter().map(Into::into).collect())
    }
}

impl From<serde_json::Value> for Json {
    /// Fractions and null become text: no example needs them.
    fn from(value: serde_json::Value) -> Json {
        match value {
            serde_json::Value::Bool(value) => Json::Bool(value),
            serde_json::Value::String(value) => Json::Text(value),
            serde_json::Value::Array(values) => values.into(),
            serde_json::Value::Object(members) => Json::Object(
                members
                    .into_iter()
                    .map(|(name, value)| (name, value.into()))
                    .collect(),
            ),
            serde_json::Value::Number(value) => value
                .as_i64()
                .map_or_else(|| Json::Text(value.to_string()), Json::Number),
            serde_json::Value::Null => Json::Text(String::new()),
        }
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Number(value) => serializer.serialize_i64(*value),
            Json::Text(value) => serializer.serialize_str(value),
            Json::List(values) => serializer.collect_seq(values),
            Json::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}
