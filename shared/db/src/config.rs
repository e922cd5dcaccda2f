//! Where a service's database is.

use std::num::NonZero;

use serde::{Deserialize, Serialize};

/// Fewest connections by default: files and rolls hold one for as long as they are written.
const CONNECTIONS_MIN: u32 = 4;

/// A service's own database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `sqlite:///var/lib/heju/funds.db` or `postgres://user:password@host/heju_funds`.
    pub url: String,
    /// Connections that read, and on PostgreSQL also write; SQLite writes through one more of its own. By default twice the
    /// cores of this machine, as if the database were on it, and 4 at least.
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
            connections_max: twice_the_cores(),
            acquire_timeout_ms: 5_000,
            busy_timeout_ms: 10_000,
        }
    }
}

/// What a database on this machine can do at one time: while one of two waits for the disk the other computes.
fn twice_the_cores() -> u32 {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    u32::try_from(2 * cores).unwrap_or(u32::MAX).max(CONNECTIONS_MIN)
}
