//! Running services: all in one process, or one a process.

use std::sync::Arc;

use access::token::Issuer;
use anyhow::{Context, Result};
use calendar::SimulatedClock;
use chrono::{DateTime, Utc};
use committees::Committees;
use events::Bus;
use funds::Funds;
use gateway::{ClockControl, Gateway};
use hosting::{Host, Service, ServiceConfig, shared_clock};
use registry::Registry;
use rpc::Peer;
use tokio::net::TcpListener;

use crate::config::Config;
use crate::platform::Platform;

/// Every service and the gateway in one process; databases and streams are brought up to date first.
pub async fn all(config: Config) -> Result<()> {
    config.prepare_data()?;
    let issuer = gateway::issuer::open(&config.gateway.issuer)?;
    let verifier = gateway::issuer::verifier(&config.gateway.issuer, issuer.as_ref())?;
    let platform = Platform::start(config, "all", Some(verifier)).await?;
    let (host, config) = (&platform.host, &platform.config);
    // In the order in which they need each other.
    let peers = vec![
        (
            Registry::NAME,
            embedded::<Registry>(host, &config.registry).await?,
        ),
        (
            Committees::NAME,
            embedded::<Committees>(host, &config.committees).await?,
        ),
        (Funds::NAME, embedded::<Funds>(host, &config.funds).await?),
    ];
    open_gateway(&platform, issuer, peers).await?;
    platform.run_until_stopped().await
}

/// Migrates and starts a service inside this process; returns the way to it.
async fn embedded<S: Service>(host: &Host, config: &ServiceConfig) -> Result<Peer> {
    hosting::host::migrate::<S>(config).await?;
    host.declare_stream::<S>().await?;
    let hosted = host.start::<S>(config).await?;
    let peer = hosted.peer();
    host.peers.set(S::NAME, peer.clone());
    Ok(peer)
}

/// One service in this process; its database and stream were brought up to date by `heju migrate`.
pub async fn one<S: Service>(config: Config) -> Result<()> {
    config.prepare_data()?;
    let platform = Platform::start(config, S::NAME, None).await?;
    let (host, config) = (&platform.host, &platform.config);
    know_each_other(host, config);
    let service = config.service(S::NAME)?;
    let listener = TcpListener::bind(service.listen.address).await.with_context(|| {
        format!(
            "{} cannot listen on {}: is the port taken?",
            S::NAME,
            service.listen.address
        )
    })?;
    let hosted = host.start::<S>(service).await?;
    host.listen(S::NAME, &hosted, listener);
    tracing::info!(service = S::NAME, address = %service.listen.address, "serving");
    platform.run_until_stopped().await
}

/// The gateway in this process.
pub async fn gateway(config: Config) -> Result<()> {
    config.prepare_data()?;
    let issuer = gateway::issuer::open(&config.gateway.issuer)?;
    let verifier = gateway::issuer::verifier(&config.gateway.issuer, issuer.as_ref())?;
    let platform = Platform::start(config, "gateway", Some(verifier)).await?;
    let peers = know_each_other(&platform.host, &platform.config);
    open_gateway(&platform, issuer, peers).await?;
    platform.run_until_stopped().await
}

/// The ways to all services across the network.
fn know_each_other(host: &Host, config: &Config) -> Vec<(&'static str, Peer)> {
    [
        (Registry::NAME, &config.registry),
        (Committees::NAME, &config.committees),
        (Funds::NAME, &config.funds),
    ]
    .into_iter()
    .map(|(name, service)| {
        let peer = rpc::remote(&service.peer);
        host.peers.set(name, peer.clone());
        (name, peer)
    })
    .collect()
}

async fn open_gateway(
    platform: &Platform,
    issuer: Option<Issuer>,
    peers: Vec<(&'static str, Peer)>,
) -> Result<()> {
    let (host, config) = (&platform.host, &platform.config);
    let stop = host.tasks.shutdown().token();
    let address = config.gateway.listen;
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("The gateway cannot listen on {address}: stop what listens there, or choose another port.")
    })?;
    let clock_control = platform.simulated.clone().map(|clock| {
        Arc::new(SharedClock {
            bus: host.bus.clone(),
            clock,
        }) as Arc<dyn ClockControl>
    });
    let router = Gateway::build(
        &config.gateway,
        gateway::Parts {
            bus: host.bus.clone(),
            verifier: host.verifier.clone(),
            issuer,
            access: host.access.clone(),
            clock: host.clock.clone(),
            clock_control,
            peers,
            readiness: host.readiness.clone(),
            stop: stop.clone(),
        },
    )?;
    let gateway_config = config.gateway.clone();
    host.tasks.spawn_critical("gateway/server", async move {
        Gateway::serve(router, listener, &gateway_config, stop).await
    });
    tracing::info!(%address, "the gateway is open");
    Ok(())
}

/// The clock that every process of the platform shares.
struct SharedClock {
    bus: Bus,
    clock: SimulatedClock,
}

#[async_trait::async_trait]
impl ClockControl for SharedClock {
    async fn advance(&self, to: DateTime<Utc>) -> Result<()> {
        shared_clock::advance(&self.bus, &self.clock, to).await
    }
}
