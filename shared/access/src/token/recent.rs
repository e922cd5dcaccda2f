//! Tokens verified a moment ago: the gateway, the service and the service behind it all see the same one.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::Principal;

/// At most this many tokens are remembered: a few megabytes, and more than are active at once in a city's office.
const TOKENS_MAX: usize = 8_192;

/// A token is remembered by its digest, so that a memory dump holds no tokens.
type TokenDigest = [u8; 32];

/// Verified tokens, the oldest forgotten first.
#[derive(Default)]
pub(super) struct Recent {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    tokens: HashMap<TokenDigest, Entry>,
    order: VecDeque<TokenDigest>,
}

struct Entry {
    principal: Principal,
    expires_at: i64,
    generation: u64,
}

impl Recent {
    /// Whom a token names that was verified under this generation of keys and has not expired.
    pub(super) fn find(&self, token: &str, generation: u64, now: i64) -> Option<Principal> {
        let digest = digest(token);
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = inner.tokens.get(&digest)?;
        (entry.generation == generation && now < entry.expires_at).then(|| entry.principal.clone())
    }

    /// Remembers a verified token until it expires or the keys change.
    pub(super) fn remember(&self, token: &str, principal: &Principal, expires_at: i64, generation: u64) {
        let digest = digest(token);
        let entry = Entry {
            principal: principal.clone(),
            expires_at,
            generation,
        };
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.tokens.insert(digest, entry).is_none() {
            inner.order.push_back(digest);
        }
        while inner.order.len() > TOKENS_MAX {
            if let Some(oldest) = inner.order.pop_front() {
                inner.tokens.remove(&oldest);
            }
        }
    }
}

fn digest(token: &str) -> TokenDigest {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_token_is_forgotten_first_and_a_repeated_one_takes_no_room() {
        let recent = Recent::default();
        let principal = Principal::person("account", "");
        let remember = |number: usize| recent.remember(&number.to_string(), &principal, 10, 0);
        let finds = |number: usize| recent.find(&number.to_string(), 0, 0).is_some();
        (0..TOKENS_MAX).for_each(remember);
        remember(1);
        assert!(finds(0));
        remember(TOKENS_MAX);
        assert!(!finds(0));
        assert!(finds(1));
        assert!(finds(TOKENS_MAX));
    }

    #[test]
    fn a_token_is_forgotten_with_its_time_and_with_its_keys() {
        let recent = Recent::default();
        recent.remember("token", &Principal::person("account", ""), 10, 1);
        assert!(recent.find("token", 1, 9).is_some());
        assert!(recent.find("token", 1, 10).is_none());
        assert!(recent.find("token", 2, 9).is_none());
    }
}
