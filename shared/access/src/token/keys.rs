//! Public keys of an issuer (JWKS): which are usable, and for which algorithm alone.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

use super::{KeyError, TokenError};

/// At most this many keys of a set are read; issuers publish two or three.
const KEYS_MAX: usize = 64;

/// One public key, bound to the one algorithm it verifies.
struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

/// The usable keys of an issuer.
pub(super) struct KeySet {
    keys: Vec<Key>,
}

impl KeySet {
    /// Reads a key set; keys of other kinds or for other uses are passed over, as RFC 7517 section 5 says.
    pub(super) fn parse(jwks: &Value) -> Result<Self, KeyError> {
        let listed = jwks.get("keys").and_then(Value::as_array);
        let keys: Vec<Key> = listed
            .into_iter()
            .flatten()
            .take(KEYS_MAX)
            .filter_map(usable)
            .collect();
        if keys.is_empty() {
            return Err(KeyError::JwksInvalid);
        }
        Ok(Self { keys })
    }

    /// Whether a token of this header could be signed by a key of the set.
    pub(super) fn knows(&self, key_id: Option<&str>) -> bool {
        self.find(key_id).is_some()
    }

    /// Checks a signature; the key's own algorithm counts, never the token's word for it.
    pub(super) fn check(
        &self,
        key_id: Option<&str>,
        algorithm: &str,
        message: &str,
        signature: &str,
    ) -> Result<(), TokenError> {
        let key = self.find(key_id).ok_or(TokenError::TokenForged)?;
        let claimed: Algorithm = algorithm.parse().map_err(|_| TokenError::TokenForged)?;
        if claimed != key.algorithm {
            return Err(TokenError::TokenForged);
        }
        let holds = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key.key, key.algorithm);
        match holds {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(TokenError::TokenForged),
        }
    }

    /// By its name; a token without one is meant for the only key of the set.
    fn find(&self, key_id: Option<&str>) -> Option<&Key> {
        match key_id {
            Some(_) => self.keys.iter().find(|key| key.id.as_deref() == key_id),
            None => match self.keys.as_slice() {
                [only] => Some(only),
                _ => None,
            },
        }
    }
}

fn usable(value: &Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(value.clone()).ok()?;
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => Algorithm::ES256,
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        // Shared secrets have no place in a published set.
        _ => return None,
    };
    let says = jwk.common.key_algorithm;
    let expected = match algorithm {
        Algorithm::EdDSA => KeyAlgorithm::EdDSA,
        Algorithm::ES256 => KeyAlgorithm::ES256,
        _ => KeyAlgorithm::RS256,
    };
    if says.is_some_and(|says| says != expected) {
        return None;
    }
    Some(Key {
        id: jwk.common.key_id.clone(),
        algorithm,
        key: DecodingKey::from_jwk(&jwk).ok()?,
    })
}
