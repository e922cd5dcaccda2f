//! Running a service's migrations once, however many processes start together.

use std::time::Duration;

use sea_orm::sqlx::{Connection, Executor, PgConnection, postgres::PgConnectOptions};
use sea_orm::{DbBackend, DbErr, RuntimeErr};
use sea_orm_migration::MigratorTrait;

use crate::{Config, Database, StoreError};

/// The advisory lock that migrations of any service take, so that replicas that start together run them once.
const MIGRATION_LOCK: i64 = 0x48_45_4a_55; // "HEJU"
/// Longest wait for another process that migrates.
const LOCK_WAIT: Duration = Duration::from_secs(120);

/// Applies every migration that was not applied yet.
///
/// # Errors
/// `UNAVAILABLE` where the server does not answer or another process migrates for too long.
pub async fn migrate<M: MigratorTrait>(database: &Database, config: &Config) -> Result<(), StoreError> {
    let lock = match database.backend() {
        DbBackend::Postgres => Some(take_lock(&config.url).await?),
        // SQLite's own write lock makes migrations of one file take turns.
        _ => None,
    };
    let result = M::up(database.writer(), None).await.map_err(StoreError::from);
    if let Some(connection) = lock {
        let _ = connection.close().await; // closing the connection gives the lock back, whatever it answers
    }
    result
}

async fn take_lock(url: &str) -> Result<PgConnection, StoreError> {
    use std::str::FromStr;
    let sqlx = |error| StoreError::from(DbErr::Conn(RuntimeErr::SqlxError(std::sync::Arc::new(error))));
    let options = PgConnectOptions::from_str(url).map_err(sqlx)?;
    let mut connection = PgConnection::connect_with(&options).await.map_err(sqlx)?;
    let lock = sea_orm::sqlx::query("SELECT pg_advisory_lock($1)").bind(MIGRATION_LOCK);
    match tokio::time::timeout(LOCK_WAIT, connection.execute(lock)).await {
        Ok(Ok(_)) => Ok(connection),
        Ok(Err(error)) => Err(sqlx(error)),
        Err(_) => Err(StoreError::Misconfigured(
            "another process has been migrating this database for two minutes; look at it, then start again".into(),
        )),
    }
}
