//! Verifies tokens: shape, issuer, key, signature, audience, time, claims, in this order.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::claims::Claims;
use super::keys::KeySet;
use super::recent::Recent;
use super::remote::{Address, Remote};
use super::{ClaimNames, HEJU, KeyError, Limits, TokenError, install_cryptography};
use crate::Principal;

/// A token longer than this is refused unread; Heju's own have about 600 bytes.
const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// Clocks of two machines may differ by this much at the beginning of a token's time; its end is strict.
const SKEW: TimeDelta = TimeDelta::seconds(30);

/// Whose tokens are accepted, and how they are read.
#[derive(Clone, Debug)]
pub struct VerifierSettings {
    /// Name of the issuer (`iss`); default `heju`.
    pub issuer: String,
    /// Audience (`aud`) that a token must name; default `heju`.
    pub audience: String,
    /// What the claims are called.
    pub claim_names: ClaimNames,
    /// How often keys are fetched.
    pub limits: Limits,
}

impl VerifierSettings {
    /// Settings for an issuer of this name, everything else by default.
    pub fn for_issuer(issuer: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audience: HEJU.to_owned(),
            claim_names: ClaimNames::default(),
            limits: Limits::default(),
        }
    }
}

impl Default for VerifierSettings {
    fn default() -> Self {
        Self::for_issuer(HEJU)
    }
}

/// Verifies tokens of one issuer; cheap to clone, one per process is enough.
///
/// It remembers verified tokens until they expire or the keys change, so that asking again costs a digest.
#[derive(Clone)]
pub struct Verifier {
    inner: Arc<Inner>,
}

struct Inner {
    settings: VerifierSettings,
    source: Source,
    recent: Recent,
}

enum Source {
    Static(Arc<KeySet>),
    Remote(Box<Remote>),
}

impl Verifier {
    /// A verifier with keys that never change: the issuer is in the same process.
    ///
    /// # Errors
    /// [`KeyError::JwksInvalid`] where the set has no usable key.
    pub fn from_jwks(settings: VerifierSettings, jwks: &Value) -> Result<Self, KeyError> {
        install_cryptography();
        let keys = Arc::new(KeySet::parse(jwks)?);
        Ok(Self::new(settings, Source::Static(keys)))
    }

    /// A verifier that fetches the keys from this address, the first time when the first token comes.
    ///
    /// # Errors
    /// [`KeyError::Client`] where no HTTP client can be made.
    pub fn from_jwks_url(settings: VerifierSettings, url: Url) -> Result<Self, KeyError> {
        let remote = Remote::new(Address::Jwks(url), settings.limits)?;
        Ok(Self::new(settings, Source::Remote(Box::new(remote))))
    }

    /// A verifier for an OpenID provider; `settings.issuer` is its name, exactly as its discovery document has it.
    ///
    /// # Errors
    /// [`KeyError::IssuerInvalid`] where the issuer is not an address, [`KeyError::Client`] where no HTTP client can be made.
    pub fn from_discovery(settings: VerifierSettings) -> Result<Self, KeyError> {
        let issuer = settings.issuer.clone();
        let base = issuer.trim_end_matches('/');
        let document = format!("{base}/.well-known/openid-configuration");
        let document: Url = document.parse().map_err(KeyError::IssuerInvalid)?;
        let address = Address::Discovery {
            issuer,
            document: Box::new(document),
        };
        let remote = Remote::new(address, settings.limits)?;
        Ok(Self::new(settings, Source::Remote(Box::new(remote))))
    }

    fn new(settings: VerifierSettings, source: Source) -> Self {
        Self {
            inner: Arc::new(Inner {
                settings,
                source,
                recent: Recent::default(),
            }),
        }
    }

