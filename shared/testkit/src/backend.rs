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
        Ok(_) => vec![Backend::Sqlite, Backend::Postgres],
        Err(why) => {
            skip::report("PostgreSQL", &why.to_string());
            vec![Backend::Sqlite]
        }
    }
}
