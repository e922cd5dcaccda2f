//! The world of one test: its own databases, its own NATS, a clock that stands still until it is moved.

use std::sync::Arc;
use std::time::Duration;

use access::token::{Issuer, Verifier, VerifierSettings};
use access::{Access, Principal};
use anyhow::Result;
use calendar::SimulatedClock;
use chrono::{DateTime, Utc};
use hosting::{Host, Hosted, Peers, Service, ServiceConfig};
use lifecycle::{Readiness, Shutdown, Tasks};
use outbox::{Relay, deadlines, reactions};
use rules::RuleSet;
use sealing::{Keys, Sealer};

use crate::backend::Backend;
use crate::nats::TestNats;
use crate::postgres;

/// When a world begins, unless a test says otherwise: a Monday morning.
pub const BEGINNING: &str = "2026-03-02T01:00:00Z";
/// Rounds of events and deadlines after which a world that never comes to rest is a bug.
const ROUNDS_MAX: usize = 64;

/// A service hosted in a world, stepped by hand.
pub type Hosting = Hosted;

/// Connections of a service to its database, unless a measurement says otherwise.
const CONNECTIONS_MAX: u32 = 8;

/// The world of one test.
pub struct World {
    /// What services live on.
    pub host: Host,
    /// The clock, to move it.
    pub clock: SimulatedClock,
    /// Signs tokens that the services accept.
    pub issuer: Issuer,
    /// Its NATS.
    pub nats: TestNats,
    backend: Backend,
    folder: tempfile::TempDir,
    server: Option<Arc<postgres::Server>>,
    databases: Vec<String>,
    connections_max: u32,
    hosted: Vec<Hosted>,
}

impl World {
    /// An empty world on `backend`.
    pub async fn new(backend: Backend) -> Self {
        Self::try_new(backend).await.expect("the test's world is set up")
    }

    async fn try_new(backend: Backend) -> Result<Self> {
        let beginning: DateTime<Utc> = BEGINNING.parse()?;
        let clock = SimulatedClock::frozen_at(beginning);
        let issuer = Issuer::generate();
        let verifier = Verifier::from_jwks(VerifierSettings::for_issuer(issuer.name()), &issuer.jwks())?;
        let nats = TestNats::start().await?;
        let server = match backend {
            Backend::Sqlite => None,
            Backend::Postgres => Some(postgres::server().await?),
        };
        let host = Host {
            clock: Arc::new(clock.clone()),
            access: Access::embedded(),
            verifier,
            bus: nats.bus().await?,
            rules: Arc::new(RuleSet::embedded("330783")?),
            sealer: sealer(),
            peers: Peers::default(),
            tasks: Tasks::new(&Shutdown::manual()),
            readiness: Readiness::new([]),
        };
        let folder = tempfile::Builder::new().prefix("heju-test-").tempdir()?;
        Ok(World {
            host,
            clock,
            issuer,
            nats,
            backend,
            folder,
            server,
            databases: Vec::new(),
            connections_max: CONNECTIONS_MAX,
            hosted: Vec::new(),
        })
    }

    /// The same world, whose services will keep at most so many connections to their databases.
    #[must_use]
    pub fn with_connections(mut self, connections_max: u32) -> Self {
        self.connections_max = connections_max;
        self
    }

    /// A configuration with a database of its own, not migrated yet.
    pub async fn service_config(&mut self) -> ServiceConfig {
        let url = match &self.server {
            None => format!(
                "sqlite://{}/{}.db",
                self.folder.path().display(),
                uuid::Uuid::now_v7().simple()
            ),
            Some(server) => postgres::create_database(server)
                .await
                .expect("a database is created"),
        };
        self.databases.push(url.clone());
        let database = db::Config {
            url,
            connections_max: self.connections_max,
            ..db::Config::default()
        };
        ServiceConfig {
            database,
            ..ServiceConfig::default()
        }
    }

