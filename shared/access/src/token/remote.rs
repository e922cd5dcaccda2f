//! Keys fetched from an issuer: kept, renewed, and used a while longer when the issuer is down.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tokio::sync::Notify;
use url::Url;

use super::keys::KeySet;
use super::{KeyError, install_cryptography};

/// Answers of an issuer longer than this are refused; a key set has a few thousand bytes.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// How often keys are fetched, and how long they are used without news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Keys older than this are fetched again.
    pub refresh_after: TimeDelta,
    /// Keys older than this are not used any more when the issuer cannot be reached: a key it took back must die.
    pub stale_at_most: TimeDelta,
    /// A token with an unknown key makes us ask again, but not more often than this: tokens are free to invent.
    pub ask_at_least_apart: TimeDelta,
    /// After a failure we ask again, but not more often than this.
    pub retry_at_least_apart: TimeDelta,
    /// An answer takes at most this long.
    pub timeout: Duration,
}

impl Default for Limits {
    /// 10 minutes, 12 hours, 10 seconds, 1 second, 3 seconds.
    fn default() -> Self {
        Self {
            refresh_after: TimeDelta::minutes(10),
            stale_at_most: TimeDelta::hours(12),
            ask_at_least_apart: TimeDelta::seconds(10),
            retry_at_least_apart: TimeDelta::seconds(1),
            timeout: Duration::from_secs(3),
        }
    }
}

/// Where the keys are.
#[derive(Clone, Debug)]
pub(super) enum Address {
    /// A key set.
    Jwks(Url),
    /// An OpenID provider, whose discovery document names its key set.
    Discovery { issuer: String, document: Box<Url> },
}

impl Address {
    /// What is asked first.
    fn url(&self) -> &Url {
        match self {
            Self::Jwks(url) => url,
            Self::Discovery { document, .. } => document,
        }
    }
}

/// Keys at hand, with when they came; a later generation replaces an earlier one.
#[derive(Clone, Default)]
pub(super) struct AtHand {
    pub(super) keys: Option<Arc<KeySet>>,
    pub(super) generation: u64,
    fetched_at: Option<DateTime<Utc>>,
    asked_at: Option<DateTime<Utc>>,
    pub(super) failed: bool,
}

