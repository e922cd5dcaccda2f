//! Waiting where waiting cannot be avoided: for a condition, under a deadline, telling what was last seen.

use std::fmt::Debug;
use std::future::Future;
use std::time::{Duration, Instant};

/// Looks until `look` gives a value that `holds`; panics with the last value seen after `limit`.
pub async fn wait_for<T, F, Fut>(what: &str, limit: Duration, mut look: F, holds: impl Fn(&T) -> bool) -> T
where
    T: Debug,
    F: FnMut() -> Fut,
    Fut: Future<Output = T>,
{
    let started = Instant::now();
    let mut pause = Duration::from_millis(2);
    loop {
        let seen = look().await;
        if holds(&seen) {
            return seen;
        }
        assert!(
            started.elapsed() < limit,
            "{what} did not come about within {limit:?}; last seen: {seen:?}"
        );
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(100));
    }
}