    /// Whom the token names; `now` is real time. Fetches keys where that may change the answer.
    ///
    /// # Errors
    /// [`TokenError`]; only [`TokenError::IssuerUnreachable`] may pass by itself.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Principal, TokenError> {
        if let Some(answer) = self.verify_at_hand(token, now) {
            return answer;
        }
        let parts = Parts::split(token)?;
        if let Source::Remote(remote) = &self.inner.source {
            remote.refresh(now).await;
            let at_hand = remote.at_hand();
            let keys = at_hand.keys.as_ref();
            let keys = keys.filter(|_| remote.is_usable(&at_hand, now));
            let keys = keys.ok_or(TokenError::IssuerUnreachable)?;
            if at_hand.failed && !keys.knows(parts.key_id()) {
                // It may be signed by a newer key, which we cannot learn now.
                return Err(TokenError::IssuerUnreachable);
            }
            return self.judge(&parts, keys, at_hand.generation, now);
        }
        // Keys that never change answer at hand.
        Err(TokenError::TokenForged)
    }

    /// The answer without waiting, where the keys at hand are enough for one; none where keys must be fetched first.
    pub fn verify_at_hand(&self, token: &str, now: DateTime<Utc>) -> Option<Result<Principal, TokenError>> {
        let (keys, generation) = match &self.inner.source {
            Source::Static(keys) => (Arc::clone(keys), 0),
            Source::Remote(remote) => {
                let at_hand = remote.at_hand();
                let fresh = remote.is_fresh(&at_hand, now);
                match at_hand.keys {
                    Some(keys) if fresh => (keys, at_hand.generation),
                    // What is wrong whatever the keys are needs no fetching.
                    Some(_) | None => return self.refuse_unread(token).map(Err),
                }
            }
        };
        if let Some(principal) = self.inner.recent.find(token, generation, now.timestamp()) {
            return Some(Ok(principal));
        }
        if let Some(error) = self.refuse_unread(token) {
            return Some(Err(error));
        }
        let parts = match Parts::split(token) {
            Ok(parts) => parts,
            Err(error) => return Some(Err(error)),
        };
        if !keys.knows(parts.key_id()) && matches!(self.inner.source, Source::Remote(_)) {
            return None;
        }
        Some(self.judge(&parts, &keys, generation, now))
    }

    /// What is wrong with a token before any key is looked at.
    fn refuse_unread(&self, token: &str) -> Option<TokenError> {
        let parts = match Parts::split(token) {
            Ok(parts) => parts,
            Err(error) => return Some(error),
        };
        // Read before the signature is checked, only to refuse: a stranger's token must not make us fetch keys.
        let ours = parts.claims.issuer() == Some(self.inner.settings.issuer.as_str());
        (!ours).then_some(TokenError::TokenIssuerUnknown)
    }

    fn judge(
        &self,
        parts: &Parts<'_>,
        keys: &KeySet,
        generation: u64,
        now: DateTime<Utc>,
    ) -> Result<Principal, TokenError> {
        let Inner { settings, recent, .. } = &*self.inner;
        keys.check(parts.key_id(), &parts.header.alg, parts.message, parts.signature)?;
        let claims = &parts.claims;
        if !claims.is_for(&settings.audience) {
            return Err(TokenError::TokenForAnotherService);
        }
        let expires_at = claims.seconds("exp")?;
        let expires_at = expires_at.ok_or(TokenError::TokenClaimsInvalid)?;
        if expires_at <= now.timestamp() {
            return Err(TokenError::TokenExpired);
        }
        let begins_at = claims.seconds("nbf")?;
        if begins_at.is_some_and(|at| at > (now + SKEW).timestamp()) {
            return Err(TokenError::TokenNotYetValid);
        }
        let principal = claims.principal(&settings.claim_names)?;
        recent.remember(parts.token, &principal, expires_at, generation);
        Ok(principal)
    }
}

/// The header of a token, as far as it counts.
#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    /// Extensions that must be understood (RFC 7515, 4.1.11); we understand none.
    #[serde(default)]
    crit: Option<Value>,
}

/// A token taken apart; nothing in it is trusted yet.
struct Parts<'a> {
    token: &'a str,
    message: &'a str,
    signature: &'a str,
    header: Header,
    claims: Claims,
}

impl<'a> Parts<'a> {
    fn split(token: &'a str) -> Result<Self, TokenError> {
        if token.is_empty() {
            return Err(TokenError::TokenMissing);
        }
        if token.len() > TOKEN_BYTES_MAX {
            return Err(TokenError::TokenMalformed);
        }
        let malformed = TokenError::TokenMalformed;
        let (message, signature) = token.rsplit_once('.').ok_or(malformed)?;
        let (header, payload) = message.split_once('.').ok_or(malformed)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed);
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| malformed)?;
        if header.crit.is_some() {
            return Err(malformed);
        }
        Ok(Self {
            token,
            message,
            signature,
            header,
            claims: Claims::parse(&decode(payload)?)?,
        })
    }

    fn key_id(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }
}
