//! Typed ids: a UUID that knows what it names, so that a home cannot be passed where a building is meant.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Namespace of every derived id.
/// It never changes: a new one would rename every record that was imported.
const NAMESPACE: Uuid = Uuid::from_u128(0x4d0c_51a2_7f2e_5b8e_9a35_3307_8368_6a75);

/// Hexadecimal digits of a UUID in text.
const HEX_LENGTH: usize = 32;

/// A prefix in a refusal is cut here, so that hostile input is not echoed at length.
const PREFIX_LENGTH_MAX: usize = 24;

/// What an id names. Implemented once per kind, in [`crate::kinds`].
pub trait Kind: 'static {
    /// Prefix of the text form, lowercase ASCII letters.
    const PREFIX: &'static str;
}

/// Id of one thing of kind `K`.
///
/// Text form (wire, JSON, logs): `<prefix>_<32 lowercase hex digits>`; there is exactly one spelling.
/// Columns of a database hold the plain UUID, see [`Id::as_uuid`] and [`Id::from_uuid`].
/// Generated ids order by time of creation.
pub struct Id<K: Kind> {
    uuid: Uuid,
    // A function pointer keeps the id Send, Sync and Copy whatever K is.
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Id<K> {
    /// A new id, UUIDv7: ordered by time, also within a millisecond of one process.
    pub fn generate() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// The id of the thing with this natural key: UUIDv5 of `<prefix>:<natural_key>`.
    /// The same key always gives the same id, which makes imports repeatable without a lookup.
    /// The caller normalises the key (case, blanks) before.
    pub fn derive(natural_key: &str) -> Self {
        let name = format!("{}:{natural_key}", K::PREFIX);
        Self::from_uuid(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
    }

    /// The id with this UUID, as read from a column.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self {
            uuid,
            kind: PhantomData,
        }
    }

    /// The plain UUID, for a column.
    pub const fn as_uuid(&self) -> Uuid {
        self.uuid
    }
}

impl<K: Kind> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: Kind> Copy for Id<K> {}

impl<K: Kind> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}

impl<K: Kind> Eq for Id<K> {}

impl<K: Kind> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Kind> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.uuid.cmp(&other.uuid)
    }
}

impl<K: Kind> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.uuid.as_simple())
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K: Kind> From<Id<K>> for Uuid {
    fn from(id: Id<K>) -> Self {
        id.uuid
    }
}

impl<K: Kind> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let malformed = IdError::Malformed { expected: K::PREFIX };
        let Some((prefix, hex)) = text.split_once('_') else {
            return Err(malformed);
        };
        let is_hex = hex.len() == HEX_LENGTH
            && hex
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let is_prefix =
            (1..=PREFIX_LENGTH_MAX).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_lowercase());
        if !is_hex || !is_prefix {
            return Err(malformed);
        }
        if prefix != K::PREFIX {
            return Err(IdError::OtherKind {
                expected: K::PREFIX,
                found: prefix.to_owned(),
            });
        }
        Uuid::try_parse(hex).map(Self::from_uuid).map_err(|_| malformed)
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text<K>(PhantomData<fn() -> K>);

        impl<K: Kind> Visitor<'_> for Text<K> {
            type Value = Id<K>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_ and {HEX_LENGTH} lowercase hex digits", K::PREFIX)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id<K>, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Text(PhantomData))
    }
}

/// Why a text is not an id of the kind that was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// A well-formed id of something else (`ID_OF_OTHER_KIND`).
    #[error("expected an id that begins with {expected}_, found one that begins with {found}_")]
    OtherKind {
        /// Prefix of the kind that was expected.
        expected: &'static str,
        /// Prefix that was found.
        found: String,
    },
    /// Not an id at all (`ID_MALFORMED`). The text is not repeated.
    #[error("expected {expected}_ followed by 32 lowercase hexadecimal digits")]
    Malformed {
        /// Prefix of the kind that was expected.
        expected: &'static str,
    },
}

impl IdError {
    /// Stable reason for clients.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::OtherKind { .. } => "ID_OF_OTHER_KIND",
            Self::Malformed { .. } => "ID_MALFORMED",
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::OtherKind { expected, found } => {
                format!("编号类型不符：应以 {expected}_ 开头，实际以 {found}_ 开头")
            }
            Self::Malformed { expected } => {
                format!("编号格式不正确：应为 {expected}_ 加 32 位小写十六进制字符")
            }
        }
    }
}