/// Why keys could not be fetched; for the log, the client is told that the issuer is unreachable.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("the issuer did not answer")]
    Http(#[from] reqwest::Error),
    #[error("the issuer's answer is longer than {ANSWER_BYTES_MAX} bytes")]
    TooLong,
    #[error("the issuer's answer is not JSON")]
    Json(#[from] serde_json::Error),
    #[error("the discovery document is for the issuer {0:?}")]
    OtherIssuer(String),
    #[error("the discovery document names no usable jwks_uri")]
    NoKeys,
    #[error(transparent)]
    Keys(#[from] KeyError),
}

/// Keys of an issuer elsewhere.
pub(super) struct Remote {
    address: Address,
    limits: Limits,
    client: reqwest::Client,
    at_hand: RwLock<AtHand>,
    asking: AtomicBool,
    answered: Notify,
}

impl Remote {
    pub(super) fn new(address: Address, limits: Limits) -> Result<Self, KeyError> {
        install_cryptography();
        let mut client = reqwest::Client::builder()
            .timeout(limits.timeout)
            // The configured address is the trusted one; an answer that leads elsewhere is not followed.
            .redirect(reqwest::redirect::Policy::none());
        if is_loopback(address.url()) {
            client = client.no_proxy();
        }
        Ok(Self {
            client: client.build().map_err(KeyError::Client)?,
            address,
            limits,
            at_hand: RwLock::default(),
            asking: AtomicBool::new(false),
            answered: Notify::new(),
        })
    }

    /// The keys at hand, whatever their age.
    pub(super) fn at_hand(&self) -> AtHand {
        let at_hand = self.at_hand.read();
        at_hand.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether keys of this age are used without asking.
    pub(super) fn is_fresh(&self, at_hand: &AtHand, now: DateTime<Utc>) -> bool {
        at_hand.is_younger_than(self.limits.refresh_after, now)
    }

    /// Whether keys of this age are used when the issuer cannot be reached.
    pub(super) fn is_usable(&self, at_hand: &AtHand, now: DateTime<Utc>) -> bool {
        at_hand.is_younger_than(self.limits.stale_at_most, now)
    }

    /// Fetches the keys again, unless somebody asked a moment ago.
    ///
    /// Of several callers one asks; the others wait for it, but only where they hold no usable keys.
    pub(super) async fn refresh(&self, now: DateTime<Utc>) {
        loop {
            // Registered before the turn is tried, so that the end of the other's turn cannot be missed.
            let answered = self.answered.notified();
            if let Some(_turn) = Turn::take(self) {
                if !self.was_asked_lately(now) {
                    self.ask(now).await;
                }
                return;
            }
            let at_hand = self.at_hand();
            if at_hand.keys.is_some() && self.is_usable(&at_hand, now) {
                return;
            }
            // The one who asks is bound by the client's timeout, and wakes us also where it is dropped.
            answered.await;
        }
    }

    fn was_asked_lately(&self, now: DateTime<Utc>) -> bool {
        let at_hand = self.at_hand();
        let apart = if at_hand.failed {
            self.limits.retry_at_least_apart
        } else {
            self.limits.ask_at_least_apart
        };
        at_hand.asked_at.is_some_and(|at| (now - at).abs() < apart)
    }

    async fn ask(&self, now: DateTime<Utc>) {
        let outcome = self.fetch().await;
        let mut at_hand = self.at_hand.write().unwrap_or_else(PoisonError::into_inner);
        at_hand.asked_at = Some(now);
        at_hand.failed = outcome.is_err();
        match outcome {
            Ok(keys) => {
                at_hand.keys = Some(Arc::new(keys));
                at_hand.fetched_at = Some(now);
                at_hand.generation += 1;
            }
            Err(error) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(
                    issuer.address = ?self.address,
                    error = %error,
                    error.cause = cause,
                    "the keys of the issuer cannot be fetched"
                );
            }
        }
    }

    async fn fetch(&self) -> Result<KeySet, FetchError> {
        let url = match &self.address {
            Address::Jwks(url) => url.clone(),
            Address::Discovery { issuer, document } => {
                let found = self.get((**document).clone()).await?;
                let name = found.get("issuer").and_then(Value::as_str);
                // OpenID Connect Discovery 4.3: it must name exactly the issuer that was asked.
                if name != Some(issuer) {
                    return Err(FetchError::OtherIssuer(
                        name.unwrap_or_default().chars().take(200).collect(),
                    ));
                }
                let url = found.get("jwks_uri").and_then(Value::as_str);
                let url: Option<Url> = url.and_then(|url| url.parse().ok());
                let url = url.ok_or(FetchError::NoKeys)?;
                // Keys may not come over a weaker transport than the document that names them.
                if document.scheme() == "https" && url.scheme() != "https" {
                    return Err(FetchError::NoKeys);
                }
                url
            }
        };
        Ok(KeySet::parse(&self.get(url).await?)?)
    }

    async fn get(&self, url: Url) -> Result<Value, FetchError> {
        let request = self.client.get(url);
        let mut answer = request.send().await?.error_for_status()?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(FetchError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(serde_json::from_slice(&body)?)
    }
}

impl AtHand {
    fn is_younger_than(&self, age: TimeDelta, now: DateTime<Utc>) -> bool {
        self.fetched_at.is_some_and(|at| (now - at).abs() < age)
    }
}

/// The right to ask; given back also where the asking future is dropped.
struct Turn<'a>(&'a Remote);

impl<'a> Turn<'a> {
    fn take(remote: &'a Remote) -> Option<Self> {
        let taken = remote.asking.swap(true, Ordering::AcqRel);
        // Lazily: a turn made and dropped here would give back the other's.
        (!taken).then(|| Self(remote))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.asking.store(false, Ordering::Release);
        self.0.answered.notify_waiters();
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
