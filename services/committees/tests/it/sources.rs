//! The services whose events committees follows, as far as it meets them: an outbox and a stream.

use hosting::{Host, Parts, Service};
use outbox::{Deadlines, Message, Reactions, Store};
use rpc::{CallContext, Cause};
use sea_orm_migration::MigrationTrait;
use tonic::service::Routes;

/// Registry's events.
pub struct Registry;
/// Funds' events.
pub struct Funds;

macro_rules! source {
    ($service:ident, $name:literal) => {
        #[async_trait::async_trait]
        impl Service for $service {
            const NAME: &'static str = $name;

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
    };
}
source!(Registry, "registry");
source!(Funds, "funds");

/// Publishes events as that service does.
pub async fn publish(store: &Store, events: impl IntoIterator<Item = Message>) {
    let mut tx = store.begin_write().await.unwrap();
    let cause = Cause::Call { key: None };
    let ctx = CallContext::of_service(store.service(), "test", cause);
    tx.publish(&ctx, events).await.unwrap();
    tx.commit().await.unwrap();
}
