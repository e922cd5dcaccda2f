//! The keys of a service: several to open with, one of them to seal with, and one for the blind index.

use std::collections::BTreeMap;
use std::fmt;

use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::error::KeyError;

/// Bytes of every key.
const KEY_LENGTH: usize = 32;

/// Longest id of a key.
const ID_LENGTH_MAX: usize = 32;

/// The keys of a service. `Debug` shows their ids only.
#[derive(Clone)]
pub struct Keys {
    // Ready-made ciphers instead of bytes: they wipe their key when dropped and cannot be printed.
    pub(crate) ciphers: BTreeMap<String, XChaCha20Poly1305>,
    pub(crate) current: String,
    pub(crate) index: Hmac<Sha256>,
}

impl Keys {
    /// Keys from hexadecimal text, 64 digits (32 bytes) each.
    ///
    /// `keys` are pairs of id and key: all that may still be needed to open, among them `current`, which seals.
    /// To rotate, add a key and make it current; drop the old one when every record has been sealed anew.
    /// `index` is the key of the blind index; it stays when the others rotate, because indexes are not recomputed.
    pub fn from_hex<'a>(
        keys: impl IntoIterator<Item = (&'a str, &'a str)>,
        current: &str,
        index: &str,
    ) -> Result<Self, KeyError> {
        let index_key = decode("index", index)?;
        let mut ciphers = BTreeMap::new();
        for (id, text) in keys {
            if !is_id(id) {
                return Err(KeyError::Id);
            }
            let key = decode(id, text)?;
            if key == index_key {
                return Err(KeyError::Shared { id: id.to_owned() });
            }
            let cipher = XChaCha20Poly1305::new(&key.into());
            if ciphers.insert(id.to_owned(), cipher).is_some() {
                return Err(KeyError::Twice { id: id.to_owned() });
            }
        }
        if !ciphers.contains_key(current) {
            return Err(KeyError::CurrentMissing {
                id: current.to_owned(),
            });
        }
        Ok(Self {
            ciphers,
            current: current.to_owned(),
            index: keyed(&index_key)?,
        })
    }
}

fn keyed(key: &[u8]) -> Result<Hmac<Sha256>, KeyError> {
    <Hmac<Sha256> as Mac>::new_from_slice(key).map_err(|_| KeyError::Form {
        id: "index".to_owned(),
    })
}

/// Whether this can be the id of a key: it stands between dots in every sealed text.
pub(crate) fn is_id(id: &str) -> bool {
    (1..=ID_LENGTH_MAX).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn decode(id: &str, text: &str) -> Result<[u8; KEY_LENGTH], KeyError> {
    let mut key = [0; KEY_LENGTH];
    // The decoder's own error would name a digit of the key.
    hex::decode_to_slice(text, &mut key).map_err(|_| KeyError::Form { id: id.to_owned() })?;
    Ok(key)
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("ids", &self.ciphers.keys())
            .field("current", &self.current)
            .finish_non_exhaustive()
    }
}
