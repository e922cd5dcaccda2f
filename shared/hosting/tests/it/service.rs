//! A service in little: a deadline that publishes an event, and a reaction that answers it with another.

use hosting::{Host, Parts, Service};
use outbox::{Deadlines, Message, Reaction, Reactions, Received, Store};
use proto::funds::v1::{DrawProposed, DrawVoteRequested};
use rpc::{AppError, CallContext, Kind};
use sea_orm_migration::MigrationTrait;
use tonic::service::Routes;

/// The service.
pub struct Funds;

#[derive(Debug, thiserror::Error)]
#[error("never")]
struct Never;

impl rpc::Refusal for Never {
    fn kind(&self) -> Kind {
        Kind::Bug
    }
    fn reason(&self) -> &'static str {
        "NEVER"
    }
    fn zh(&self) -> String {
        String::new()
    }
}

type Result<T, E = AppError<Never>> = std::result::Result<T, E>;

#[async_trait::async_trait]
impl Service for Funds {
    const NAME: &'static str = "funds";

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        Vec::new()
    }

    async fn assemble(_: &Host, store: Store) -> anyhow::Result<Parts> {
        let (of_deadline, of_reaction) = (store.clone(), store);
        let deadlines = Deadlines::new().on::<Never, _, _>("propose", move |ctx, aggregate| {
            let store = of_deadline.clone();
            async move { publish(&store, &ctx, &DrawProposed::default(), &aggregate, 1).await }
        });
        let reaction = Reaction::new("on_draw_proposed", "funds").on::<DrawProposed, Never, _, _>(
            move |ctx, received| {
                let store = of_reaction.clone();
                async move {
                    let Received { incoming, .. } = received;
                    publish(
                        &store,
                        &ctx,
                        &DrawVoteRequested::default(),
                        &incoming.aggregate,
                        2,
                    )
                    .await
                }
            },
        );
        Ok(Parts {
            routes: Routes::default(),
            reactions: Reactions::new().with(reaction),
            deadlines,
        })
    }
}

async fn publish<E: proto::Event>(
    store: &Store,
    ctx: &CallContext,
    event: &E,
    of: &str,
    version: i64,
) -> Result<()> {
    let mut tx = store.begin_write().await?;
    if !tx.first_time(ctx).await? {
        return Ok(());
    }
    tx.publish(
        ctx,
        [Message::of(event, of, version, &"330783004015".parse().unwrap())],
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Sets the deadline that sets everything going.
pub async fn propose(store: &Store, of: &str) {
    let ctx = CallContext::of_call(testkit::people::administrator(), "funds.ProposeDraw", "key");
    let mut tx = store.begin_write().await.unwrap();
    tx.schedule(&ctx, "propose", of, store.clock().now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}
