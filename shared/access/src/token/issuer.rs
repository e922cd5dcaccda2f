//! The built-in issuer: signs tokens with Ed25519.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{HEJU, KeyError};
use crate::{Principal, Role};

/// Signs tokens with one Ed25519 key and publishes its public part.
pub struct Issuer {
    name: String,
    key: SigningKey,
    key_id: String,
    /// Public keys of earlier issuers whose tokens may still be about.
    retired: Vec<VerifyingKey>,
}

impl Issuer {
    /// An issuer named `heju` with a new key of its own.
    #[must_use]
    pub fn generate() -> Self {
        // 32 bytes of the thread's cryptographic generator are an Ed25519 secret (RFC 8032, 5.1.5).
        Self::with_key(SigningKey::from_bytes(&rand::random::<[u8; 32]>()))
    }

    /// An issuer named `heju` with this key.
    ///
    /// # Errors
    /// [`KeyError::PemInvalid`] unless it is an Ed25519 private key in PKCS#8 PEM form.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = SigningKey::from_pkcs8_pem(pem).map_err(KeyError::PemInvalid)?;
        Ok(Self::with_key(key))
    }

    /// Another name (`iss`): the platform's public address where other systems verify its tokens.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Goes on publishing the public key of an earlier issuer, so that its tokens hold until they expire.
    #[must_use]
    pub fn retiring(mut self, earlier: &Self) -> Self {
        self.retired.push(earlier.key.verifying_key());
        self.retired.extend(earlier.retired.iter().copied());
        self
    }

    /// The private key in PKCS#8 PEM form, to be kept secret.
    ///
    /// # Errors
    /// [`KeyError::PemInvalid`] where the encoder refuses, which it has no reason to.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        let pem = self.key.to_pkcs8_pem(LineEnding::LF);
        Ok(pem.map_err(KeyError::PemInvalid)?.to_string())
    }

    /// Its name (`iss`).
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A signed token that says who the principal is, from `now` (real time) for `ttl`.
    ///
    /// A service has no token: what is issued for one names nobody and no role.
    #[must_use]
    pub fn issue(&self, principal: &Principal, now: DateTime<Utc>, ttl: Duration) -> String {
        let issued_at = now.timestamp();
        let lifetime = i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX);
        let roles: Vec<&str> = principal.roles.iter().copied().map(Role::as_str).collect();
        let mut claims = json!({
            "iss": self.name,
            "aud": HEJU,
            "sub": principal.subject,
            "name": principal.name,
            "roles": roles,
            "iat": issued_at,
            "nbf": issued_at,
            "exp": issued_at.saturating_add(lifetime),
            "jti": Uuid::now_v7().simple().to_string(),
        });
        let optional = [
            ("org", principal.organisation.clone()),
            (
                "jurisdiction",
                principal.jurisdiction.map(|code| code.to_string()),
            ),
            ("owner", principal.owner_id.map(|id| id.to_string())),
        ];
        for (claim, value) in optional {
            if let Some(value) = value {
                claims[claim] = value.into();
            }
        }
        self.sign(&claims)
    }

    /// The public keys (JWKS, RFC 7517), the signing one first.
    #[must_use]
    pub fn jwks(&self) -> Value {
        let signing = self.key.verifying_key();
        let keys: Vec<Value> = std::iter::once(&signing).chain(&self.retired).map(jwk).collect();
        json!({ "keys": keys })
    }

    fn with_key(key: SigningKey) -> Self {
        Self {
            name: HEJU.to_owned(),
            key_id: thumbprint(&key.verifying_key()),
            key,
            retired: Vec::new(),
        }
    }

    /// Signs by hand (RFC 7515, 7.1): three lines that cannot fail, so that issuing cannot either.
    fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "EdDSA", "typ": "JWT", "kid": self.key_id });
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let message = format!("{}.{}", part(&header), part(claims));
        let signature = self.key.sign(message.as_bytes()).to_bytes();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A public key as JWK (RFC 8037).
fn jwk(key: &VerifyingKey) -> Value {
    json!({
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "use": "sig",
        "kid": thumbprint(key),
        "x": URL_SAFE_NO_PAD.encode(key.as_bytes()),
    })
}

/// The key's name: its thumbprint (RFC 7638), so that the same key has the same name after a restart.
fn thumbprint(key: &VerifyingKey) -> String {
    let x = URL_SAFE_NO_PAD.encode(key.as_bytes());
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(canonical))
}
