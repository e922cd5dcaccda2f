#![doc = include_str!("../README.md")]

pub mod api;
pub mod app;
pub mod domain;
pub mod error;
pub mod store;

use sea_orm_migration::MigrationTrait;

/// The registry, as a host runs it.
#[derive(Debug)]
pub struct Registry;

#[async_trait::async_trait]
impl hosting::Service for Registry {
    const NAME: &'static str = "registry";

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        store::migrations::all()
    }

    async fn assemble(host: &hosting::Host, store: outbox::Store) -> anyhow::Result<hosting::Parts> {
        let app = app::App::new(
            store,
            host.clock.clone(),
            host.access.clone(),
            host.sealer.clone(),
            host.rules.clone(),
        );
        Ok(hosting::Parts {
            routes: api::grpc::routes(app.clone()),
            reactions: api::reactions::all(&app),
            deadlines: api::deadlines::all(app),
        })
    }
}
