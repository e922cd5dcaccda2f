//! The world of one test: a database, a NATS where it is asked for, and a clock that stands still.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use calendar::SimulatedClock;
use db::Database;
use events::{Bus, Envelope};
use futures::StreamExt;
use outbox::Store;
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use testkit::{Backend, TestNats, postgres, wait_for};
use tokio_util::sync::CancellationToken;

use crate::counters;

/// Longest that anything here may take.
pub const LIMIT: Duration = Duration::from_secs(30);

/// One service's database.
pub struct Setting {
    pub store: Store,
    pub database: Database,
    pub clock: SimulatedClock,
    service: &'static str,
    config: db::Config,
    _folder: tempfile::TempDir,
    server: Option<Arc<postgres::Server>>,
}

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        outbox::migrations::all()
            .into_iter()
            .chain(counters::migrations())
            .collect()
    }
}

impl Setting {
    /// An empty database of `service`.
    pub async fn new(backend: Backend, service: &'static str) -> Self {
        record_traces();
        let folder = tempfile::tempdir().unwrap();
        let (url, server) = match backend {
            Backend::Sqlite => (format!("sqlite://{}/test.db", folder.path().display()), None),
            Backend::Postgres => {
                let server = postgres::server().await.unwrap();
                (postgres::create_database(&server).await.unwrap(), Some(server))
            }
        };
        let config = db::Config {
            url,
            connections_max: 8,
            ..db::Config::default()
        };
        let database = Database::connect(&config).await.unwrap();
        db::migrate::<Migrator>(&database, &config).await.unwrap();
        let clock = SimulatedClock::frozen_at(testkit::world::BEGINNING.parse().unwrap());
        let store = Store::new(service, database.clone(), Arc::new(clock.clone()));
        Setting {
            store,
            database,
            clock,
            service,
            config,
            _folder: folder,
            server,
        }
    }

    /// The same service in another process: connections and wake-ups of its own.
    pub async fn replica(&self) -> Store {
        let database = Database::connect(&self.config).await.unwrap();
        Store::new(self.service, database, Arc::new(self.clock.clone()))
    }

    /// Closes the connections, so that the database can be dropped.
    pub async fn end(self) {
        self.database.close().await;
        if let Some(server) = &self.server {
            postgres::drop_database(server, &self.config.url).await;
        }
    }
}

/// Spans get trace ids only where a subscriber records them.
fn record_traces() {
    static GUARD: OnceLock<telemetry::Guard> = OnceLock::new();
    GUARD.get_or_init(|| {
        let log_filter = std::env::var("RUST_LOG").unwrap_or_else(|_| "off".into());
        telemetry::init(&telemetry::Config {
            log_filter,
            ..telemetry::Config::default()
        })
        .unwrap()
    });
}

/// A NATS with the stream of `service`.
pub async fn nats(service: &str) -> (TestNats, Bus) {
    let nats = TestNats::start().await.unwrap();
    let bus = nats.bus().await.unwrap();
    events::stream::declare(&bus, service).await.unwrap();
    (nats, bus)
}

/// Everything in the stream of `service`, in its order.
pub async fn stream(bus: &Bus, service: &str) -> Vec<Envelope> {
    let stream = bus
        .jetstream
        .get_stream(events::subject::stream_name(service))
        .await
        .unwrap();
    let last = stream.get_info().await.unwrap().state.last_sequence;
    futures::stream::iter(1..=last)
        .map(|sequence| {
            let stream = &stream;
            async move {
                let message = stream.get_raw_message(sequence).await.unwrap();
                Envelope::read(Some(&message.headers), message.payload).unwrap()
            }
        })
        .buffered(64)
        .collect()
        .await
}

/// Waits until the stream of `service` holds `count` events.
pub async fn stream_holds(bus: &Bus, service: &str, count: u64) {
    let look = || async {
        let stream = bus
            .jetstream
            .get_stream(events::subject::stream_name(service))
            .await
            .ok()?;
        Some(stream.get_info().await.ok()?.state.last_sequence)
    };
    wait_for("events in the stream", LIMIT, look, |seen| {
        seen.is_some_and(|seen| seen >= count)
    })
    .await;
}

/// A task that ends with the test.
pub struct Running {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    /// Runs what `make` makes of a token.
    pub fn start<F: Future<Output = ()> + Send + 'static>(make: impl FnOnce(CancellationToken) -> F) -> Self {
        let stop = CancellationToken::new();
        Running {
            task: tokio::spawn(make(stop.clone())),
            stop,
        }
    }

    /// Ends it at once, wherever it is, as a crash would.
    pub async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }

    /// Ends it in an orderly way.
    pub async fn end(self) {
        self.stop.cancel();
        tokio::time::timeout(LIMIT, self.task)
            .await
            .expect("it ends when told to")
            .unwrap();
    }
}
