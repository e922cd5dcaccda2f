//! The host: migrates, starts and serves services, all of them in one process or one a process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use access::Access;
use access::token::Verifier;
use anyhow::Context;
use calendar::Clock;
use db::Database;
use events::Bus;
use lifecycle::{Readiness, Tasks};
use outbox::{Relay, Store, deadlines, reactions};
use rpc::Peer;
use rpc::server::Guard;
use rules::RuleSet;
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use sealing::Sealer;
use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic_health::ServingStatus;

use crate::{Parts, Service, ServiceConfig, methods};

/// How often dependencies are looked at for readiness.
const PROBE_EVERY: Duration = Duration::from_secs(2);

/// What services are given to live on. Cheap to clone.
#[derive(Clone)]
pub struct Host {
    /// The platform's clock.
    pub clock: Arc<dyn Clock>,
    /// The policies.
    pub access: Access,
    /// Checks tokens.
    pub verifier: Verifier,
    /// NATS.
    pub bus: Bus,
    /// The dated rules of the jurisdiction.
    pub rules: Arc<RuleSet>,
    /// Seals personal data.
    pub sealer: Sealer,
    /// Ways to other services.
    pub peers: Peers,
    /// The tasks of this process.
    pub tasks: Tasks,
    /// Whether this process should be sent work.
    pub readiness: Readiness,
}

/// Ways to other services, by name.
#[derive(Clone, Default)]
pub struct Peers {
    by_name: Arc<Mutex<HashMap<&'static str, Peer>>>,
}

impl Peers {
    /// Says where a service is.
    pub fn set(&self, name: &'static str, peer: Peer) {
        self.by_name
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name, peer);
    }

    /// The way to a service.
    ///
    /// # Errors
    /// Where nobody said where it is: the host starts services in the order in which they need each other.
    pub fn get(&self, name: &str) -> anyhow::Result<Peer> {
        let known = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(name)
            .cloned()
            .with_context(|| format!("no peer `{name}` is configured"))
    }
}

/// A service that runs.
pub struct Hosted {
    /// Its rpcs.
    pub routes: Routes,
    /// What stands in front of them.
    pub guard: Guard,
    /// Its store.
    pub store: Store,
    /// What it is made of besides, for tests that step instead of waiting.
    pub reactions: outbox::Reactions,
    /// Its deadlines.
    pub deadlines: outbox::Deadlines,
}

impl Hosted {
    /// The way to it from within this process.
    pub fn peer(&self) -> Peer {
        rpc::in_process(&self.guard, self.routes.clone())
    }
}

struct Migrator<S>(std::marker::PhantomData<S>);

impl<S: Service> MigratorTrait for Migrator<S> {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        outbox::migrations::all()
            .into_iter()
            .chain(S::migrations())
            .collect()
    }
}

/// Brings a service's database up to date. Safe to run from several processes at once.
///
/// # Errors
/// Where the database does not answer or a migration fails.
pub async fn migrate<S: Service>(config: &ServiceConfig) -> anyhow::Result<()> {
    let database = open::<S>(config).await?;
    db::migrate::<Migrator<S>>(&database, &config.database)
        .await
        .with_context(|| format!("migrating the database of {}", S::NAME))?;
    database.close().await;
    Ok(())
}

async fn open<S: Service>(config: &ServiceConfig) -> anyhow::Result<Database> {
    Database::connect(&config.database)
        .await
        .with_context(|| format!("connecting to the database of {}", S::NAME))
}

impl Host {
    /// Puts a service together without running its loops: for tests that step through time.
    ///
    /// # Errors
    /// Where its database does not answer or it cannot be put together.
    pub async fn assemble<S: Service>(&self, config: &ServiceConfig) -> anyhow::Result<Hosted> {
        let database = open::<S>(config).await?;
        let store = Store::new(S::NAME, database, self.clock.clone());
        let Parts {
            routes,
            reactions,
            deadlines,
        } = S::assemble(self, store.clone()).await?;
        let guard = Guard::new(S::NAME, methods::of(S::NAME), self.verifier.clone());
        Ok(Hosted {
            routes,
            guard,
            store,
            reactions,
            deadlines,
        })
    }

