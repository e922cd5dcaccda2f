//! The same servers as containers, where a Docker daemon answers.

use std::sync::mpsc;
use std::thread::JoinHandle;

use anyhow::{Context, Result};
use testcontainers::core::{IntoContainerPort, WaitFor};
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, ContainerRequest, GenericImage, ImageExt};
use tokio::sync::oneshot;

/// Image and tag of PostgreSQL.
const POSTGRES: (&str, &str) = ("postgres", "16-alpine");
/// Image and tag of NATS.
const NATS: (&str, &str) = ("nats", "2.12-alpine");

/// A container on a thread and a runtime of its own; removed when dropped.
///
/// A container's client lives on the runtime that started it, and the test that lets go of it last may have another
/// one, whose own is ending: then nobody would be left to remove the container.
#[derive(Debug)]
struct Kept {
    address: String,
    release: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Kept {
    async fn start(request: ContainerRequest<GenericImage>, port: u16) -> Result<Self> {
        let (release, released) = mpsc::channel::<()>();
        let (tell, told) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("container".into())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(1)
                    .enable_all()
                    .build()
                    .expect("a runtime is built");
                match runtime.block_on(open(request, port)) {
                    Ok((container, address)) => {
                        // Where nobody waits any more, the container is removed at once.
                        let _ = tell.send(Ok(address));
                        let _ = released.recv(); // ends when the sender is dropped
                        if let Err(error) = runtime.block_on(container.rm()) {
                            eprintln!("a container was not removed: {error}");
                        }
                    }
                    Err(error) => {
                        let _ = tell.send(Err(error)); // nobody waits: nobody needs to know
                    }
                }
            })?;
        let address = told.await.context("the container's thread ended")??;
        Ok(Kept {
            address,
            release: Some(release),
            thread: Some(thread),
        })
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.release = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // it panicked: the container is not ours to remove any more
        }
    }
}

async fn open(
    request: ContainerRequest<GenericImage>,
    port: u16,
) -> Result<(ContainerAsync<GenericImage>, String)> {
    let container = request.start().await.context("starting the container")?;
    let host = container.get_host().await?;
    let port = container.get_host_port_ipv4(port).await?;
    Ok((container, format!("{host}:{port}")))
}

/// PostgreSQL in a container; removed when dropped.
#[derive(Debug)]
pub struct Postgres(Kept);

impl Postgres {
    /// Starts it.
    pub async fn start() -> Result<Self> {
        let request = GenericImage::new(POSTGRES.0, POSTGRES.1)
            .with_exposed_port(5432.tcp())
            // It says so twice: once while it is set up, once when it serves.
            .with_wait_for(WaitFor::message_on_stderr(
                "database system is ready to accept connections",
            ))
            .with_wait_for(WaitFor::millis(1_500))
            .with_env_var("POSTGRES_HOST_AUTH_METHOD", "trust");
        Ok(Postgres(Kept::start(request, 5432).await.context("PostgreSQL")?))
    }

    /// URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@{}/{database}", self.0.address)
    }
}

/// NATS in a container; removed when dropped.
#[derive(Debug)]
pub struct Nats {
    _kept: Kept,
    url: String,
}

impl Nats {
    /// Starts it, with JetStream.
    pub async fn start() -> Result<Self> {
        let request = GenericImage::new(NATS.0, NATS.1)
            .with_exposed_port(4222.tcp())
            .with_wait_for(WaitFor::message_on_stderr("Server is ready"))
            .with_cmd(["--jetstream"]);
        let kept = Kept::start(request, 4222).await.context("NATS")?;
        Ok(Nats {
            url: format!("nats://{}", kept.address),
            _kept: kept,
        })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }
}
