//! One PostgreSQL server for the tests that run at one time, and a database of its own for each test.

use std::path::PathBuf;
use std::sync::{Arc, Weak};

use anyhow::{Context, Result};
use sea_orm::ConnectionTrait;
use servers::postgres::Durability;
use tokio::sync::Mutex;

use crate::containers;

/// URL of a server that runs already, such as the one `cargo xtask test` starts: without the database's name.
const URL_ENV: &str = "HEJU_TEST_POSTGRES";
/// Set to anything to use containers although the machine has PostgreSQL.
const CONTAINERS_ENV: &str = "HEJU_TEST_CONTAINERS";

/// A server; ends when the last test lets go of it.
#[derive(Debug)]
pub enum Server {
    /// One that somebody else started and will end.
    Given(String),
    /// A process of ours, with the folder it lives in.
    Process(servers::PostgresServer, tempfile::TempDir),
    /// A container.
    Container(Box<containers::Postgres>),
}

impl Server {
    /// URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        match self {
            Server::Given(base) => format!("{}/{database}", base.trim_end_matches('/')),
            Server::Process(server, _) => server.url(database),
            Server::Container(container) => container.url(database),
        }
    }
}

/// The server, started when it is first needed. Nothing static holds it, so that it ends with the tests.
pub async fn server() -> Result<Arc<Server>> {
    static SHARED: Mutex<Weak<Server>> = Mutex::const_new(Weak::new());
    let mut shared = SHARED.lock().await;
    if let Some(server) = shared.upgrade() {
        return Ok(server);
    }
    let server = Arc::new(start().await?);
    *shared = Arc::downgrade(&server);
    Ok(server)
}

async fn start() -> Result<Server> {
    if let Ok(url) = std::env::var(URL_ENV) {
        return Ok(Server::Given(url));
    }
    let wants_containers = std::env::var_os(CONTAINERS_ENV).is_some();
    let local: Option<PathBuf> = if wants_containers {
        None
    } else {
        servers::postgres::find()
    };
    match local {
        Some(programs) => {
            let folder = tempfile::Builder::new().prefix("heju-postgres-").tempdir()?;
            let path = folder.path().to_path_buf();
            let server = tokio::task::spawn_blocking(move || {
                servers::PostgresServer::start(&programs, &path, Durability::None)
            })
            .await??;
            Ok(Server::Process(server, folder))
        }
        None => Ok(Server::Container(Box::new(
            containers::Postgres::start().await.context(
                "there is neither PostgreSQL (initdb) on this machine nor a Docker daemon that answers",
            )?,
        ))),
    }
}

/// Creates an empty database with a name of its own.
pub async fn create_database(server: &Server) -> Result<String> {
    let name = format!("t_{}", uuid::Uuid::now_v7().simple());
    let admin = sea_orm::Database::connect(server.url("postgres")).await?;
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await?;
    admin.close().await?;
    Ok(server.url(&name))
}

/// Drops a database and whoever is still connected to it.
pub async fn drop_database(server: &Server, url: &str) {
    let Some(name) = url.rsplit('/').next() else {
        return;
    };
    // The server of a test run ends soon after; a database that stays behind harms nobody.
    if let Ok(admin) = sea_orm::Database::connect(server.url("postgres")).await {
        let _ = admin
            .execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .await;
        let _ = admin.close().await;
    }
}
