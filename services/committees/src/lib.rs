#![doc = include_str!("../README.md")]

pub mod api;
pub mod app;
pub mod domain;
pub mod error;
pub mod peers;
pub mod store;

use hosting::{Host, Parts};
use outbox::Store;
use sea_orm_migration::MigrationTrait;

use crate::app::App;

/// The service, for its host.
pub struct Committees;

#[async_trait::async_trait]
impl hosting::Service for Committees {
    const NAME: &'static str = "committees";

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        store::migrations::all()
    }

    async fn assemble(host: &Host, store: Store) -> anyhow::Result<Parts> {
        let app = App::new(
            store::Store::new(store),
            host.clock.clone(),
            host.access.clone(),
            host.rules.clone(),
            peers::Registry::new(host.peers.get("registry")?),
        );
        Ok(Parts {
            routes: api::routes(app.clone()),
            reactions: api::reactions(app.clone()),
            deadlines: api::deadlines(app),
        })
    }
}
