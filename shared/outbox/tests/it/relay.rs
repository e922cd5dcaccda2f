//! The relay: in order, each once, whatever crashed before.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use db::Database;
use events::Bus;
use outbox::{Relay, Store};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::Query;
use testkit::wait_for;

use crate::counters::{self, SERVICE, add, call, command, envelope};
use crate::setting::{LIMIT, Running, Setting, nats, stream, stream_holds};

/// Ends the term of every lease, as if their holders had slept.
pub async fn expire_leases(database: &Database) {
    let past = chrono::Utc::now() - chrono::TimeDelta::minutes(1);
    let update = Query::update()
        .table("leases")
        .value("expires_at", past)
        .to_owned();
    database.writer().execute(&update).await.unwrap();
}

pub fn relay(store: &Store, bus: &Bus) -> Running {
    let relay = Relay::new(store.clone(), bus.clone());
    Running::start(|stop| async move { relay.run(stop).await })
}

/// The stream holds each event of the outbox once, in its order, and the outbox knows it.
pub async fn assert_all_published(store: &Store, bus: &Bus) {
    wait_for(
        "marks",
        LIMIT,
        || counters::unpublished(store),
        |count| *count == 0,
    )
    .await;
    let published: Vec<_> = stream(bus, SERVICE)
        .await
        .into_iter()
        .map(|event| event.id)
        .collect();
    let written = counters::ids(store).await;
    assert_eq!(
        published.iter().collect::<HashSet<_>>().len(),
        published.len(),
        "an event is in the stream twice"
    );
    assert_eq!(published.len(), written.len());
    assert!(
        published == written,
        "the order of the stream is not the order of the outbox"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_published_in_order_with_their_headers() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, SERVICE).await;
        let (_nats, bus) = nats(SERVICE).await;
        let relay = relay(&setting.store, &bus);
        for step in 0..20 {
            add(&setting.store, &call(&format!("key-{step}")), command("a", step))
                .await
                .unwrap();
        }
        stream_holds(&bus, SERVICE, 20).await;
        assert_all_published(&setting.store, &bus).await;
        let rows = counters::outbox(&setting.store).await;
        let events = stream(&bus, SERVICE).await;
        assert_eq!(events, rows.iter().map(envelope).collect::<Vec<_>>());
        assert_eq!(
            events.iter().map(|event| event.sequence).collect::<Vec<_>>(),
            (1..=20).collect::<Vec<_>>()
        );
        let raw = bus
            .jetstream
            .get_stream("HEJU_COMMITTEES")
            .await
            .unwrap()
            .get_raw_message(1)
            .await
            .unwrap();
        assert_eq!(
            raw.subject.as_str(),
            "heju.v1.committees.vote.cast.330783.004.015"
        );
        assert_eq!(
            raw.headers.get("Nats-Msg-Id").unwrap().as_str(),
            rows[0].id.to_string()
        );
        assert_eq!(raw.headers.get("ce-specversion").unwrap().as_str(), "1.0");
        relay.end().await;
        setting.end().await;
    }
}

/// Publishes rows as a leader does that dies before it marks them.
async fn publish_unmarked(store: &Store, bus: &Bus, count: usize, server_knows_ids: bool) {
    for row in counters::outbox(store).await.iter().take(count) {
        let event = envelope(row);
        let mut headers = event.headers();
        if !server_knows_ids {
            headers = headers
                .iter()
                .filter(|(name, _)| name.to_string() != "Nats-Msg-Id")
                .fold(async_nats::HeaderMap::new(), |mut kept, (name, values)| {
                    values
                        .iter()
                        .for_each(|value| kept.append(name.clone(), value.clone()));
                    kept
                });
        }
        let address = row.address.clone();
        bus.jetstream
            .publish_with_headers(address, headers, event.body)
            .await
            .unwrap()
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_published_and_not_marked_is_found_in_the_stream() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, SERVICE).await;
        let (_nats, bus) = nats(SERVICE).await;
        counters::write_events(&setting.store, "a", 40).await;
        // As after an outage longer than the server remembers ids: only the look back can tell.
        publish_unmarked(&setting.store, &bus, 17, false).await;
        let relay = relay(&setting.store, &bus);
        assert_all_published(&setting.store, &bus).await;
        relay.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_further_back_than_a_leader_looks_is_told_by_the_server() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, SERVICE).await;
        let (_nats, bus) = nats(SERVICE).await;
        counters::write_events(&setting.store, "a", 320).await;
        publish_unmarked(&setting.store, &bus, 300, true).await;
        let relay = relay(&setting.store, &bus);
        assert_all_published(&setting.store, &bus).await;
        relay.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_killed_at_any_moment_is_followed_by_one_that_goes_on() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, SERVICE).await;
        let (_nats, bus) = nats(SERVICE).await;
        counters::write_events(&setting.store, "a", 3_000).await;
        for step in 0..12_u64 {
            let relay = Relay::new(setting.replica().await, bus.clone());
            let killed = relay.run(tokio_util::sync::CancellationToken::new());
            let _ = tokio::time::timeout(Duration::from_millis(3 + step * 8), killed).await;
            expire_leases(&setting.database).await;
        }
        let relay = relay(&setting.store, &bus);
        assert_all_published(&setting.store, &bus).await;
        relay.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_relays_that_both_think_they_lead_publish_each_event_once() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, SERVICE).await;
        let (_nats, bus) = nats(SERVICE).await;
        let one = relay(&setting.replica().await, &bus);
        let two = relay(&setting.replica().await, &bus);
        let three = relay(&setting.store, &bus);
        let started = Instant::now();
        let mut written = 0;
        // Longer than a term and every pause in it, so that all of them lead at the same time.
        while started.elapsed() < Duration::from_millis(3_500) {
            expire_leases(&setting.database).await;
            counters::write_events(&setting.store, "a", 7).await;
            written += 7;
        }
        stream_holds(&bus, SERVICE, written).await;
        assert_all_published(&setting.store, &bus).await;
        println!("{backend:?}: {written} events through three leaders");
        for relay in [one, two, three] {
            relay.end().await;
        }
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stepping_publishes_what_waits_and_gives_the_lease_back() {
    let setting = Setting::new(testkit::Backend::Sqlite, SERVICE).await;
    let (_nats, bus) = nats(SERVICE).await;
    counters::write_events(&setting.store, "a", 300).await;
    let one = Relay::new(setting.store.clone(), bus.clone());
    let two = Relay::new(setting.store.clone(), bus.clone());
    assert_eq!(one.drain_once().await, Ok(300));
    assert_eq!(two.drain_once().await, Err("another relay leads".into()));
    one.release().await;
    assert_eq!(two.drain_once().await, Ok(0));
    assert_all_published(&setting.store, &bus).await;
    setting.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_events_flow() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, SERVICE).await;
        let (_nats, bus) = nats(SERVICE).await;
        for _ in 0..20 {
            counters::write_events(&setting.store, "a", 250).await;
        }
        let started = Instant::now();
        let relay = relay(&setting.store, &bus);
        stream_holds(&bus, SERVICE, 5_000).await;
        println!(
            "{backend:?}: relay {:.0} events/s",
            5_000.0 / started.elapsed().as_secs_f64()
        );
        assert_all_published(&setting.store, &bus).await;
        relay.end().await;
        setting.end().await;
    }
}
