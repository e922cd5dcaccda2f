//! What every service is configured with.

use rpc::PeerConfig;
use rpc::server::ListenConfig;
use serde::{Deserialize, Serialize};

/// Configuration that every service has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceConfig {
    /// Its own database.
    pub database: db::Config,
    /// Where it listens when it runs as a process of its own.
    pub listen: ListenConfig,
    /// Where other services find it when it runs as a process of its own.
    pub peer: PeerConfig,
}
