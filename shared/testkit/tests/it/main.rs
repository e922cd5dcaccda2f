//! The world of a test does what tests rely on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use calendar::Clock;
use chrono::{TimeDelta, Utc};
use hosting::{Host, Parts, Service};
use outbox::{Deadlines, Message, Reaction, Reactions, Received, Store};
use proto::funds::v1::{DrawProposed, DrawVoteRequested};
use rpc::{AppError, CallContext, Kind};
use sea_orm::ConnectionTrait;
use sea_orm_migration::MigrationTrait;
use testkit::{Backend, TestNats, World, people, postgres, wait_for};
use tonic::service::Routes;

/// A deadline publishes an event, a reaction refuses it or answers it with another.
struct Funds;

#[derive(Debug, thiserror::Error)]
#[error("It is refused.")]
struct Refused;

impl rpc::Refusal for Refused {
    fn kind(&self) -> Kind {
        Kind::WrongState
    }
    fn reason(&self) -> &'static str {
        "REFUSED"
    }
    fn zh(&self) -> String {
        "已拒绝".into()
    }
}

type Result<T, E = AppError<Refused>> = std::result::Result<T, E>;

#[async_trait::async_trait]
impl Service for Funds {
    const NAME: &'static str = "funds";

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        Vec::new()
    }

    async fn assemble(_: &Host, store: Store) -> anyhow::Result<Parts> {
        let (of_deadline, of_reaction) = (store.clone(), store);
        let deadlines = Deadlines::new().on::<Refused, _, _>("propose", move |ctx, aggregate| {
            let store = of_deadline.clone();
            async move { publish(&store, &ctx, &DrawProposed::default(), &aggregate, 1).await }
        });
        let reaction = Reaction::new("on_draw_proposed", "funds").on::<DrawProposed, Refused, _, _>(
            move |ctx, received| {
                let store = of_reaction.clone();
                async move {
                    let Received { incoming, .. } = received;
                    if incoming.aggregate == "refused" {
                        return Err(AppError::Refused(Refused));
                    }
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

async fn propose(world: &World, of: &str, due_in: TimeDelta) {
    let store = &world.hosted("funds").store;
    let ctx = CallContext::of_call(people::administrator(), "funds.ProposeDraw", "key");
    let mut tx = store.begin_write().await.unwrap();
    tx.schedule(&ctx, "propose", of, world.clock.now() + due_in)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn events(world: &World) -> u64 {
    let stream = world.host.bus.jetstream.get_stream("HEJU_FUNDS").await.unwrap();
    stream.get_info().await.unwrap().state.messages
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pump_moves_everything_and_time_moves_only_by_hand() {
    for backend in testkit::backends().await {
        let mut world = World::new(backend).await;
        world.add::<Funds>().await;
        assert_eq!(world.backend(), backend);
        assert_eq!(world.clock.now().to_rfc3339(), "2026-03-02T01:00:00+00:00");
        propose(&world, "draw_1", TimeDelta::days(7)).await;
        world.pump().await;
        assert_eq!(events(&world).await, 0);
        world.advance_to(world.clock.now() + TimeDelta::days(7)).await;
        assert_eq!(events(&world).await, 2, "deadline, event, reaction, event");
        world.pump().await;
        assert_eq!(events(&world).await, 2, "and then all is at rest");
        world.assert_no_dead_letters().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_that_no_test_announced_is_noticed() {
    let mut world = World::new(Backend::Sqlite).await;
    world.add::<Funds>().await;
    propose(&world, "refused", TimeDelta::zero()).await;
    let buried = || async {
        world.pump().await;
        world.hosted("funds").store.dead_letters(1).await.unwrap().len()
    };
    wait_for("the dead letter", Duration::from_secs(20), buried, |count| {
        *count == 1
    })
    .await;
    let checked = tokio::spawn(async move { world.assert_no_dead_letters().await }).await;
    assert!(checked.unwrap_err().is_panic());
}

#[tokio::test(flavor = "multi_thread")]
async fn worlds_have_nothing_in_common() {
    for backend in testkit::backends().await {
        let (mut one, mut two) = (World::new(backend).await, World::new(backend).await);
        one.add::<Funds>().await;
        two.add::<Funds>().await;
        propose(&one, "draw_1", TimeDelta::zero()).await;
        one.pump().await;
        two.pump().await;
        assert_eq!((events(&one).await, events(&two).await), (2, 0));
        let token = one.token(&people::administrator());
        assert!(one.host.verifier.verify(&token, Utc::now()).await.is_ok());
        assert!(two.host.verifier.verify(&token, Utc::now()).await.is_err());
        assert_ne!(
            one.service_config().await.database.url,
            two.service_config().await.database.url
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_that_run_at_one_time_share_one_postgres() {
    if !testkit::backends().await.contains(&Backend::Postgres) {
        return;
    }
    let (one, two) = tokio::join!(postgres::server(), postgres::server());
    let (one, two) = (one.unwrap(), two.unwrap());
    assert!(Arc::ptr_eq(&one, &two));
    let url = postgres::create_database(&one).await.unwrap();
    let connection = sea_orm::Database::connect(&url).await.unwrap();
    connection
        .execute_unprepared("CREATE TABLE t (id bigint)")
        .await
        .unwrap();
    // Dropped although somebody is still connected.
    postgres::drop_database(&one, &url).await;
    assert!(connection.execute_unprepared("SELECT 1 FROM t").await.is_err());
    assert!(sea_orm::Database::connect(&url).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn nats_has_streams_and_ends_with_its_test() {
    let nats = TestNats::start().await.unwrap();
    let bus = nats.bus().await.unwrap();
    events::stream::declare(&bus, "funds").await.unwrap();
    let several = events::Config {
        url: format!("nats://127.0.0.1:1, {}", nats.url()),
        ..events::Config::default()
    };
    let other = events::Bus::connect(&several, "test").await.unwrap();
    other.wait_until_up(Duration::from_secs(20)).await.unwrap();
    assert!(other.jetstream.get_stream("HEJU_FUNDS").await.is_ok());
    drop(nats);
    let error = other.wait_until_up(Duration::from_millis(300)).await.unwrap_err();
    assert!(error.to_string().contains("-js"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_waited_for_in_vain_tells_what_was_seen() {
    let vain = tokio::spawn(wait_for(
        "seven",
        Duration::from_millis(20),
        || async { 5 },
        |seen| *seen == 7,
    ));
    let panic = vain.await.unwrap_err().into_panic();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("seven") && text.contains("last seen: 5"), "{text}");
}
