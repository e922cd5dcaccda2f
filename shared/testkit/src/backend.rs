//! The databases that a store test runs on.

use crate::{postgres, skip};

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A database of its own on a server.
    Postgres,
}

/// The databases that can be had here: SQLite always; PostgreSQL from a server of the machine or a container, else it
/// is reported as skipped.
pub async fn backends() -> Vec<Backend> {
    match postgres::server().await {
        Ok(server) => {
            // The test's own runtime holds the server until it ends: let go here, it would stop and start again at
            // the next use.
            tokio::spawn(async move {
                let _held = server;
                std::future::pending::<()>().await;
            });
            vec![Backend::Sqlite, Backend::Postgres]
        }
        Err(why) => {
            skip::report("PostgreSQL", &why.to_string());
            vec![Backend::Sqlite]
        }
    }
}
