//! One statement over many rows that are given as one parameter.

use sea_orm::{DbBackend, Statement, Value};
use serde::Serialize;

use crate::StoreError;

/// A statement over rows that it reads from JSON: its text is the same however many rows there are, so the database
/// prepares it once instead of reading thousands of placeholders each time.
#[derive(Debug, Clone, Copy)]
pub struct OverRows {
    /// The statement for PostgreSQL; the rows are its `$1`, as text.
    pub postgres: &'static str,
    /// The statement for SQLite; the rows are its `?1`.
    pub sqlite: &'static str,
}

impl OverRows {
    /// The statement over these rows; `others` are its parameters from the second on.
    ///
    /// # Errors
    /// `Corrupt` where a row cannot be written as JSON.
    pub fn statement(
        &self,
        backend: DbBackend,
        rows: &impl Serialize,
        others: impl IntoIterator<Item = Value>,
    ) -> Result<Statement, StoreError> {
        let text = match backend {
            DbBackend::Postgres => self.postgres,
            _ => self.sqlite,
        };
        let rows = Value::from(serde_json::to_string(rows)?);
        let values: Vec<Value> = std::iter::once(rows).chain(others).collect();
        Ok(Statement::from_sql_and_values(backend, text, values))
    }
}
