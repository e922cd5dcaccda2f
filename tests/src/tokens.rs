//! Tokens that the platform must refuse: made with the right key and wrong claims, or with no right key at all.

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::Value;

/// A token in its parts.
#[derive(Debug, Clone)]
pub struct Token {
    /// What it says of its signature.
    pub header: Value,
    /// What it says of its bearer.
    pub claims: Value,
}

impl Token {
    /// Reads one that was issued.
    ///
    /// # Errors
    /// Where it is no token.
    pub fn read(token: &str) -> Result<Self> {
        let mut parts = token.split('.');
        let mut part = || -> Result<Value> {
            let bytes = URL_SAFE_NO_PAD.decode(parts.next().context("a part is missing")?)?;
            Ok(serde_json::from_slice(&bytes)?)
        };
        Ok(Token {
            header: part()?,
            claims: part()?,
        })
    }

    /// The same with another claim.
    #[must_use]
    pub fn with(mut self, claim: &str, value: impl Into<Value>) -> Self {
        self.claims[claim] = value.into();
        self
    }

    /// Signed with a key in PEM form.
    ///
    /// # Errors
    /// Where the key cannot be read.
    pub fn signed(&self, pem: &str) -> Result<String> {
        Ok(self.signed_by(&SigningKey::from_pkcs8_pem(pem)?))
    }

    /// Signed with a key that the platform has never seen.
    pub fn forged(&self) -> String {
        self.signed_by(&SigningKey::from_bytes(&rand::random::<[u8; 32]>()))
    }

    /// Not signed at all, as `alg: none` pretends.
    pub fn unsigned(&self) -> String {
        let mut header = self.header.clone();
        header["alg"] = "none".into();
        format!("{}.{}.", part(&header), part(&self.claims))
    }

    fn signed_by(&self, key: &SigningKey) -> String {
        let message = format!("{}.{}", part(&self.header), part(&self.claims));
        let signature = key.sign(message.as_bytes()).to_bytes();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}
