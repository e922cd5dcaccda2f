//! One sentence for what the types refused, with the path of the key and the place it was written.

use config::Config;
use serde::de::DeserializeOwned;

use crate::given::Given;
use crate::{ConfigError, redact};

impl Given {
    /// Turns the first refusal of the types into one sentence.
    pub(crate) fn explain<T: DeserializeOwned>(
        &self,
        error: &serde_path_to_error::Error<config::ConfigError>,
        merged: Config,
    ) -> ConfigError {
        let mut key = error.path().to_string();
        if key == "." || key == "?" {
            key.clear();
        }
        let said = expected_variants::<T>(&key, merged).unwrap_or_else(|| cause(error.inner()));
        let detail = one_line(&redact::mask(&said));
        if let Some((name, known)) = unknown_field(&detail) {
            if key != name && !key.ends_with(&format!(".{name}")) {
                key = if key.is_empty() {
                    name
                } else {
                    format!("{key}.{name}")
                };
            }
            return ConfigError::Unknown {
                place: self.place(&key),
                key,
                hint: format!(", {known}"),
            };
        }
        ConfigError::Value {
            place: self.place(&key),
            key,
            detail,
        }
    }
}

/// For a word that is none of an enum's: serde's message, which lists those that are.
///
/// The crate `config` names only the wrong one.
fn expected_variants<T: DeserializeOwned>(key: &str, merged: Config) -> Option<String> {
    let tree: serde_json::Value = merged.try_deserialize().ok()?;
    let error = serde_path_to_error::deserialize::<_, T>(tree).err()?;
    let said = error.inner().to_string();
    (error.path().to_string() == key && said.starts_with("unknown variant")).then_some(said)
}

/// The refusal without the place the crate `config` adds: ours is more precise.
fn cause(error: &config::ConfigError) -> String {
    match error {
        config::ConfigError::At { error, .. } => cause(error),
        config::ConfigError::Type {
            unexpected, expected, ..
        } => format!("found {unexpected}, expected {expected}"),
        config::ConfigError::Message(text) => text.clone(),
        config::ConfigError::NotFound(key) => format!("`{key}` is missing"),
        other => other.to_string(),
    }
}

/// The name and the "expected …" of serde's message for an unknown field.
fn unknown_field(detail: &str) -> Option<(String, String)> {
    let rest = detail.strip_prefix("unknown field `")?;
    let (name, rest) = rest.split_once('`')?;
    Some((name.to_owned(), rest.trim_start_matches(", ").to_owned()))
}

/// First and last line of a parser's drawing: where and what.
pub(crate) fn one_line(text: &str) -> String {
    let lines: Vec<_> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    match lines.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first, .., last] => format!("{first}: {last}"),
    }
}
