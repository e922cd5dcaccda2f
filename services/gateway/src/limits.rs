//! How much a client may ask for: rates by address and account, requests in flight.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use structured_proxy::shield::gcra::{Gcra, Profile};
use structured_proxy::shield::store::GcraStore;
use tokio::sync::Semaphore;
use tonic::Code;

use crate::address::ClientAddress;
use crate::config::LimitsConfig;
use crate::problem::Problem;

/// Rates by address and by account, in the memory of this process.
pub(crate) struct Rates {
    store: GcraStore,
    per_address: Option<Gcra>,
    per_account: Option<Gcra>,
}

impl Rates {
    pub(crate) fn new(config: &LimitsConfig) -> Self {
        let gcra = |rate: u64| {
            let burst = rate.saturating_mul(config.burst_s);
            (rate > 0).then(|| {
                Gcra::from_profile(Profile {
                    rate,
                    window: Duration::from_secs(1),
                    burst,
                })
            })
        };
        Rates {
            store: GcraStore::new(),
            per_address: gcra(config.per_address_per_s),
            per_account: gcra(config.per_account_per_s),
        }
    }

    fn check_address(&self, address: IpAddr) -> Result<(), Problem> {
        // A household has a whole network of 64 bits of IPv6.
        let network = match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        };
        self.check(self.per_address.as_ref(), &format!("address:{network}"))
    }

    /// Refuses with `TOO_MANY_REQUESTS` where the account asks too often.
    pub(crate) fn check_account(&self, subject: &str) -> Result<(), Problem> {
        self.check(self.per_account.as_ref(), &format!("account:{subject}"))
    }

    fn check(&self, gcra: Option<&Gcra>, key: &str) -> Result<(), Problem> {
        let Some(gcra) = gcra else { return Ok(()) };
        let verdict = self.store.check(key, gcra);
        if verdict.allowed {
            return Ok(());
        }
        Err(Problem::new(
            Code::ResourceExhausted,
            "TOO_MANY_REQUESTS",
            "Too many requests; wait as the retry-after header says.",
            "请求过于频繁，请按 retry-after 响应头所示时间后重试。",
        )
        .with_retry_after(
            verdict
                .retry_after
                .as_millis()
                .div_ceil(1_000)
                .try_into()
                .unwrap_or(1),
        ))
    }
}

/// The limits that stand before every route.
pub(crate) struct Gate {
    rates: Arc<Rates>,
    in_flight: Semaphore,
}

impl Gate {
    pub(crate) fn new(rates: Arc<Rates>, in_flight_max: usize) -> Self {
        Gate {
            rates,
            in_flight: Semaphore::new(in_flight_max.min(Semaphore::MAX_PERMITS)),
        }
    }
}

/// Lets a request through, or tells it to come back; probes always pass.
pub(crate) async fn pass(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/healthz/") {
        return next.run(request).await;
    }
    if let Some(ClientAddress(address)) = request.extensions().get::<ClientAddress>().copied()
        && let Err(problem) = gate.rates.check_address(address)
    {
        return problem.into_response();
    }
    // Held until the answer begins; a stream of events has its own limit.
    let Ok(_permit) = gate.in_flight.try_acquire() else {
        return Problem::new(
            Code::Unavailable,
            "UNAVAILABLE",
            "Too much is asked for at this moment; repeat the request with the same idempotency key.",
            "当前请求过多，请稍后用同一幂等键重试。",
        )
        .into_response();
    };
    next.run(request).await
}
