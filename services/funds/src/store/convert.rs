//! Columns to values. What cannot be read back was written by nobody here: `Corrupt`.

use std::str::FromStr;

use db::StoreError;
use ids::{DivisionCode, Id, Kind};
use uuid::Uuid;

/// A word of an enum.
pub(super) fn word<T: FromStr>(column: &'static str, text: &str) -> Result<T, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Corrupt(format!("{column} holds `{text}`")))
}

/// A division code.
pub(super) fn division(text: &str) -> Result<DivisionCode, StoreError> {
    word("division", text)
}

/// An id that may be absent.
pub(super) fn id<K: Kind>(uuid: Option<Uuid>) -> Option<Id<K>> {
    uuid.map(Id::from_uuid)
}
