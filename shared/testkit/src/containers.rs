//! The same servers as containers, where a Docker daemon answers.

use anyhow::{Context, Result};
use testcontainers::core::{IntoContainerPort, WaitFor};
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, GenericImage, ImageExt};

/// Image and tag of PostgreSQL.
const POSTGRES: (&str, &str) = ("postgres", "16-alpine");
/// Image and tag of NATS.
const NATS: (&str, &str) = ("nats", "2.12-alpine");

/// PostgreSQL in a container; removed when dropped.
#[derive(Debug)]
pub struct Postgres {
    _container: ContainerAsync<GenericImage>,
    base: String,
}

impl Postgres {
    /// Starts it.
    pub async fn start() -> Result<Self> {
        let container = GenericImage::new(POSTGRES.0, POSTGRES.1)
            .with_exposed_port(5432.tcp())
            // It says so twice: once while it is set up, once when it serves.
            .with_wait_for(WaitFor::message_on_stderr("database system is ready to accept connections"))
            .with_wait_for(WaitFor::millis(1_500))
            .with_env_var("POSTGRES_HOST_AUTH_METHOD", "trust")
            .start()
            .await
            .context("starting the PostgreSQL container")?;
        let port = container.get_host_port_ipv4(5432).await?;
        let host = container.get_host().await?;
        Ok(Postgres { base: format!("postgres://postgres@{host}:{port}"), _container: container })
    }

    /// URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("{}/{database}", self.base)
    }
}

/// NATS in a container; removed when dropped.
#[derive(Debug)]
pub struct Nats {
    _container: ContainerAsync<GenericImage>,
    url: String,
}

impl Nats {
    /// Starts it, with JetStream.
    pub async fn start() -> Result<Self> {
        let container = GenericImage::new(NATS.0, NATS.1)
            .with_exposed_port(4222.tcp())
            .with_wait_for(WaitFor::message_on_stderr("Server is ready"))
            .with_cmd(["--jetstream"])
            .start()
            .await
            .context("starting the NATS container")?;
        let port = container.get_host_port_ipv4(4222).await?;
        let host = container.get_host().await?;
        Ok(Nats { url: format!("nats://{host}:{port}"), _container: container })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }
}
