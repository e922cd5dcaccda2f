//! Reactions: each event takes effect once, order waits, and a poisoned event stops nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use events::{Bus, Envelope};
use ids::EventId;
use outbox::{Reaction, Received, Relay, Store, reactions};
use proto::Event;
use proto::committees::v1::VoteCast;
use rpc::{AppError, CallContext, General};
use testkit::wait_for;

use crate::counters::{self, Refused, Result, SERVICE, add, call_with, command};
use crate::setting::{LIMIT, Running, Setting, nats, stream_holds};

pub const ADDRESS: &str = "heju.v1.committees.vote.cast.330783.004.015";

/// An event as its service would publish it.
pub fn event(id: &str, version: i64) -> Envelope {
    let message = VoteCast {
        vote_id: id.into(),
        area: version,
        ..VoteCast::default()
    };
    Envelope {
        id: EventId::generate(),
        kind: VoteCast::TYPE.into(),
        source: SERVICE.into(),
        aggregate: id.into(),
        sequence: version,
        time: "2026-03-02T01:00:00Z".parse().unwrap(),
        trace_parent: None,
        body: serde_json::to_vec(&message).unwrap().into(),
    }
}

/// Publishes by hand.
pub async fn publish(bus: &Bus, event: &Envelope) {
    let sent = bus
        .jetstream
        .publish_with_headers(ADDRESS, event.headers(), event.body.clone())
        .await
        .unwrap();
    sent.await.unwrap();
}

/// The reaction `on_vote_cast` with this handler.
pub fn on_vote_cast<F, Fut>(handle: F) -> Reaction
where
    F: Fn(CallContext, Received<VoteCast>) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<()>> + Send + 'static,
{
    Reaction::new("on_vote_cast", SERVICE).on::<VoteCast, Refused, _, _>(handle)
}

pub fn follow(store: &Store, bus: &Bus, reaction: &Reaction) -> Running {
    let (store, bus, reaction) = (store.clone(), bus.clone(), reaction.clone());
    Running::start(|stop| reactions::follow(store, bus, reaction, stop))
}

/// The use case of a reaction in the shape that every service gives it.
pub async fn handle_once(store: &Store, ctx: &CallContext, received: &Received<VoteCast>) -> Result<()> {
    let tx = store.begin_write().await?;
    if !tx.first_time(ctx).await? {
        return Ok(());
    }
    counters::bump(&tx, &received.event.vote_id).await?;
    tx.commit().await?;
    Ok(())
}

