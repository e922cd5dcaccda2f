//! A NATS server for one test: streams have fixed names, so tests do not share one.

use anyhow::{Context, Result};

use crate::containers;

/// A server; ends when dropped.
#[derive(Debug)]
pub enum TestNats {
    /// A process with the folder it keeps its streams in.
    Process(servers::NatsServer, tempfile::TempDir),
    /// A container.
    Container(Box<containers::Nats>),
}

impl TestNats {
    /// Starts an empty server.
    ///
    /// # Errors
    /// Where there is neither a server program nor a Docker daemon.
    pub async fn start() -> Result<Self> {
        if std::env::var_os("HEJU_TEST_CONTAINERS").is_some() {
            return Ok(TestNats::Container(Box::new(containers::Nats::start().await?)));
        }
        let folder = tempfile::Builder::new().prefix("heju-nats-").tempdir()?;
        let path = folder.path().to_path_buf();
        let server = tokio::task::spawn_blocking(move || {
            let program = servers::nats::find_or_install(&|line| eprintln!("{line}"))?;
            servers::NatsServer::start(&program, &path, 0)
        })
        .await
        .context("starting NATS")??;
        Ok(TestNats::Process(server, folder))
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        match self {
            TestNats::Process(server, _) => server.url(),
            TestNats::Container(container) => container.url(),
        }
    }

    /// A connection to it.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn bus(&self) -> Result<events::Bus> {
        let config = events::Config {
            url: self.url().to_owned(),
            ..events::Config::default()
        };
        let bus = events::Bus::connect(&config, "test").await?;
        bus.wait_until_up(std::time::Duration::from_secs(20)).await?;
        Ok(bus)
    }
}
