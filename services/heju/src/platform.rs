//! A process of the platform: what services live on, started in order and ended in order.

use std::sync::Arc;
use std::time::Duration;

use access::Access;
use access::token::{Verifier, VerifierSettings};
use anyhow::{Context, Result, bail};
use calendar::{Clock, SimulatedClock, SystemClock};
use events::Bus;
use gateway::config::IssuerKind;
use hosting::{Host, Peers, shared_clock};
use lifecycle::{Drain, Readiness, Shutdown, Tasks};
use rules::RuleSet;

use crate::config::{ClockKind, Config};
use crate::keys;

/// Longest wait for NATS at start.
const NATS_WITHIN: Duration = Duration::from_secs(30);
/// Time to flush telemetry at the end.
const FLUSH_WITHIN: Duration = Duration::from_secs(5);

/// A process with its telemetry, bus, clock and host.
pub struct Platform {
    /// The configuration.
    pub config: Config,
    /// What services live on.
    pub host: Host,
    /// The clock, where it can be moved.
    pub simulated: Option<SimulatedClock>,
    shutdown: Shutdown,
    telemetry: telemetry::Guard,
}

impl Platform {
    /// Connects and prepares everything that services live on. `verifier` checks tokens; without one the keys are
    /// fetched from the gateway or the OpenID provider.
    ///
    /// # Errors
    /// One sentence that says what to do.
    pub async fn start(config: Config, name: &str, verifier: Option<Verifier>) -> Result<Self> {
        let mut telemetry_config = config.telemetry.clone();
        if telemetry_config.service_name == "heju" {
            telemetry_config.service_name = format!("heju-{name}");
        }
        let telemetry = telemetry::init(&telemetry_config)?;
        let shutdown = Shutdown::on_signals().context("listening for signals")?;
        let tasks = Tasks::new(&shutdown);
        let bus = Bus::connect(&config.nats, &format!("heju-{name}")).await?;
        bus.wait_until_up(NATS_WITHIN).await?;
        let (clock, simulated) = clock(&config, &bus, &tasks).await?;
        let verifier = match verifier {
            Some(verifier) => verifier,
            None => remote_verifier(&config)?,
        };
        let rules = RuleSet::embedded(&config.jurisdiction)
            .with_context(|| format!("There is no rule set for jurisdiction {}.", config.jurisdiction))?;
        let host = Host {
            clock,
            access: Access::embedded(),
            verifier,
            bus,
            rules: Arc::new(rules),
            sealer: keys::sealer(&config)?,
            peers: Peers::default(),
            tasks,
            readiness: Readiness::new([]),
        };
        Ok(Platform {
            config,
            host,
            simulated,
            shutdown,
            telemetry,
        })
    }

    /// Runs until a signal or a critical task ends it, then ends everything in order.
    ///
    /// # Errors
    /// Where a task brought the process down or did not end in time.
    pub async fn run_until_stopped(self) -> Result<()> {
        self.shutdown.requested().await;
        tracing::info!("stopping");
        let drain = Drain {
            grace: Duration::from_secs(self.config.shutdown_grace_s),
            deadline: Duration::from_secs(self.config.shutdown_deadline_s),
        };
        let report = lifecycle::drain(&self.shutdown, &self.host.readiness, &self.host.tasks, drain).await;
        self.host.bus.drain().await;
        if let Err(error) = self.telemetry.shutdown(FLUSH_WITHIN).await {
            eprintln!("the last traces and logs could not be sent: {error}");
        }
        if let Some(failure) = report.failures.first() {
            bail!("{} failed: {}", failure.task, failure.reason);
        }
        if !report.unfinished.is_empty() {
            bail!("did not end in time: {}", report.unfinished.join(", "));
        }
        Ok(())
    }
}

async fn clock(
    config: &Config,
    bus: &Bus,
    tasks: &Tasks,
) -> Result<(Arc<dyn Clock>, Option<SimulatedClock>)> {
    if config.clock == ClockKind::System {
        return Ok((Arc::new(SystemClock), None));
    }
    let clock = SimulatedClock::new();
    shared_clock::restore(bus, &clock).await?;
    let (bus, follower, stop) = (bus.clone(), clock.clone(), tasks.shutdown().token());
    tasks.spawn_restarting("clock", move || {
        let follow = shared_clock::follow(bus.clone(), follower.clone(), stop.clone());
        async move {
            follow.await;
            Ok(())
        }
    });
    Ok((Arc::new(clock.clone()), Some(clock)))
}

/// For a process without the gateway: keys come from the gateway's address or from the OpenID provider.
fn remote_verifier(config: &Config) -> Result<Verifier> {
    let issuer = &config.gateway.issuer;
    let mut settings = VerifierSettings::for_issuer(&issuer.name);
    Ok(match issuer.kind {
        IssuerKind::Builtin => {
            let url = config
                .access
                .jwks_url
                .parse()
                .context("access.jwks_url must be an address")?;
            Verifier::from_jwks_url(settings, url)?
        }
        IssuerKind::Oidc => {
            settings.audience.clone_from(&issuer.audience);
            settings.claim_names = issuer.claims.clone();
            Verifier::from_discovery(settings)?
        }
    })
}