async fn value_becomes(store: &Store, id: &str, value: i64) {
    wait_for(
        &format!("{id} = {value}"),
        LIMIT,
        || counters::value(store, id),
        |seen| *seen >= value,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_delivered_twice_takes_effect_once() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let store = setting.store.clone();
        let ran = Arc::new(AtomicI64::new(0));
        let count = ran.clone();
        let reaction = on_vote_cast(move |ctx, received| {
            let (store, count) = (store.clone(), count.clone());
            async move {
                handle_once(&store, &ctx, &received).await?;
                // It took effect, but the acknowledgement is lost.
                match count.fetch_add(1, Ordering::SeqCst) {
                    0 => Err(AppError::General(General::Unavailable {
                        what: "test",
                        source: "lost".into(),
                    })),
                    _ => Ok(()),
                }
            }
        });
        let follower = follow(&setting.store, &bus, &reaction);
        let twice = event("a", 1);
        publish(&bus, &twice).await;
        // A second copy in the stream, as after an outage longer than the server remembers ids.
        let mut copy = async_nats::HeaderMap::new();
        for (name, values) in twice
            .headers()
            .iter()
            .filter(|(name, _)| name.to_string() != "Nats-Msg-Id")
        {
            values
                .iter()
                .for_each(|value| copy.append(name.clone(), value.clone()));
        }
        bus.jetstream
            .publish_with_headers(ADDRESS, copy, twice.body.clone())
            .await
            .unwrap()
            .await
            .unwrap();
        publish(&bus, &event("b", 1)).await;
        value_becomes(&setting.store, "b", 1).await;
        wait_for(
            "deliveries",
            LIMIT,
            || async { ran.load(Ordering::SeqCst) },
            |ran| *ran >= 4,
        )
        .await;
        assert_eq!(counters::value(&setting.store, "a").await, 1);
        follower.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_share_the_events_and_each_takes_effect_once() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let make = |store: Store| {
            on_vote_cast(move |ctx, received| {
                let store = store.clone();
                async move { handle_once(&store, &ctx, &received).await }
            })
        };
        let replica = setting.replica().await;
        let one = follow(&setting.store, &bus, &make(setting.store.clone()));
        let two = follow(&replica, &bus, &make(replica.clone()));
        for step in 0..100 {
            publish(&bus, &event(&format!("c{step}"), 1)).await;
        }
        wait_for(
            "effects",
            LIMIT,
            || counters::total(&setting.store),
            |total| *total >= 100,
        )
        .await;
        assert_eq!(counters::total(&setting.store).await, 100);
        one.end().await;
        two.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_out_of_order_wait_for_the_one_before() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let store = setting.store.clone();
        let applied = Arc::new(std::sync::Mutex::new(Vec::new()));
        let list = applied.clone();
        let reaction = on_vote_cast(move |ctx, received| {
            let (store, list) = (store.clone(), list.clone());
            async move {
                let tx = store.begin_write().await?;
                if !tx.first_time(&ctx).await? || !tx.next_version(&received.incoming).await? {
                    return Ok(());
                }
                counters::bump(&tx, &received.event.vote_id).await?;
                tx.commit().await?;
                list.lock().unwrap().push(received.incoming.version);
                Ok(())
            }
        });
        let follower = follow(&setting.store, &bus, &reaction);
        for version in [3, 2, 4, 1, 5] {
            publish(&bus, &event("a", version)).await;
        }
        value_becomes(&setting.store, "a", 5).await;
        assert_eq!(*applied.lock().unwrap(), [1, 2, 3, 4, 5]);
        // An old version under a new id, as a producer with a bug would send it, is passed over.
        publish(&bus, &event("a", 2)).await;
        publish(&bus, &event("b", 1)).await;
        value_becomes(&setting.store, "b", 1).await;
        assert_eq!(counters::value(&setting.store, "a").await, 5);
        assert!(setting.store.dead_letters(1).await.unwrap().is_empty());
        follower.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_is_waited_out_and_does_not_count_as_a_failure() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        let store = setting.store.clone();
        let ran = Arc::new(AtomicI64::new(0));
        let count = ran.clone();
        let reaction = on_vote_cast(move |ctx, received| {
            let (store, count) = (store.clone(), count.clone());
            async move {
                match count.fetch_add(1, Ordering::SeqCst) {
                    0..=5 => Err(AppError::General(General::Unavailable {
                        what: "test",
                        source: "down".into(),
                    })),
                    // The first failures after it are the first, however often it was delivered before.
                    6 => Err(AppError::Refused(Refused)),
                    7 => Err(AppError::General(General::Conflict)),
                    _ => handle_once(&store, &ctx, &received).await,
                }
            }
        });
        let follower = follow(&setting.store, &bus, &reaction);
        publish(&bus, &event("a", 1)).await;
        value_becomes(&setting.store, "a", 1).await;
        assert_eq!(ran.load(Ordering::SeqCst), 9);
        assert!(setting.store.dead_letters(1).await.unwrap().is_empty());
        follower.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_takes_longer_than_the_time_to_acknowledge_gets_its_event_once() {
    let setting = Setting::new(testkit::Backend::Sqlite, "funds").await;
    let (_nats, bus) = nats(SERVICE).await;
    let store = setting.store.clone();
    let ran = Arc::new(AtomicI64::new(0));
    let count = ran.clone();
    let reaction = on_vote_cast(move |ctx, received| {
        let (store, count) = (store.clone(), count.clone());
        async move {
            count.fetch_add(1, Ordering::SeqCst);
            // The work itself takes the time.
            tokio::time::sleep(events::durable::ACK_WAIT * 3 / 2).await;
            handle_once(&store, &ctx, &received).await
        }
    });
    publish(&bus, &event("a", 1)).await;
    assert_eq!(reactions::drain(&setting.store, &bus, &reaction).await, Ok(1));
    assert_eq!(counters::value(&setting.store, "a").await, 1);
    assert_eq!(ran.load(Ordering::SeqCst), 1);
    setting.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trace_and_the_cause_reach_the_handler() {
    let setting = Setting::new(testkit::Backend::Sqlite, SERVICE).await;
    let (_nats, bus) = nats(SERVICE).await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let parent = format!("00-{trace}-b7ad6b7169203331-01");
    let ctx = call_with("one", |ctx| ctx.trace_parent = Some(parent));
    add(&setting.store, &ctx, command("a", 1)).await.unwrap();
    Relay::new(setting.store.clone(), bus.clone())
        .drain_once()
        .await
        .unwrap();

    let funds = Setting::new(testkit::Backend::Sqlite, "funds").await;
    let (sender, mut receiver) = tokio::sync::mpsc::channel(8);
    let reaction = on_vote_cast(move |ctx, received| {
        let sender = sender.clone();
        async move {
            sender.send((ctx, received.incoming)).await.unwrap();
            Ok(())
        }
    });
    assert_eq!(reactions::drain(&funds.store, &bus, &reaction).await, Ok(1));
    let (ctx, incoming) = receiver.recv().await.unwrap();
    assert!(ctx.trace_parent.unwrap().contains(trace));
    assert!(ctx.actor.is_service());
    assert_eq!(ctx.action, "on_vote_cast");
    assert_eq!(incoming.consumer, "funds--on_vote_cast");
    assert_eq!((incoming.aggregate.as_str(), incoming.version), ("a", 1));
    setting.end().await;
    funds.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_started_before_its_stream_exists_follows_it_later() {
    let setting = Setting::new(testkit::Backend::Sqlite, "funds").await;
    let nats = testkit::TestNats::start().await.unwrap();
    let bus = nats.bus().await.unwrap();
    let store = setting.store.clone();
    let reaction = on_vote_cast(move |ctx, received| {
        let store = store.clone();
        async move { handle_once(&store, &ctx, &received).await }
    });
    let follower = follow(&setting.store, &bus, &reaction);
    tokio::task::yield_now().await;
    events::stream::declare(&bus, SERVICE).await.unwrap();
    publish(&bus, &event("a", 1)).await;
    value_becomes(&setting.store, "a", 1).await;
    follower.end().await;
    setting.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_events_are_handled() {
    for backend in testkit::backends().await {
        let committees = Setting::new(backend, SERVICE).await;
        let setting = Setting::new(backend, "funds").await;
        let (_nats, bus) = nats(SERVICE).await;
        counters::write_events(&committees.store, "a", 400).await;
        Relay::new(committees.store.clone(), bus.clone())
            .drain_once()
            .await
            .unwrap();
        stream_holds(&bus, SERVICE, 400).await;
        let store = setting.store.clone();
        let reaction = on_vote_cast(move |ctx, received| {
            let store = store.clone();
            async move { handle_once(&store, &ctx, &received).await }
        });
        let started = Instant::now();
        let follower = follow(&setting.store, &bus, &reaction);
        value_becomes(&setting.store, "a", 400).await;
        println!(
            "{backend:?}: reaction {:.0} events/s",
            400.0 / started.elapsed().as_secs_f64()
        );
        follower.end().await;
        setting.end().await;
        committees.end().await;
    }
}
