//! A value that is read and used, but never printed.

use std::cell::Cell;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::HIDDEN;

thread_local! {
    /// Set only while the loader writes the defaults down to merge them.
    static LOADING: Cell<bool> = const { Cell::new(false) };
}

/// A secret of the configuration: a password, a key, a token.
///
/// `Debug` and `Serialize` give `***`; only [`Secret::expose`] gives the value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides `value`.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for the one place that uses it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl<T: Serialize> Serialize for Secret<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if LOADING.get() {
            self.0.serialize(serializer)
        } else {
            serializer.serialize_str(HIDDEN)
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

/// Writes `value` down with its secrets in the open; for the loader only.
pub(crate) fn written_openly<T: Serialize>(value: &T) -> Result<serde_json::Value, serde_json::Error> {
    struct Reset;
    impl Drop for Reset {
        fn drop(&mut self) {
            LOADING.set(false);
        }
    }
    LOADING.set(true);
    let _reset = Reset;
    serde_json::to_value(value)
}