    /// Declares a service's stream: done by `migrate`, and at start where one process runs everything.
    ///
    /// # Errors
    /// Where NATS refuses.
    pub async fn declare_stream<S: Service>(&self) -> anyhow::Result<()> {
        Ok(events::stream::declare(&self.bus, S::NAME).await?)
    }

    /// Puts a service together and starts its loops: relay, reactions, deadlines, readiness.
    ///
    /// # Errors
    /// As `assemble`.
    pub async fn start<S: Service>(&self, config: &ServiceConfig) -> anyhow::Result<Hosted> {
        let hosted = self.assemble::<S>(config).await?;
        let stop = self.tasks.shutdown().token();
        let name = S::NAME;

        let (store, bus, token) = (hosted.store.clone(), self.bus.clone(), stop.clone());
        self.tasks.spawn_restarting(&format!("{name}/relay"), move || {
            let relay = Relay::new(store.clone(), bus.clone());
            let token = token.clone();
            async move {
                relay.run(token).await;
                Ok(())
            }
        });
        for reaction in hosted.reactions.iter() {
            let (store, bus, token) = (hosted.store.clone(), self.bus.clone(), stop.clone());
            let reaction = reaction.clone();
            self.tasks
                .spawn_restarting(&format!("{name}/{}", reaction.name()), move || {
                    let follow =
                        reactions::follow(store.clone(), bus.clone(), reaction.clone(), token.clone());
                    async move {
                        follow.await;
                        Ok(())
                    }
                });
        }
        let (store, parts, token) = (
            hosted.store.clone(),
            (hosted.deadlines.clone(), hosted.reactions.clone()),
            stop.clone(),
        );
        self.tasks
            .spawn_restarting(&format!("{name}/deadlines"), move || {
                let tick = deadlines::tick(store.clone(), parts.0.clone(), parts.1.clone(), token.clone());
                async move {
                    tick.await;
                    Ok(())
                }
            });
        self.watch::<S>(&hosted.store);
        Ok(hosted)
    }

    /// Keeps the readiness conditions of a service true or false as its database and stream answer.
    fn watch<S: Service>(&self, store: &Store) {
        let (store, bus, readiness) = (store.clone(), self.bus.clone(), self.readiness.clone());
        let stop = self.tasks.shutdown().token();
        let (database, stream) = (format!("{}/database", S::NAME), format!("{}/stream", S::NAME));
        self.readiness.set(&database, false);
        self.readiness.set(&stream, false);
        self.tasks
            .spawn_restarting(&format!("{}/readiness", S::NAME), move || {
                let (store, bus, readiness, stop) =
                    (store.clone(), bus.clone(), readiness.clone(), stop.clone());
                let (database, stream) = (database.clone(), stream.clone());
                async move {
                    while !stop.is_cancelled() {
                        readiness.set(&database, store.answers().await);
                        let found = bus
                            .jetstream
                            .get_stream(events::subject::stream_name(S::NAME))
                            .await
                            .is_ok();
                        readiness.set(&stream, found);
                        tokio::select! {
                            () = stop.cancelled() => {}
                            () = tokio::time::sleep(PROBE_EVERY) => {}
                        }
                    }
                    Ok(())
                }
            });
    }

    /// Serves a service on its listener until the process stops, with health: `live` always, `ready` as readiness says.
    pub fn listen(&self, name: &'static str, hosted: &Hosted, listener: TcpListener) {
        let (reporter, health) = tonic_health::server::health_reporter();
        let mut ready = self.readiness.subscribe();
        let follow = reporter.clone();
        let stop = self.tasks.shutdown().token();
        let stopped = stop.clone();
        self.tasks.spawn(&format!("{name}/health"), async move {
            loop {
                let status = if *ready.borrow_and_update() {
                    ServingStatus::Serving
                } else {
                    ServingStatus::NotServing
                };
                follow.set_service_status("ready", status).await;
                tokio::select! {
                    () = stopped.cancelled() => return Ok(()),
                    changed = ready.changed() => if changed.is_err() { return Ok(()) },
                }
            }
        });
        let (guard, routes) = (hosted.guard.clone(), hosted.routes.clone());
        self.tasks.spawn_critical(&format!("{name}/server"), async move {
            Ok(rpc::server::serve(listener, guard, routes, reporter, health, stop.cancelled_owned()).await?)
        });
    }
}
