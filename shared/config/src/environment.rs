//! Environment variables as a tree of settings.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::ConfigError;

/// Between the names of a path, because names themselves hold single underscores.
const SEPARATOR: &str = "__";
/// Between the items of a list.
const LIST_SEPARATOR: char = ',';

/// The settings found in the environment.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    /// The tree of values.
    pub(crate) tree: Map<String, Value>,
    /// The variable behind each path.
    pub(crate) variables: BTreeMap<String, String>,
}

/// Reads the variables that begin with `prefix` and two underscores; all others are not ours.
pub(crate) fn collect(
    prefix: &str,
    variables: impl IntoIterator<Item = (String, String)>,
    defaults: &Value,
) -> Result<Environment, ConfigError> {
    let prefix = format!("{prefix}{SEPARATOR}");
    let mut found = Environment::default();
    for (variable, text) in variables {
        let Some(rest) = variable.strip_prefix(&prefix) else {
            continue;
        };
        let path: Vec<_> = rest.split(SEPARATOR).map(str::to_lowercase).collect();
        let default = path.iter().try_fold(defaults, |section, name| section.get(name));
        let value = typed(text, default);
        let key = path.join(".");
        if !insert(&mut found.tree, &path, value) {
            return Err(ConfigError::Contradiction { variable, key });
        }
        found.variables.insert(key, variable);
    }
    Ok(found)
}

/// Text becomes what the default is: a number, a truth value or a list.
///
/// Where the default says nothing it stays text, and the target type reads it.
/// Guessing from the text instead would turn the password `007` into the number 7.
fn typed(text: String, default: Option<&Value>) -> Value {
    let number = || serde_json::from_str(&text).ok().map(Value::Number);
    let json_list = || serde_json::from_str(&text).ok().map(Value::Array);
    match default {
        Some(Value::Number(_)) => number(),
        Some(Value::Bool(_)) => text.parse().ok().map(Value::Bool),
        // A list of lists or of sections cannot be written with commas, so JSON is read too.
        Some(Value::Array(_)) => json_list().or_else(|| Some(list(&text))),
        Some(Value::Null) | None => json_list(),
        Some(Value::String(_) | Value::Object(_)) => None,
    }
    .unwrap_or(Value::String(text))
}

fn list(text: &str) -> Value {
    text.split(LIST_SEPARATOR)
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(Value::from)
        .collect()
}

/// Puts `value` at `path`; false when a value stands above it or a section in its place.
fn insert(tree: &mut Map<String, Value>, path: &[String], value: Value) -> bool {
    match path {
        [] => false,
        [name] => tree.insert(name.clone(), value).is_none(),
        [name, rest @ ..] => match tree
            .entry(name.clone())
            .or_insert_with(|| Value::Object(Map::new()))
        {
            Value::Object(section) => insert(section, rest, value),
            _ => false,
        },
    }
}
