//! Running a service's migrations once, however many processes start together.

use std::fs::{File, TryLockError};
use std::str::FromStr;
use std::time::{Duration, Instant};

use sea_orm::sqlx::{
    Connection, Executor, PgConnection, postgres::PgConnectOptions, sqlite::SqliteConnectOptions,
};
use sea_orm::{DbBackend, DbErr, RuntimeErr};
use sea_orm_migration::MigratorTrait;

use crate::{Config, Database, StoreError};

/// The advisory lock that migrations of any service take, so that replicas that start together run them once.
const MIGRATION_LOCK: i64 = 0x48_45_4a_55; // "HEJU"
/// Longest wait for another process that migrates.
const LOCK_WAIT: Duration = Duration::from_secs(120);
/// Pause between looks at a file's lock.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Applies every migration that was not applied yet.
///
/// # Errors
/// `UNAVAILABLE` where the server does not answer or another process migrates for too long.
pub async fn migrate<M: MigratorTrait>(database: &Database, config: &Config) -> Result<(), StoreError> {
    if database.backend() == DbBackend::Postgres {
        let lock = take_lock(&config.url).await?;
        let result = M::up(database.writer(), None).await.map_err(StoreError::from);
        let _ = lock.close().await; // closing the connection gives the lock back, whatever it answers
        return result;
    }
    // What is to be applied is read before the first write, so SQLite's own write lock comes too late.
    let lock = take_file_lock(&config.url).await?;
    let result = M::up(database.writer(), None).await.map_err(StoreError::from);
    drop(lock);
    result
}

/// A lock on a file beside the database's; never on the database's own, whose locks would end with ours.
async fn take_file_lock(url: &str) -> Result<File, StoreError> {
    let unusable =
        |error: &dyn std::fmt::Display| StoreError::Misconfigured(format!("the database URL {url}: {error}"));
    let options = SqliteConnectOptions::from_str(url).map_err(|error| unusable(&error))?;
    let mut path = options.get_filename().as_os_str().to_owned();
    path.push(".migrating");
    let file = File::options()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(|error| unusable(&error))?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if started.elapsed() < LOCK_WAIT => {
                tokio::time::sleep(LOOK_EVERY).await
            }
            Err(TryLockError::WouldBlock) => return Err(somebody_else()),
            Err(TryLockError::Error(error)) => return Err(unusable(&error)),
        }
    }
}

fn somebody_else() -> StoreError {
    StoreError::Misconfigured(
        "another process has been migrating this database for two minutes; look at it, then start again"
            .into(),
    )
}

async fn take_lock(url: &str) -> Result<PgConnection, StoreError> {
    let sqlx = |error| StoreError::from(DbErr::Conn(RuntimeErr::SqlxError(std::sync::Arc::new(error))));
    let options = PgConnectOptions::from_str(url).map_err(sqlx)?;
    let mut connection = PgConnection::connect_with(&options).await.map_err(sqlx)?;
    let lock = sea_orm::sqlx::query("SELECT pg_advisory_lock($1)").bind(MIGRATION_LOCK);
    match tokio::time::timeout(LOCK_WAIT, connection.execute(lock)).await {
        Ok(Ok(_)) => Ok(connection),
        Ok(Err(error)) => Err(sqlx(error)),
        Err(_) => Err(somebody_else()),
    }
}
