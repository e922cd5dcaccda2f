//! Sealing personal data field by field, and finding it again without opening it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, AeadCore, OsRng, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::Mac;

use crate::error::SealError;
use crate::keys::{Keys, is_id};

/// Version of the text form; a change of algorithm is a new one.
const VERSION: &str = "v1";

/// Bytes of the nonce. With 24, random nonces never meet, however many fields one key seals.
const NONCE_LENGTH: usize = 24;

/// Longest plain text in bytes. Names and numbers are short; anything larger is sealed as bytes.
const PLAIN_LENGTH_MAX: usize = 64 * 1024;

/// Most bytes of one block: what a single row of a database holds with room to spare.
const BLOCK_LENGTH_MAX: usize = 16 * 1024 * 1024;

/// Seals and opens fields with XChaCha20-Poly1305, and computes blind indexes with HMAC-SHA256.
/// `Debug` shows the ids of the keys only.
#[derive(Clone)]
pub struct Sealer {
    keys: Keys,
}

impl Sealer {
    /// A sealer with these keys.
    pub const fn new(keys: Keys) -> Self {
        Self { keys }
    }

    /// The id of a record whose natural key is personal data, such as a document number.
    ///
    /// The same key always gives the same id, so imports are idempotent; without the index key nobody can compute it,
    /// so an id that travels in events does not let anybody try document numbers.
    pub fn derive_id<K: ids::Kind>(&self, natural_key: &str) -> ids::Id<K> {
        let index = self.blind_index(K::PREFIX, natural_key);
        let mut bytes = [0_u8; 16];
        bytes.copy_from_slice(&index[..16]);
        ids::Id::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// Seals a text into `v1.<key id>.<base64 of nonce and cipher text>`, with the current key.
    ///
    /// `field` (such as `owner.mobile`) and `record` (the record's id) are bound into the seal:
    /// the text cannot be opened anywhere else. Sealing twice gives different texts.
    /// Refuses `SEAL_TOO_LONG` over 64 KiB.
    pub fn seal(&self, field: &str, record: &str, plain: &str) -> Result<String, SealError> {
        if plain.len() > PLAIN_LENGTH_MAX {
            return Err(SealError::TooLong);
        }
        let key = &self.keys.current;
        let bytes = self.encrypt(key, field, record, plain.as_bytes())?;
        Ok(format!("{VERSION}.{key}.{}", BASE64.encode(bytes)))
    }

    /// Seals a block of bytes into `v1.<key id>.` and nonce and cipher text as they are, with the current key.
    ///
    /// It is bound to `field` and `record` as a text is. Refuses `SEAL_TOO_LONG` over 16 MiB.
    pub fn seal_bytes(&self, field: &str, record: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        if plain.len() > BLOCK_LENGTH_MAX {
            return Err(SealError::TooLong);
        }
        let key = &self.keys.current;
        let mut sealed = format!("{VERSION}.{key}.").into_bytes();
        sealed.extend(self.encrypt(key, field, record, plain)?);
        Ok(sealed)
    }

    /// Opens a sealed block of this field of this record. Refuses as [`Sealer::open`] does.
    pub fn open_bytes(&self, field: &str, record: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut stops = sealed.iter().enumerate().filter(|(_, byte)| **byte == b'.');
        let (_, second) = (stops.next(), stops.next());
        let (head, body) = second
            .and_then(|(stop, _)| sealed.split_at_checked(stop + 1))
            .ok_or(SealError::Malformed)?;
        let head = std::str::from_utf8(head).map_err(|_| SealError::Malformed)?;
        let (key, _) = parts(head)?;
        self.decrypt(key, field, record, body)
    }

    fn encrypt(&self, key: &str, field: &str, record: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
        let bound = bound_to(key, field, record);
        let payload = Payload {
            msg: plain,
            aad: &bound,
        };
        let sealed = self
            .cipher(key)?
            .encrypt(&nonce, payload)
            .map_err(|_| SealError::TooLong)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn decrypt(&self, key: &str, field: &str, record: &str, bytes: &[u8]) -> Result<Vec<u8>, SealError> {
        let cipher = self.cipher(key)?;
        let (nonce, body) = bytes.split_at_checked(NONCE_LENGTH).ok_or(SealError::Malformed)?;
        let bound = bound_to(key, field, record);
        let payload = Payload {
            msg: body,
            aad: &bound,
        };
        cipher
            .decrypt(XNonce::from_slice(nonce), payload)
            .map_err(|_| SealError::Broken)
    }

    /// Opens a sealed text of this field of this record, whichever configured key sealed it.
    /// Refuses `SEAL_MALFORMED`, `SEAL_KEY_UNKNOWN`, and `SEAL_BROKEN` where it was changed or belongs elsewhere.
    pub fn open(&self, field: &str, record: &str, sealed: &str) -> Result<String, SealError> {
        let (key, text) = parts(sealed)?;
        self.cipher(key)?;
        let bytes = BASE64.decode(text).map_err(|_| SealError::Malformed)?;
        let plain = self.decrypt(key, field, record, &bytes)?;
        String::from_utf8(plain).map_err(|_| SealError::Broken)
    }

    /// Whether the text was sealed with another key than the current one, and should be sealed anew.
    /// Refuses `SEAL_MALFORMED`.
    pub fn is_outdated(&self, sealed: &str) -> Result<bool, SealError> {
        Ok(parts(sealed)?.0 != self.keys.current)
    }

    /// Opens with whichever key and seals with the current one. Refuses as [`Sealer::open`] does.
    pub fn reseal(&self, field: &str, record: &str, sealed: &str) -> Result<String, SealError> {
        let plain = self.open(field, record, sealed)?;
        self.seal(field, record, &plain)
    }

    /// A keyed hash of the value, for a column that is searched for equality.
    ///
    /// The same field and value give the same index under one key; other fields give other ones,
    /// so that columns cannot be joined. The caller normalises the value (blanks, capitals) before.
    pub fn blind_index(&self, field: &str, value: &str) -> [u8; 32] {
        let mut mac = self.keys.index.clone();
        mac.update(&length_of(field));
        mac.update(field.as_bytes());
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self, key: &str) -> Result<&XChaCha20Poly1305, SealError> {
        let cipher = self.keys.ciphers.get(key);
        cipher.ok_or_else(|| SealError::KeyUnknown { id: key.to_owned() })
    }
}

/// Key id and base64 of a sealed text.
fn parts(sealed: &str) -> Result<(&str, &str), SealError> {
    sealed
        .strip_prefix(VERSION)
        .and_then(|rest| rest.strip_prefix('.'))
        .and_then(|rest| rest.split_once('.'))
        .filter(|(key, _)| is_id(key))
        .ok_or(SealError::Malformed)
}

/// What a seal is bound to. Lengths first, so that no two pairs of texts run into one.
fn bound_to(key: &str, field: &str, record: &str) -> Vec<u8> {
    [VERSION, key, field, record]
        .iter()
        .flat_map(|part| [&length_of(part), part.as_bytes()].concat())
        .collect()
}

fn length_of(text: &str) -> [u8; 8] {
    // usize is at most 64 bits wide.
    (text.len() as u64).to_be_bytes()
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sealer").field(&self.keys).finish()
    }
}
