//! Why keys were refused, or a field could not be sealed or opened.
//! No message contains a key, a plain text or a sealed text.

/// Keys that cannot be used: a fault of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not 64 hexadecimal digits.
    #[error("the key {id} is not 64 hexadecimal digits")]
    Form {
        /// Which key; `index` is that of the blind index.
        id: String,
    },
    /// An id that is not 1 to 32 lowercase letters, digits or hyphens.
    #[error("a key id is 1 to 32 lowercase letters, digits or hyphens")]
    Id,
    /// The same id twice.
    #[error("the key id {id} occurs twice")]
    Twice {
        /// The id.
        id: String,
    },
    /// The current key is not among the keys.
    #[error("the current key {id} is not among the keys")]
    CurrentMissing {
        /// Its id.
        id: String,
    },
    /// One key for both purposes: knowing one must not give the other.
    #[error("the key {id} is also the key of the blind index")]
    Shared {
        /// Its id.
        id: String,
    },
}

/// A field that could not be sealed or opened: a lost key or a damaged record, never a citizen's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The text is not of the form `v1.<key id>.<base64>`.
    #[error("the sealed field is malformed")]
    Malformed,
    /// Sealed with a key that is not configured.
    #[error("the sealed field needs the key {id}, which is not configured")]
    KeyUnknown {
        /// The key's id.
        id: String,
    },
    /// Changed after sealing, or moved here from another field or record.
    #[error("the sealed field does not belong here or was changed")]
    Broken,
    /// Longer than a field may be.
    #[error("the field is too long to be sealed")]
    TooLong,
}

impl SealError {
    /// Stable reason for operators.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Malformed => "SEAL_MALFORMED",
            Self::KeyUnknown { .. } => "SEAL_KEY_UNKNOWN",
            Self::Broken => "SEAL_BROKEN",
            Self::TooLong => "SEAL_TOO_LONG",
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> &'static str {
        match self {
            Self::Malformed => "加密字段格式不正确",
            Self::KeyUnknown { .. } => "缺少解密该字段的密钥",
            Self::Broken => "加密字段已被改动或不属于该记录",
            Self::TooLong => "字段过长，无法加密",
        }
    }
}
