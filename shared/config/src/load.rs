//! Defaults < file < environment, then types, then unknown keys.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::given::{Given, Settings};
use crate::{ConfigError, environment, secret};

/// Loads `T` from its defaults, then `file`, then the environment of this process.
///
/// See [`load_from`].
///
/// # Errors
/// As [`load_from`], and [`ConfigError::NotText`] for a variable of ours that is not UTF-8.
pub fn load<T>(file: Option<&Path>, env_prefix: &str) -> Result<T, ConfigError>
where
    T: DeserializeOwned + Serialize + Default,
{
    let mut variables = Vec::new();
    for (name, value) in std::env::vars_os() {
        let variable = name.to_string_lossy().into_owned();
        match value.into_string() {
            Ok(value) => variables.push((variable, value)),
            Err(_) if variable.starts_with(&format!("{env_prefix}__")) => {
                return Err(ConfigError::NotText { variable });
            }
            Err(_) => {}
        }
    }
    load_from(file, env_prefix, variables)
}

/// Loads `T` from its defaults, then `file`, then `variables`; what comes later wins, key by key.
///
/// A variable is named `<prefix>__<SECTION>__<KEY>`; other variables are not looked at.
/// A list is written with commas, or as JSON.
///
/// # Errors
/// A file that cannot be read or is not TOML, a value its setting cannot take,
/// and every key that no setting has, in the file and in the environment.
pub fn load_from<T>(
    file: Option<&Path>,
    env_prefix: &str,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<T, ConfigError>
where
    T: DeserializeOwned + Serialize + Default,
{
    let defaults = written(&T::default())?;
    let file = file.map(Settings::read).transpose()?;
    let environment = environment::collect(env_prefix, variables, &defaults)?;
    let given = Given { file, environment };
    given.refuse_fractions(&defaults)?;

    let merged = given.over(&defaults)?;
    let config: T = serde_path_to_error::deserialize(merged.clone())
        .map_err(|error| given.explain::<T>(&error, merged))?;
    given.refuse_unknown(&written(&config)?)?;
    Ok(config)
}

fn written<T: Serialize>(value: &T) -> Result<Value, ConfigError> {
    secret::written_openly(value).map_err(|error| ConfigError::Defaults(error.to_string()))
}
