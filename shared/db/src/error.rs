//! What can go wrong in a store, sorted by what the caller can do about it. No database text reaches a client.

use rpc::{AppError, General};
use sea_orm::{DbErr, SqlErr, TransactionError};

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row was changed since it was read, or another transaction won: repeat.
    #[error("the row was changed by somebody else")]
    Conflict,
    /// A unique key stands already; `violates` tells which.
    #[error("a unique key stands already: {0}")]
    Duplicate(String),
    /// An event came before the one that precedes it: it is delivered again later.
    #[error("version {found} of {aggregate} came before version {expected}")]
    OutOfOrder {
        /// The aggregate.
        aggregate: String,
        /// The version that should come next.
        expected: i64,
        /// The version that came.
        found: i64,
    },
    /// A write came without an idempotency key.
    #[error("the write has no idempotency key")]
    KeyMissing,
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The database does not answer, or is busy beyond its time-out.
    #[error("the database does not answer")]
    Unavailable(#[source] DbErr),
    /// The configuration cannot work.
    #[error("{0}")]
    Misconfigured(String),
    /// A row holds what no code of ours wrote.
    #[error("a stored value cannot be read: {0}")]
    Corrupt(String),
    /// Everything else is a bug.
    #[error("a statement failed")]
    Bug(#[source] DbErr),
}

impl StoreError {
    /// True where the unique key of this name (PostgreSQL) or of these columns (SQLite, `votes.ballot_id`) stands.
    pub fn violates(&self, name: &str, columns: &str) -> bool {
        matches!(self, StoreError::Duplicate(text) if text.contains(name) || text.contains(columns))
    }
}

/// SQLSTATE codes of PostgreSQL after which the same transaction may succeed:
/// serialization failure, deadlock, lock not available.
const PG_RETRY: [&str; 3] = ["40001", "40P01", "55P03"];
/// SQLite result codes that mean that another writer did not end in time, or that the disk is full.
const SQLITE_BUSY: [&str; 5] = ["5", "6", "261", "517", "13"];

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(text)) = error.sql_err() {
            return StoreError::Duplicate(text);
        }
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => StoreError::Unavailable(error),
            DbErr::RecordNotUpdated => StoreError::Conflict,
            DbErr::Json(text) | DbErr::Type(text) => StoreError::Corrupt(text.clone()),
            DbErr::Exec(runtime) | DbErr::Query(runtime) => match sqlx_error(runtime) {
                Some(sqlx) => classify(sqlx, &error),
                None => StoreError::Bug(error),
            },
            _ => StoreError::Bug(error),
        }
    }
}

fn sqlx_error(runtime: &sea_orm::RuntimeErr) -> Option<&sea_orm::sqlx::Error> {
    match runtime {
        sea_orm::RuntimeErr::SqlxError(error) => Some(error),
        sea_orm::RuntimeErr::Internal(_) => None,
    }
}

fn classify(sqlx: &sea_orm::sqlx::Error, error: &DbErr) -> StoreError {
    use sea_orm::sqlx::Error as Sqlx;
    match sqlx {
        Sqlx::Io(_) | Sqlx::PoolTimedOut | Sqlx::PoolClosed | Sqlx::Protocol(_) | Sqlx::WorkerCrashed => {
            StoreError::Unavailable(error.clone())
        }
        Sqlx::Database(database) => match database.code().as_deref() {
            Some(code) if PG_RETRY.contains(&code) => StoreError::Conflict,
            Some(code) if SQLITE_BUSY.contains(&code) => StoreError::Unavailable(error.clone()),
            // Class 57: the server is shutting down or starting up, or ended a statement that took too long;
            // 08: the connection broke; 53: no resources.
            Some(code) if code.starts_with("57") || code.starts_with("08") || code.starts_with("53") => {
                StoreError::Unavailable(error.clone())
            }
            _ => StoreError::Bug(error.clone()),
        },
        _ => StoreError::Bug(error.clone()),
    }
}

impl From<TransactionError<StoreError>> for StoreError {
    fn from(error: TransactionError<StoreError>) -> Self {
        match error {
            TransactionError::Connection(error) => error.into(),
            TransactionError::Transaction(error) => error,
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        StoreError::Corrupt(error.to_string())
    }
}

impl<R> From<StoreError> for AppError<R> {
    fn from(error: StoreError) -> Self {
        AppError::General(error.into())
    }
}

impl From<StoreError> for General {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict | StoreError::OutOfOrder { .. } => General::Conflict,
            StoreError::KeyMissing => General::IdempotencyKeyMissing,
            StoreError::KeyReused => General::IdempotencyKeyReused,
            StoreError::Unavailable(_) => General::Unavailable {
                what: "database",
                source: Box::new(error),
            },
            StoreError::Duplicate(_)
            | StoreError::Misconfigured(_)
            | StoreError::Corrupt(_)
            | StoreError::Bug(_) => General::Internal {
                source: Box::new(error),
            },
        }
    }
}
