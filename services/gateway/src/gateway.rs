//! Putting the gateway together.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use access::Access;
use access::token::{Issuer, Verifier};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use calendar::Clock;
use events::Bus;
use lifecycle::Readiness;
use rpc::Peer;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;

use crate::accounts::{self, Accounts};
use crate::attempts::Attempts;
use crate::clock::{ClockControl, Moves};
use crate::config::Config;
use crate::limits::{Gate, Rates};
use crate::own::{Own, Sessions};
use crate::peers::Peers;
use crate::transcoding::Edge;
use crate::{address, documents, limits, live, own, security, serve, trace, transcoding};

/// What the gateway is given to live on.
pub struct Parts {
    /// NATS, for live events; it need not answer yet.
    pub bus: Bus,
    /// Checks tokens; [`crate::issuer::verifier`] makes it.
    pub verifier: Verifier,
    /// The built-in issuer, none where a foreign one is configured; [`crate::issuer::open`] opens it.
    pub issuer: Option<Issuer>,
    /// The policies.
    pub access: Access,
    /// The platform's clock.
    pub clock: Arc<dyn Clock>,
    /// Moves the clock; none where it is the machine's, and then `AdvanceClock` refuses with `CLOCK_NOT_SIMULATED`.
    pub clock_control: Option<Arc<dyn ClockControl>>,
    /// The ways to the services by name: `registry`, `committees`, `funds`. A call to one that is not here answers 503.
    pub peers: Vec<(&'static str, Peer)>,
    /// What `/healthz/ready` says; the gateway adds no condition of its own.
    pub readiness: Readiness,
    /// Ends streams of events, and [`Gateway::serve`] where it is given the same token.
    pub stop: CancellationToken,
}

/// The gateway. It has no database and therefore is no `hosting::Service`.
pub struct Gateway;

impl Gateway {
    /// Puts the gateway together; nothing runs yet.
    ///
    /// # Errors
    /// One sentence: a setting that cannot work, or accounts that cannot be read.
    pub fn build(config: &Config, parts: Parts) -> anyhow::Result<Router> {
        config.validate()?;
        let Parts {
            bus,
            verifier,
            issuer,
            access,
            clock,
            clock_control,
            peers,
            readiness,
            stop,
        } = parts;
        let issuer = issuer.map(Arc::new);
        let sessions = issuer
            .clone()
            .map(|issuer| sessions(config, issuer))
            .transpose()?;
        let own = Own {
            sessions,
            access,
            clock,
            clock_control,
            moves: Moves::default(),
        };

        let mut by_service: HashMap<String, Peer> = peers
            .into_iter()
            .map(|(name, peer)| (name.to_owned(), peer))
            .collect();
        by_service.insert("gateway".to_owned(), own::peer(own, verifier.clone()));
        let timeout = config.limits.request_timeout();
        let rates = Arc::new(Rates::new(&config.limits));
        let peers = Peers::new(by_service, timeout);
        let edge = Edge::new(verifier.clone(), Arc::clone(&rates), &peers, &config.limits);
        let gate = Arc::new(Gate::new(Arc::clone(&rates), config.limits.in_flight_max));
        let trusted: Arc<[IpAddr]> = config.trusted_proxies.iter().map(IpAddr::to_canonical).collect();

        let mut router = transcoding::routes(peers, edge)
            .merge(live::routes(bus, verifier, rates, &config.events, stop))
            .merge(documents::pages())
            .merge(documents::health(readiness))
            .merge(documents::well_known(issuer, config.public_url.clone()))
            // The last added is the first passed.
            .layer(CatchPanicLayer::new())
            .layer(from_fn_with_state(gate, limits::pass))
            .layer(from_fn_with_state(trusted, address::find))
            .layer(from_fn(trace::run))
            .layer(from_fn_with_state(config.tls_in_front, security::add));
        if let Some(cors) = security::cors(&config.cors_origins) {
            router = router.layer(cors);
        }
        Ok(router)
    }

    /// Serves the router on a listener until `stop` is cancelled, then ends streams of events, lets other requests end
    /// (at most 15 seconds) and returns.
    ///
    /// # Errors
    /// None so far: a connection that cannot be accepted is logged.
    pub async fn serve(
        router: Router,
        listener: TcpListener,
        config: &Config,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        serve::serve(router, listener, config.limits.connections_max, stop).await
    }
}

fn sessions(config: &Config, issuer: Arc<Issuer>) -> anyhow::Result<Sessions> {
    let accounts = match &config.issuer.accounts {
        Some(file) => accounts::load(file)?,
        None => {
            tracing::warn!("issuer.accounts names no file: nobody can log in");
            Accounts::new(Vec::new())?
        }
    };
    tracing::info!(accounts = accounts.count(), "the built-in issuer is open");
    Ok(Sessions {
        issuer,
        accounts,
        attempts: Attempts::new(
            config.issuer.attempts_per_account,
            config.issuer.attempts_per_address,
        ),
        ttl: config.issuer.session_ttl(),
    })
}
