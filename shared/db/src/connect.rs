//! Connecting, and the one way to open a write transaction.

use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use sea_orm::{
    ConnectOptions, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, RuntimeErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tracing::log::LevelFilter;

use crate::{Config, StoreError};

/// A service's database. Cheap to clone.
///
/// On SQLite one connection writes and the others read, so that a long read never blocks a write; on PostgreSQL both
/// are the same pool.
#[derive(Debug, Clone)]
pub struct Database {
    write: DatabaseConnection,
    read: DatabaseConnection,
}

impl Database {
    /// Connects; creates the SQLite file, or the PostgreSQL database where the user may create one.
    ///
    /// # Errors
    /// `UNAVAILABLE` where the server does not answer.
    pub async fn connect(config: &Config) -> Result<Self, StoreError> {
        if config.url.starts_with("sqlite") {
            let write = sea_orm::Database::connect(options(config, 1)).await?;
            let read = sea_orm::Database::connect(options(config, config.connections_max)).await?;
            return Ok(Database { write, read });
        }
        if !["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| config.url.starts_with(scheme))
        {
            return Err(StoreError::Misconfigured(
                "the database URL must begin with sqlite:// or postgres://".into(),
            ));
        }
        create_postgres_database(&config.url).await?;
        let pool = sea_orm::Database::connect(options(config, config.connections_max)).await?;
        Ok(Database {
            write: pool.clone(),
            read: pool,
        })
    }

    /// Begins a transaction that writes: on SQLite at once as the one writer, so that it never fails half way because
    /// somebody else wrote; on PostgreSQL at READ COMMITTED, where versions and unique keys guard what is written.
    ///
    /// # Errors
    /// `UNAVAILABLE` where no connection is free in time or the writer before does not end.
    pub async fn begin_write(&self) -> Result<DatabaseTransaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// Begins a transaction that only reads, for several reads that must agree.
    ///
    /// # Errors
    /// `UNAVAILABLE` where no connection is free in time.
    pub async fn begin_read(&self) -> Result<DatabaseTransaction, StoreError> {
        let snapshot = match self.backend() {
            DbBackend::Postgres => Some(sea_orm::IsolationLevel::RepeatableRead),
            _ => None,
        };
        let options = TransactionOptions {
            isolation_level: snapshot,
            ..TransactionOptions::default()
        };
        Ok(self.read.begin_with_options(options).await?)
    }

    /// The connection for single reads outside a transaction.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.read
    }

    /// The connection for single statements that write outside a use case: leases, claims and marks.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Which database it is.
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// Closes all connections.
    pub async fn close(&self) {
        for connection in [&self.write, &self.read] {
            if let Err(error) = connection.close_by_ref().await {
                tracing::warn!(%error, "a database connection did not close cleanly");
            }
        }
    }
}

fn options(config: &Config, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.url.clone());
    let busy = Duration::from_millis(config.busy_timeout_ms);
    options
        .max_connections(connections.max(1))
        .min_connections(1)
        .acquire_timeout(Duration::from_millis(config.acquire_timeout_ms))
        .connect_timeout(Duration::from_secs(5))
        .test_before_acquire(false)
        .sqlx_logging_level(LevelFilter::Trace)
        .sqlx_slow_statements_logging_settings(LevelFilter::Warn, Duration::from_secs(1))
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // Money and votes: a commit is on the disk before it is answered.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(busy)
                .foreign_keys(true)
        });
    options
}

/// Creates the database that the URL names where the server answers that it does not exist.
async fn create_postgres_database(url: &str) -> Result<(), StoreError> {
    let target = PgConnectOptions::from_str(url)
        .map_err(|error| StoreError::Misconfigured(format!("the database URL cannot be read: {error}")))?;
    let missing = match PgConnection::connect_with(&target).await {
        Ok(connection) => {
            let _ = connection.close().await; // nothing was written, so nothing can be lost
            return Ok(());
        }
        Err(error) => error,
    };
    // 3D000 is PostgreSQL's code for a database that does not exist.
    let absent = missing
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| code == "3D000");
    let Some(name) = target.get_database().filter(|_| absent) else {
        return Err(DbErr::Conn(RuntimeErr::SqlxError(missing.into())).into());
    };
    let safe = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !safe {
        return Err(StoreError::Misconfigured(format!(
            "the database name `{name}` may hold only a-z, 0-9 and _, or must be created by hand"
        )));
    }
    let maintenance = target.clone().database("postgres");
    let sqlx = |error| StoreError::from(DbErr::Conn(RuntimeErr::SqlxError(std::sync::Arc::new(error))));
    let mut connection = PgConnection::connect_with(&maintenance).await.map_err(sqlx)?;
    // The name was checked above, and CREATE DATABASE takes no parameters.
    let statement = sea_orm::sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    match sea_orm::sqlx::raw_sql(statement).execute(&mut connection).await {
        Ok(_) => tracing::info!(database = name, "created the database"),
        // 42P04 and 23505: another process created it at the same moment.
        Err(error)
            if error
                .as_database_error()
                .and_then(|e| e.code())
                .is_some_and(|code| code == "42P04" || code == "23505") => {}
        Err(error) => return Err(sqlx(error)),
    }
    let _ = connection.close().await; // nothing was written on it since
    Ok(())
}
