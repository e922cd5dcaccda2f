//! The registry as far as the fund meets its events: an outbox and a stream.

use hosting::{Host, Parts, Service};
use outbox::{Deadlines, Message, Reactions, Store};
use rpc::{CallContext, Cause};
use sea_orm_migration::MigrationTrait;
use tonic::service::Routes;

/// The registry's events.
pub struct Registry;

#[async_trait::async_trait]
impl Service for Registry {
    const NAME: &'static str = "registry";

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        Vec::new()
    }

    async fn assemble(_: &Host, _: Store) -> anyhow::Result<Parts> {
        Ok(Parts {
            routes: Routes::default(),
            reactions: Reactions::new(),
            deadlines: Deadlines::new(),
        })
    }
}

/// Publishes events as that service does.
pub async fn publish(store: &Store, events: impl IntoIterator<Item = Message>) {
    let mut tx = store.begin_write().await.unwrap();
    let cause = Cause::Call { key: None };
    let ctx = CallContext::of_service(store.service(), "test", cause);
    tx.publish(&ctx, events).await.unwrap();
    tx.commit().await.unwrap();
}
