//! The configuration of the whole platform: one file, one loader, every section with its defaults.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use heju_config::Secret;
use hosting::ServiceConfig;
use serde::{Deserialize, Serialize};

/// Which clock the platform lives by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// The machine's.
    #[default]
    System,
    /// One that can be moved forward: for demonstrations and rehearsals only.
    Simulated,
}

/// Configuration of every process of the platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Folder of the embedded default: SQLite files, keys. Not used where everything is configured otherwise.
    pub data: PathBuf,
    /// Division code of the city, which selects the rule set.
    pub jurisdiction: String,
    /// Which clock.
    pub clock: ClockKind,
    /// Seconds between saying that this process leaves and refusing new calls.
    pub shutdown_grace_s: u64,
    /// Seconds that running work has to end.
    pub shutdown_deadline_s: u64,
    /// NATS.
    pub nats: events::Config,
    /// Logs, traces, metrics.
    pub telemetry: telemetry::Config,
    /// Keys for personal data.
    pub sealing: SealingConfig,
    /// Where services that run without the gateway find the keys that sign tokens.
    pub access: AccessConfig,
    /// The registry.
    pub registry: ServiceConfig,
    /// Committees.
    pub committees: ServiceConfig,
    /// Funds.
    pub funds: ServiceConfig,
    /// The gateway.
    pub gateway: gateway::Config,
}

/// Keys for personal data, 64 hexadecimal digits each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SealingConfig {
    /// Id of the key that seals now.
    pub current: String,
    /// Pairs `id:key` of all keys that may still be needed, separated by commas; none: a file in the data folder is
    /// made on first start.
    pub keys: Secret<String>,
    /// Key of the blind index.
    pub index: Secret<String>,
}

/// Where the keys that sign tokens are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccessConfig {
    /// Key set of the built-in issuer, served by the gateway. Not used with an OpenID provider, which is discovered.
    pub jwks_url: String,
}

impl Default for AccessConfig {
    fn default() -> Self {
        AccessConfig {
            jwks_url: "http://127.0.0.1:8080/.well-known/jwks.json".into(),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Config {
            data: PathBuf::from(".heju/data"),
            jurisdiction: "330783".into(),
            clock: ClockKind::default(),
            shutdown_grace_s: 0,
            shutdown_deadline_s: 20,
            nats: events::Config::default(),
            telemetry: telemetry::Config::default(),
            sealing: SealingConfig::default(),
            access: AccessConfig::default(),
            registry: at_port(7001),
            committees: at_port(7002),
            funds: at_port(7003),
            gateway: gateway::Config::default(),
        }
    }
}

fn at_port(port: u16) -> ServiceConfig {
    let mut config = ServiceConfig::default();
    config.listen.address.set_port(port);
    config.peer.address = format!("127.0.0.1:{port}");
    config
}

impl Config {
    /// Loads the configuration: defaults, then `file`, then the environment (`HEJU__FUNDS__DATABASE__URL`).
    ///
    /// # Errors
    /// One sentence that names the key and what to do.
    pub fn load(file: Option<&std::path::Path>) -> Result<Self> {
        let mut config: Config = heju_config::load(file, "HEJU")?;
        for (name, service) in [
            ("registry", &mut config.registry),
            ("committees", &mut config.committees),
            ("funds", &mut config.funds),
        ] {
            if service.database.url.is_empty() {
                service.database.url =
                    format!("sqlite://{}", config.data.join(format!("{name}.db")).display());
            }
        }
        if config.gateway.issuer.signing_key.is_none() {
            config.gateway.issuer.signing_key = Some(config.data.join("signing-key.pem"));
        }
        config.gateway.validate()?;
        config.telemetry.validate()?;
        Ok(config)
    }

    /// Makes the data folder where something embedded will live in it.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn prepare_data(&self) -> Result<()> {
        std::fs::create_dir_all(&self.data).with_context(|| {
            format!(
                "The data folder {} cannot be made: choose another with HEJU__DATA.",
                self.data.display()
            )
        })
    }

    /// Where a service finds another, by name.
    pub fn service(&self, name: &str) -> Result<&ServiceConfig> {
        Ok(match name {
            "registry" => &self.registry,
            "committees" => &self.committees,
            "funds" => &self.funds,
            other => bail!("There is no service `{other}`: registry, committees or funds."),
        })
    }
}
