//! What the gateway is configured with; every default is here.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use access::ClaimNames;
use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};
use url::Url;

/// Configuration of the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address the world knows, `https://heju.example`; named in the discovery document. Empty: the `Host` of the request.
    pub public_url: String,
    /// Whether TLS ends in front of the gateway: then browsers are told to come back by TLS only (HSTS).
    pub tls_in_front: bool,
    /// Proxies whose `x-forwarded-for` is believed; nobody else's is.
    pub trusted_proxies: Vec<IpAddr>,
    /// Web origins whose scripts may call the API, `https://console.example`; empty: none but the gateway's own.
    pub cors_origins: Vec<String>,
    /// Who issues tokens.
    pub issuer: IssuerConfig,
    /// Limits on what clients may ask for.
    pub limits: LimitsConfig,
    /// Live events.
    pub events: EventsConfig,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: String::new(),
            tls_in_front: false,
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            issuer: IssuerConfig::default(),
            limits: LimitsConfig::default(),
            events: EventsConfig::default(),
        }
    }
}

/// Which issuer's tokens are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuerKind {
    /// The small one in the gateway, with accounts from a file.
    Builtin,
    /// An OpenID provider, found by its discovery document.
    Oidc,
}

/// Who issues tokens, and how they are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IssuerConfig {
    /// `builtin` or `oidc`.
    pub kind: IssuerKind,
    /// Name of the issuer (`iss`); the provider's address for `oidc`.
    pub name: String,
    /// Audience (`aud`) that a token of an OpenID provider must name; the built-in issuer always writes `heju`.
    pub audience: String,
    /// What an OpenID provider calls the claims; the built-in issuer uses the defaults.
    pub claims: ClaimNames,
    /// Accounts of the built-in issuer, a JSON file (see [`crate::accounts`]); none: nobody can log in.
    pub accounts: Option<PathBuf>,
    /// Signing key of the built-in issuer, PKCS#8 PEM, made on first start; none: a new key at every start.
    pub signing_key: Option<PathBuf>,
    /// How long a session lasts, in seconds of real time.
    pub session_ttl_s: u64,
    /// Wrong passwords in a quarter of an hour after which an account waits.
    pub attempts_per_account: u32,
    /// Wrong passwords in a quarter of an hour after which an address waits.
    pub attempts_per_address: u32,
}

impl Default for IssuerConfig {
    fn default() -> Self {
        IssuerConfig {
            kind: IssuerKind::Builtin,
            name: access::token::HEJU.to_owned(),
            audience: access::token::HEJU.to_owned(),
            claims: ClaimNames::default(),
            accounts: None,
            signing_key: None,
            session_ttl_s: 8 * 60 * 60,
            attempts_per_account: 10,
            attempts_per_address: 100,
        }
    }
}

/// Limits on what clients may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Largest body of a request, in bytes.
    pub body_bytes_max: usize,
    /// Longest a request may take, its body included, in seconds.
    pub request_timeout_s: u64,
    /// Longest wait for the first piece of a file, and for each that follows, in seconds: a whole city is written first.
    pub file_timeout_s: u64,
    /// Requests worked on at one time; more are told to come back (503).
    pub in_flight_max: usize,
    /// Open connections; more wait to be accepted.
    pub connections_max: usize,
    /// Requests a second from one address, lasting; 0: no limit.
    pub per_address_per_s: u64,
    /// Requests a second of one account, lasting; 0: no limit.
    pub per_account_per_s: u64,
    /// How many seconds' worth of requests may come at once.
    pub burst_s: u64,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        LimitsConfig {
            body_bytes_max: 8 * 1024 * 1024,
            request_timeout_s: 30,
            file_timeout_s: 300,
            in_flight_max: 1_024,
            connections_max: 10_000,
            per_address_per_s: 5_000,
            per_account_per_s: 1_000,
            burst_s: 2,
        }
    }
}

/// Live events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventsConfig {
    /// Streams open at one time for one account.
    pub streams_per_account: usize,
    /// Streams open at one time for all.
    pub streams_max: usize,
    /// Seconds between comments that keep an idle connection open.
    pub heartbeat_s: u64,
}

impl Default for EventsConfig {
    fn default() -> Self {
        EventsConfig {
            streams_per_account: 8,
            streams_max: 1_000,
            heartbeat_s: 15,
        }
    }
}

impl LimitsConfig {
    /// Longest a request may take.
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_s)
    }

    /// Longest wait for a piece of a file.
    pub fn file_patience(&self) -> Duration {
        Duration::from_secs(self.file_timeout_s)
    }
}

impl IssuerConfig {
    /// How long a session lasts.
    pub fn session_ttl(&self) -> Duration {
        Duration::from_secs(self.session_ttl_s)
    }
}

impl Config {
    /// Checks what serde cannot; the message names the setting and what it may be.
    ///
    /// # Errors
    /// One sentence with the path of the first setting that cannot work.
    pub fn validate(&self) -> anyhow::Result<()> {
        ensure!(
            self.limits.body_bytes_max > 0,
            "limits.body_bytes_max must be at least 1"
        );
        ensure!(
            self.limits.body_bytes_max <= rpc::client::MESSAGE_BYTES_MAX,
            "limits.body_bytes_max must be at most {}, the largest message between services",
            rpc::client::MESSAGE_BYTES_MAX
        );
        ensure!(
            self.limits.request_timeout_s > 0,
            "limits.request_timeout_s must be at least 1"
        );
        ensure!(
            self.limits.file_timeout_s > 0,
            "limits.file_timeout_s must be at least 1"
        );
        ensure!(
            self.limits.in_flight_max > 0,
            "limits.in_flight_max must be at least 1"
        );
        ensure!(
            self.limits.connections_max > 0,
            "limits.connections_max must be at least 1"
        );
        ensure!(self.limits.burst_s > 0, "limits.burst_s must be at least 1");
        ensure!(
            self.events.heartbeat_s > 0,
            "events.heartbeat_s must be at least 1"
        );
        ensure!(
            self.issuer.session_ttl_s > 0,
            "issuer.session_ttl_s must be at least 1"
        );
        if !self.public_url.is_empty() {
            Url::parse(&self.public_url)
                .context("public_url must be an address such as https://heju.example")?;
        }
        for origin in &self.cors_origins {
            let url =
                Url::parse(origin).with_context(|| format!("cors_origins: {origin} is not an origin"))?;
            ensure!(
                url.origin().ascii_serialization() == *origin,
                "cors_origins: {origin} must be an origin such as https://console.example, without a path"
            );
        }
        if self.issuer.kind == IssuerKind::Oidc {
            Url::parse(&self.issuer.name)
                .context("issuer.name must be the provider's address for issuer.kind = oidc")?;
        }
        Ok(())
    }
}
