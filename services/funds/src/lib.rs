#![doc = include_str!("../README.md")]

pub mod api;
pub mod app;
pub mod domain;
pub mod error;
pub mod store;

use hosting::{Host, Parts};
use outbox::Deadlines;
use sea_orm_migration::MigrationTrait;

use crate::api::{grpc, reactions};
use crate::app::App;
use crate::store::{Store, migrations};

/// The service, as its host runs it.
pub struct Funds;

#[async_trait::async_trait]
impl hosting::Service for Funds {
    const NAME: &'static str = "funds";

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        migrations::all()
    }

    async fn assemble(host: &Host, store: outbox::Store) -> anyhow::Result<Parts> {
        let app = App::new(
            Store::new(store),
            host.clock.clone(),
            host.access.clone(),
            host.rules.clone(),
        );
        Ok(Parts {
            routes: grpc::routes(app.clone()),
            reactions: reactions::all(&app),
            // Nothing here happens by itself at a time: the clocks of a draw are those of its ballot.
            deadlines: Deadlines::new(),
        })
    }
}
