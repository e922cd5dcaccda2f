//! The connection to NATS.

use std::path::PathBuf;
use std::time::Duration;

use async_nats::ServerAddr;
use async_nats::jetstream::{self, context::ContextBuilder};
use serde::{Deserialize, Serialize};

/// Where NATS is and how events are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Server URLs, several separated by commas: `nats://127.0.0.1:4222`, or `nats://user:password@host:4222`.
    pub url: String,
    /// Credentials file (JWT and seed); none where the server asks for none.
    pub credentials: Option<PathBuf>,
    /// Copies of each stream: 1 on one server, 3 in a cluster.
    pub replicas: usize,
    /// How long the server remembers event ids, in seconds; a convenience only, the inbox is the guarantee.
    pub duplicate_window_s: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            url: "nats://127.0.0.1:4222".into(),
            credentials: None,
            replicas: 1,
            duplicate_window_s: 600,
        }
    }
}

/// Why the bus cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// The configuration cannot work.
    #[error("the NATS configuration cannot work: {0}")]
    Misconfigured(String),
    /// The server does not answer.
    #[error("NATS does not answer: {0}")]
    Unavailable(String),
}

/// A connection that reconnects by itself. Cheap to clone.
#[derive(Clone)]
pub struct Bus {
    /// The client.
    pub client: async_nats::Client,
    /// JetStream on it.
    pub jetstream: jetstream::Context,
    /// The configuration it was made from.
    pub config: Config,
}

/// A dead node is noticed within two of these.
const PING_INTERVAL: Duration = Duration::from_secs(10);
/// Longest wait for an acknowledgement or an answer of the JetStream API.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// Publishes that may wait for their acknowledgement.
const ACKS_IN_FLIGHT: usize = 4_096;

impl Bus {
    /// Connects in the background: returns at once, also while the server is still starting.
    ///
    /// # Errors
    /// `Misconfigured` where the URL or the credentials cannot be read.
    pub async fn connect(config: &Config, name: &str) -> Result<Self, BusError> {
        let mut options = async_nats::ConnectOptions::new();
        if let Some(file) = &config.credentials {
            options = options
                .credentials_file(file)
                .await
                .map_err(|error| BusError::Misconfigured(format!("{}: {error}", file.display())))?;
        }
        let servers = servers(&config.url)?;
        // The client does not read a name and a password from the address by itself.
        if let Some((user, password)) = servers
            .iter()
            .find_map(|server| Some((server.username()?.to_owned(), server.password()?.to_owned())))
        {
            options = options.user_and_password(user, password);
        }
        let client = options
            .name(name)
            .retry_on_initial_connect()
            .ping_interval(PING_INTERVAL)
            .connection_timeout(Duration::from_secs(3))
            .reconnect_delay_callback(|attempts| Duration::from_millis(100 * (attempts as u64).clamp(1, 20)))
            .event_callback(|event| async move { tracing::debug!(%event, "NATS connection") })
            .connect(servers)
            .await
            .map_err(|error| BusError::Misconfigured(error.to_string()))?;
        let jetstream = ContextBuilder::new()
            .timeout(ANSWER_TIMEOUT)
            .ack_timeout(ANSWER_TIMEOUT)
            .max_ack_inflight(ACKS_IN_FLIGHT)
            .build(client.clone());
        Ok(Bus {
            client,
            jetstream,
            config: config.clone(),
        })
    }

    /// Waits until the server answers, at most `limit`.
    ///
    /// # Errors
    /// `Unavailable` with what to look at.
    pub async fn wait_until_up(&self, limit: Duration) -> Result<(), BusError> {
        let attempt = async {
            loop {
                match self.jetstream.query_account().await {
                    Ok(_) => return,
                    Err(error) => tracing::debug!(%error, "NATS does not answer yet"),
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(limit, attempt).await.map_err(|_| {
            BusError::Unavailable(format!(
                "{} did not answer within {} s; is it running, with JetStream (-js)?",
                self.config.url,
                limit.as_secs()
            ))
        })
    }

    /// Sends what is buffered and closes: the last step of stopping.
    pub async fn drain(&self) {
        if let Err(error) = self.client.drain().await {
            tracing::warn!(%error, "the NATS connection did not drain");
        }
    }
}

fn servers(urls: &str) -> Result<Vec<ServerAddr>, BusError> {
    urls.split(',')
        .map(|url| {
            let url = url.trim();
            // The message names no address: it may hold a password.
            url.parse::<ServerAddr>()
                .map_err(|error| BusError::Misconfigured(format!("nats.url cannot be read: {error}")))
        })
        .collect()
}
