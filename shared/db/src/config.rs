//! Where a service's database is.

use serde::{Deserialize, Serialize};

/// A service's own database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `sqlite:///var/lib/heju/funds.db` or `postgres://user:password@host/heju_funds`.
    pub url: String,
    /// Connections that read, and on PostgreSQL also write; SQLite writes through one more of its own.
    pub connections_max: u32,
    /// How long to wait for a free connection before answering UNAVAILABLE, in milliseconds.
    pub acquire_timeout_ms: u64,
    /// How long SQLite waits for the writer before it, in milliseconds.
    pub busy_timeout_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            url: String::new(),
            connections_max: 16,
            acquire_timeout_ms: 5_000,
            busy_timeout_ms: 10_000,
        }
    }
}
