//! Columns that hold text of ours: codes and words that were checked when they were written.

use std::str::FromStr;

use db::StoreError;

/// Reads a value that was written as text.
pub(super) fn read<T: FromStr>(table: &'static str, text: &str) -> Result<T, StoreError> {
    // The text itself may be personal data: the table is enough to find it.
    text.parse()
        .map_err(|_| StoreError::Corrupt(format!("a text in {table}")))
}
