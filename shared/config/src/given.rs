//! What the operator wrote, in the file and in the environment, and the checks on its keys.

use std::path::{Path, PathBuf};

use config::{Config, File, FileFormat, Map, Source};
use serde_json::Value;

use crate::environment::Environment;
use crate::explain::one_line;
use crate::{ConfigError, Place};

/// What the operator wrote.
pub(crate) struct Given {
    pub(crate) file: Option<Settings>,
    pub(crate) environment: Environment,
}

/// What a file holds.
pub(crate) struct Settings {
    path: PathBuf,
    tree: Value,
}

impl Settings {
    /// Reads the TOML file at `path`.
    pub(crate) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::File {
            path: path.to_owned(),
            detail: error.to_string(),
        })?;
        let syntax = |detail: String| ConfigError::Syntax {
            path: path.to_owned(),
            detail,
        };
        let map = File::from_str(&text, FileFormat::Toml)
            .collect()
            .map_err(|error| syntax(one_line(&error.to_string())))?;
        let tree = map
            .into_iter()
            .map(|(key, value)| Ok((key, value.try_deserialize()?)))
            .collect::<Result<_, config::ConfigError>>()
            .map_err(|error| syntax(error.to_string()))?;
        Ok(Self {
            path: path.to_owned(),
            tree: Value::Object(tree),
        })
    }
}

/// A tree of settings as a source of the crate `config`.
#[derive(Debug, Clone)]
struct Tree(Map<String, config::Value>);

impl Source for Tree {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, config::Value>, config::ConfigError> {
        Ok(self.0.clone())
    }
}

fn source(tree: &Value) -> Result<Tree, ConfigError> {
    serde_json::from_value(tree.clone())
        .map(Tree)
        .map_err(|error| ConfigError::Defaults(error.to_string()))
}

impl Given {
    /// The defaults, the file over them, the environment over both.
    pub(crate) fn over(&self, defaults: &Value) -> Result<Config, ConfigError> {
        let mut builder = Config::builder().add_source(source(defaults)?);
        if let Some(file) = &self.file {
            builder = builder.add_source(source(&file.tree)?);
        }
        builder
            .add_source(source(&Value::Object(self.environment.tree.clone()))?)
            .build()
            .map_err(|error| ConfigError::Defaults(error.to_string()))
    }

    /// The crate `config` rounds 8.5 to 9 where a whole number is wanted; nobody meant that.
    pub(crate) fn refuse_fractions(&self, defaults: &Value) -> Result<(), ConfigError> {
        self.each_leaf(|path, value| {
            let default = path.iter().try_fold(defaults, |node, name| node.get(*name));
            if default.is_some_and(|default| default.is_i64() || default.is_u64()) && value.is_f64() {
                let key = path.join(".");
                return Err(ConfigError::Value {
                    place: self.place(&key),
                    key,
                    detail: format!("{value} is not a whole number"),
                });
            }
            Ok(())
        })
    }

    /// Refuses each key given that is not in `effective`, the configuration as it was understood.
    ///
    /// Sections that deny unknown fields have refused before; this catches those that do not.
    pub(crate) fn refuse_unknown(&self, effective: &Value) -> Result<(), ConfigError> {
        self.each_leaf(|path, _| {
            let mut node = effective;
            for (depth, name) in path.iter().enumerate() {
                let Value::Object(section) = node else { break };
                let Some(next) = section.get(*name) else {
                    let key = path[..=depth].join(".");
                    let mut names: Vec<_> = section.keys().map(|key| format!("`{key}`")).collect();
                    names.sort_unstable();
                    return Err(ConfigError::Unknown {
                        place: self.place(&key),
                        key,
                        hint: format!(", known here: {}", names.join(", ")),
                    });
                };
                node = next;
            }
            Ok(())
        })
    }

    fn each_leaf(
        &self,
        mut check: impl FnMut(&[&str], &Value) -> Result<(), ConfigError>,
    ) -> Result<(), ConfigError> {
        let environment = Value::Object(self.environment.tree.clone());
        let file = self.file.as_ref().map(|file| &file.tree);
        let mut result = Ok(());
        for tree in file.into_iter().chain([&environment]) {
            crate::keys::walk(tree, &mut Vec::new(), &mut |path, value| {
                if result.is_ok() && !path.is_empty() {
                    result = check(path, value);
                }
            });
        }
        result
    }

    /// Where `key` was written: the environment wins over the file.
    pub(crate) fn place(&self, key: &str) -> Place {
        let inside = |path: &str| {
            path == key
                || path.starts_with(&format!("{key}."))
                || key.starts_with(&format!("{path}."))
                || key.starts_with(&format!("{path}["))
        };
        if let Some((_, variable)) = self.environment.variables.iter().find(|(path, _)| inside(path)) {
            return Place::Variable(variable.clone());
        }
        match &self.file {
            Some(file)
                if key
                    .split(['.', '['])
                    .next()
                    .is_some_and(|first| file.tree.get(first).is_some()) =>
            {
                Place::File(file.path.clone())
            }
            _ => Place::Default,
        }
    }
}
