//! Why a configuration was refused; each text is one sentence that says what to do.

use std::fmt;
use std::path::PathBuf;

/// Where the value at fault came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The configuration file.
    File(PathBuf),
    /// The environment variable with this name.
    Variable(String),
    /// Neither: the default, or a key that is missing.
    Default,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, " in {}", path.display()),
            Self::Variable(name) => write!(f, " (environment variable {name})"),
            Self::Default => Ok(()),
        }
    }
}

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {} cannot be read, give the path of one that can: {detail}", path.display())]
    File {
        /// The path as given.
        path: PathBuf,
        /// What the operating system said.
        detail: String,
    },
    /// The file is not TOML.
    #[error("correct the TOML of the configuration file {}: {detail}", path.display())]
    Syntax {
        /// The path as given.
        path: PathBuf,
        /// Line, column and what the parser expected.
        detail: String,
    },
    /// A key that no setting has.
    #[error("remove the unknown setting `{key}`{place} or correct its name{hint}")]
    Unknown {
        /// Path of the key, joined by dots.
        key: String,
        /// Where it was written.
        place: Place,
        /// The names that would be known, or nothing.
        hint: String,
    },
    /// A value its setting cannot take.
    #[error("correct the setting `{key}`{place}: {detail}")]
    Value {
        /// Path of the key, joined by dots.
        key: String,
        /// Where it was written.
        place: Place,
        /// What is wrong with the value.
        detail: String,
    },
    /// One variable sets a whole section as text, another a key inside it.
    #[error(
        "unset the environment variable {variable}: another one sets keys inside `{key}`, or a value above it"
    )]
    Contradiction {
        /// The variable.
        variable: String,
        /// Path of its key.
        key: String,
    },
    /// A variable of ours is not text.
    #[error("set the environment variable {variable} to UTF-8 text")]
    NotText {
        /// The variable, with what is not text replaced.
        variable: String,
    },
    /// The defaults themselves cannot be written as configuration: a bug.
    #[error("the defaults cannot be written as configuration: {0}")]
    Defaults(String),
}
