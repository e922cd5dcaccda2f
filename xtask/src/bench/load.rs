//! The load generator: clients with one connection each, that write as fast as they are answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use super::connection::Connection;
use super::stop;

/// A write that is ready to be sent.
pub struct Request {
    /// Path of the public API.
    pub path: String,
    /// Token of whoever makes it.
    pub token: Arc<str>,
    /// Idempotency key.
    pub key: String,
    /// JSON.
    pub body: String,
}

/// When a measurement ends.
#[derive(Clone, Copy)]
pub enum Until {
    /// After this time, or when there is nothing more to send.
    Elapsed(Duration),
    /// When there is nothing more to send.
    Done,
}

/// What was measured.
#[derive(Default)]
pub struct Measured {
    /// From the first request to the last answer.
    pub elapsed: Duration,
    /// From request to answer, one per operation.
    pub latencies: Vec<Duration>,
}

impl Measured {
    /// Operations a second.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }
}

/// Sends what `next` gives from `clients` threads. Every answer must be an acceptance.
pub fn run(
    gateway: &str,
    clients: usize,
    until: Until,
    next: &(dyn Fn() -> Option<Request> + Sync),
) -> Result<Measured> {
    let failed = AtomicBool::new(false);
    let started = Instant::now();
    let results: Vec<Result<Vec<Duration>>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|_| {
                scope.spawn(|| {
                    let result = client(gateway, started, until, next, &failed);
                    failed.fetch_or(result.is_err(), Ordering::Relaxed);
                    result
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err(anyhow!("a client panicked")))
            })
            .collect()
    });
    let elapsed = started.elapsed();
    let mut latencies = Vec::new();
    for result in results {
        latencies.extend(result?);
    }
    Ok(Measured { elapsed, latencies })
}

fn client(
    gateway: &str,
    started: Instant,
    until: Until,
    next: &(dyn Fn() -> Option<Request> + Sync),
    failed: &AtomicBool,
) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(gateway)?;
    let mut latencies = Vec::new();
    while !failed.load(Ordering::Relaxed) {
        if matches!(until, Until::Elapsed(limit) if started.elapsed() >= limit) {
            break;
        }
        stop::check()?;
        let Some(request) = next() else { break };
        let sent = Instant::now();
        connection.post(&request)?;
        latencies.push(sent.elapsed());
    }
    Ok(latencies)
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)))
        .build();
    config.into()
}

/// Signs accounts in, two at a time, as many as the gateway checks at one time; returns their tokens in order.
pub fn sign_in_all(gateway: &str, accounts: &[String], password: &str) -> Result<Vec<Arc<str>>> {
    let halves = accounts.chunks(accounts.len().div_ceil(2).max(1));
    let results: Vec<Result<Vec<Arc<str>>>> = std::thread::scope(|scope| {
        let threads: Vec<_> = halves
            .map(|half| {
                scope.spawn(move || {
                    let agent = agent();
                    half.iter()
                        .map(|account| sign_in(&agent, gateway, account, password))
                        .collect()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err(anyhow!("a client panicked")))
            })
            .collect()
    });
    Ok(results.into_iter().collect::<Result<Vec<_>>>()?.concat())
}

fn sign_in(agent: &ureq::Agent, gateway: &str, account: &str, password: &str) -> Result<Arc<str>> {
    let body = serde_json::json!({ "account": account, "password": password });
    let mut answer = agent
        .post(format!("{gateway}/v1/sessions"))
        .send_json(&body)
        .context("signing in")?;
    let session: Value = answer.body_mut().read_json().context("signing in")?;
    match session["token"].as_str() {
        Some(token) => Ok(token.into()),
        None => bail!("{account} cannot sign in: {session}"),
    }
}

/// The duration that this share of the sorted durations does not exceed; zero where there are none.
pub fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100).max(1) - 1;
    sorted.get(rank).copied().unwrap_or_default()
}

/// The middle one; zero where there are none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{median, percentile};

    #[test]
    fn percentiles_are_nearest_ranks() {
        let sorted: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&sorted, 50), Duration::from_millis(100));
        assert_eq!(percentile(&sorted, 99), Duration::from_millis(198));
        assert_eq!(percentile(&sorted[..1], 99), Duration::from_millis(1));
        assert_eq!(percentile(&[], 50), Duration::ZERO);
    }

    #[test]
    fn one_bad_round_does_not_move_the_median() {
        assert!((median(vec![1_000.0, 10.0, 990.0]) - 990.0).abs() < f64::EPSILON);
    }
}