    /// Hosts a service: migrated, put together, reachable as a peer; its events and deadlines move with `pump`.
    pub async fn add<S: Service>(&mut self) -> &Hosted {
        let config = self.service_config().await;
        hosting::host::migrate::<S>(&config)
            .await
            .expect("the service migrates");
        self.host
            .declare_stream::<S>()
            .await
            .expect("the stream is declared");
        let hosted = self
            .host
            .assemble::<S>(&config)
            .await
            .expect("the service is put together");
        self.host.peers.set(S::NAME, hosted.peer());
        self.hosted.push(hosted);
        self.hosted.last().expect("it was just added")
    }

    /// The hosted service of that name.
    pub fn hosted(&self, name: &str) -> &Hosted {
        self.hosted
            .iter()
            .find(|hosted| hosted.store.service() == name)
            .expect("the service was added")
    }

    /// A token that the services accept as `principal`'s.
    pub fn token(&self, principal: &Principal) -> String {
        self.issuer
            .issue(principal, Utc::now(), Duration::from_secs(3600))
    }

    /// A request as `principal` makes it, with an idempotency key of its own.
    pub fn request<T>(&self, principal: &Principal, message: T) -> tonic::Request<T> {
        self.request_with_key(principal, &uuid::Uuid::now_v7().to_string(), message)
    }

    /// A request as `principal` makes it, with this idempotency key.
    pub fn request_with_key<T>(&self, principal: &Principal, key: &str, message: T) -> tonic::Request<T> {
        let mut request = tonic::Request::new(message);
        let bearer = format!("Bearer {}", self.token(principal));
        request
            .metadata_mut()
            .insert("authorization", bearer.parse().expect("a token is ASCII"));
        request
            .metadata_mut()
            .insert("idempotency-key", key.parse().expect("a key is ASCII"));
        request
    }

    /// Moves everything that can move: due deadlines, outboxes, reactions, until all is at rest.
    pub async fn pump(&self) {
        for _ in 0..ROUNDS_MAX {
            let mut moved = 0;
            for hosted in &self.hosted {
                moved += deadlines::round(&hosted.store, &hosted.deadlines)
                    .await
                    .expect("deadlines are looked at");
                let relay = Relay::new(hosted.store.clone(), self.host.bus.clone());
                moved += relay.drain_once().await.expect("events are published");
                relay.release().await;
            }
            for hosted in &self.hosted {
                for reaction in hosted.reactions.iter() {
                    let known = self
                        .hosted
                        .iter()
                        .any(|other| other.store.service() == reaction.source());
                    if known {
                        moved += reactions::drain(&hosted.store, &self.host.bus, reaction)
                            .await
                            .expect("events are handled");
                    }
                }
            }
            if moved == 0 {
                return;
            }
        }
        panic!("the world did not come to rest within {ROUNDS_MAX} rounds");
    }

    /// Moves the clock to `instant`, then everything that became due.
    pub async fn advance_to(&self, instant: DateTime<Utc>) {
        self.clock
            .advance_to(instant)
            .expect("the clock only goes forward");
        self.pump().await;
    }

    /// Panics where a service has a dead letter: nothing was given up that a test did not announce.
    pub async fn assert_no_dead_letters(&self) {
        for hosted in &self.hosted {
            let letters = hosted
                .store
                .dead_letters(10)
                .await
                .expect("dead letters are listed");
            assert!(
                letters.is_empty(),
                "{} has dead letters: {letters:#?}",
                hosted.store.service()
            );
        }
    }

    /// Which database it runs on.
    pub fn backend(&self) -> Backend {
        self.backend
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let Some(server) = self.server.take() else { return };
        let databases = std::mem::take(&mut self.databases);
        // Dropping needs a runtime, and a test's own may be ending: a thread with a small one does it.
        let done = std::thread::spawn(move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                runtime.block_on(async {
                    for url in &databases {
                        postgres::drop_database(&server, url).await;
                    }
                });
            }
        });
        let _ = done.join(); // a database that stays behind ends with its server
    }
}

/// A sealer with fixed keys, for tests only.
pub fn sealer() -> Sealer {
    let keys =
        Keys::from_hex([("test", "11".repeat(32).as_str())], "test", &"22".repeat(32)).expect("fixed keys");
    Sealer::new(keys)
}
