//! How often a wrong password may be tried: counted per account and per address, in bounded memory.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long failures count.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Names or addresses remembered; past it those that failed least are forgotten.
const REMEMBERED_MAX: usize = 20_000;

/// Failures since a moment.
#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    since: Instant,
}

/// Failed attempts of the last quarter of an hour.
///
/// An account that does not exist is counted like one that does, so that a refusal never tells which exist.
#[derive(Debug)]
pub struct Attempts {
    per_account: u32,
    per_address: u32,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    accounts: HashMap<String, Failures>,
    addresses: HashMap<IpAddr, Failures>,
}

impl Attempts {
    /// Nothing tried yet; at most so many failures per account and per address.
    pub fn new(per_account: u32, per_address: u32) -> Self {
        Attempts {
            per_account,
            per_address,
            state: Mutex::default(),
        }
    }

    /// How long the account or the address must wait; none where it may try.
    ///
    /// The attempt counts as failed at once, so that attempts in parallel do not pass together;
    /// [`Attempts::succeeded`] takes it back.
    pub fn begin(&self, account: &str, address: Option<IpAddr>, now: Instant) -> Option<Duration> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let account = key(account);
        let waits = [
            wait(state.accounts.get(&account), self.per_account, now),
            address.and_then(|address| wait(state.addresses.get(&address), self.per_address, now)),
        ];
        if let Some(longest) = waits.into_iter().flatten().max() {
            return Some(longest);
        }
        count(&mut state.accounts, account, now);
        if let Some(address) = address {
            count(&mut state.addresses, address, now);
        }
        None
    }

    /// Forgets what the account failed; the address keeps all but this attempt.
    pub fn succeeded(&self, account: &str, address: Option<IpAddr>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.accounts.remove(&key(account));
        if let Some(failures) = address.and_then(|address| state.addresses.get_mut(&address)) {
            failures.count = failures.count.saturating_sub(1);
        }
    }
}

/// Bounded: a name of a megabyte is not kept.
fn key(account: &str) -> String {
    account.chars().take(128).collect()
}

fn wait(failures: Option<&Failures>, max: u32, now: Instant) -> Option<Duration> {
    let failures = failures?;
    let left = WINDOW.checked_sub(now.saturating_duration_since(failures.since))?;
    (failures.count >= max && !left.is_zero()).then_some(left)
}

fn count<K: Hash + Eq + Clone>(map: &mut HashMap<K, Failures>, key: K, now: Instant) {
    if map.len() >= REMEMBERED_MAX && !map.contains_key(&key) {
        map.retain(|_, failures| now.saturating_duration_since(failures.since) < WINDOW);
        if map.len() >= REMEMBERED_MAX {
            // Keeps those who failed more than once: they are the ones to hold back.
            map.retain(|_, failures| failures.count > 1);
        }
        if map.len() >= REMEMBERED_MAX {
            map.clear();
        }
    }
    let failures = map.entry(key).or_insert(Failures { count: 0, since: now });
    if now.saturating_duration_since(failures.since) >= WINDOW {
        *failures = Failures { count: 0, since: now };
    }
    failures.count = failures.count.saturating_add(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

    #[test]
    fn after_so_many_failures_an_account_waits_until_the_window_is_over() {
        let attempts = Attempts::new(3, 100);
        let start = Instant::now();
        for _ in 0..3 {
            assert_eq!(attempts.begin("a", ADDRESS, start), None);
        }
        assert_eq!(attempts.begin("a", ADDRESS, start), Some(WINDOW));
        assert_eq!(attempts.begin("b", ADDRESS, start), None);
        assert_eq!(attempts.begin("a", ADDRESS, start + WINDOW), None);
    }

    #[test]
    fn an_address_that_tries_many_accounts_waits_too() {
        let attempts = Attempts::new(3, 5);
        let start = Instant::now();
        for account in ["a", "b", "c", "d", "e"] {
            assert_eq!(attempts.begin(account, ADDRESS, start), None);
        }
        assert!(attempts.begin("f", ADDRESS, start).is_some());
        assert_eq!(attempts.begin("f", None, start), None);
    }

    #[test]
    fn who_gets_it_right_starts_anew() {
        let attempts = Attempts::new(2, 2);
        let start = Instant::now();
        for _ in 0..10 {
            assert_eq!(attempts.begin("a", ADDRESS, start), None);
            attempts.succeeded("a", ADDRESS);
        }
    }

    #[test]
    fn memory_is_bounded() {
        let attempts = Attempts::new(2, 2);
        let start = Instant::now();
        for n in 0..REMEMBERED_MAX * 2 {
            attempts.begin(&n.to_string(), None, start);
        }
        assert!(
            attempts
                .state
                .lock()
                .is_ok_and(|state| state.accounts.len() <= REMEMBERED_MAX)
        );
    }
}
