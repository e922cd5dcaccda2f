#![doc = include_str!("../README.md")]

mod environment;
mod error;
mod explain;
mod given;
mod keys;
mod load;
mod redact;
mod secret;

pub use error::{ConfigError, Place};
pub use keys::{Key, keys};
pub use load::{load, load_from};
pub use redact::{redacted, redacted_text};
pub use secret::Secret;

/// Stands in print where a secret was.
pub const HIDDEN: &str = "***";
