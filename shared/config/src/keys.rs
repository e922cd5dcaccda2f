//! The list of all settings, for documentation and for tests that override each.

use serde::Serialize;
use serde_json::Value;

use crate::redact;

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Path joined by dots: `funds.database.url`.
    pub key: String,
    /// The environment variable that overrides it: `HEJU__FUNDS__DATABASE__URL`.
    pub variable: String,
    /// The default, with secrets hidden.
    pub default: Value,
}

/// All settings of `T` with their variables and defaults, in the order of their keys.
///
/// A list is one setting; so is an empty map.
pub fn keys<T: Default + Serialize>(env_prefix: &str) -> Vec<Key> {
    let mut found = Vec::new();
    let mut path = Vec::new();
    walk(&redact::redacted(&T::default()), &mut path, &mut |path, value| {
        found.push(Key {
            key: path.join("."),
            variable: format!("{env_prefix}__{}", path.join("__").to_uppercase()),
            default: value.clone(),
        });
    });
    found
}

/// Calls `leaf` with the path and value of everything that is not a section.
pub(crate) fn walk<'a>(
    value: &'a Value,
    path: &mut Vec<&'a str>,
    leaf: &mut impl FnMut(&[&'a str], &'a Value),
) {
    match value {
        Value::Object(entries) if !entries.is_empty() || path.is_empty() => {
            for (name, value) in entries {
                path.push(name);
                walk(value, path, leaf);
                path.pop();
            }
        }
        _ => leaf(path, value),
    }
}
