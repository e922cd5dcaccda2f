//! Replays, conflicts, and events that exist exactly when their change does.

use db::StoreError;
use rpc::Cause;
use rpc::context::IdempotencyKey;

use crate::counters::{self, add, call, call_with, command};
use crate::setting::Setting;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_and_input_get_the_first_answer_and_take_effect_once() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, counters::SERVICE).await;
        let store = &setting.store;
        let first = add(store, &call("one"), command("a", 5)).await.unwrap();
        add(store, &call("two"), command("a", 7)).await.unwrap();
        let again = add(store, &call("one"), command("a", 5)).await.unwrap();
        assert_eq!(again, first, "the first answer, not the present state");
        assert_eq!(counters::value(store, "a").await, 12);
        assert_eq!(counters::outbox(store).await.len(), 2);
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_serves_one_request_of_one_caller() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, counters::SERVICE).await;
        let store = &setting.store;
        add(store, &call("one"), command("a", 5)).await.unwrap();
        let other_input = add(store, &call("one"), command("a", 6)).await;
        assert!(
            matches!(other_input, Err(StoreError::KeyReused)),
            "{other_input:?}"
        );
        let other_action = call_with("one", |ctx| ctx.action = "committees.Other");
        let other_action = add(store, &other_action, command("a", 5)).await;
        assert!(
            matches!(other_action, Err(StoreError::KeyReused)),
            "{other_action:?}"
        );
        // Another caller may have thought of the same key.
        let other_caller = call_with("one", |ctx| ctx.actor = testkit::people::auditor("330783"));
        add(store, &other_caller, command("a", 6)).await.unwrap();
        assert_eq!(counters::value(store, "a").await, 11);
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_without_a_key_is_refused() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, counters::SERVICE).await;
        for key in [
            None,
            IdempotencyKey::parse(""),
            IdempotencyKey::parse(&"k".repeat(129)),
        ] {
            let ctx = call_with("unused", |ctx| ctx.cause = Cause::Call { key });
            let refused = add(&setting.store, &ctx, command("a", 5)).await;
            assert!(matches!(refused, Err(StoreError::KeyMissing)), "{refused:?}");
        }
        assert!(counters::outbox(&setting.store).await.is_empty());
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_in_parallel_with_one_key_take_effect_once() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, counters::SERVICE).await;
        let replica = setting.replica().await;
        let mut calls = tokio::task::JoinSet::new();
        for index in 0..8 {
            let store = if index % 2 == 0 {
                setting.store.clone()
            } else {
                replica.clone()
            };
            calls.spawn(async move {
                // A loser is told CONFLICT and repeats, as the caller's channel does.
                loop {
                    match add(&store, &call("one"), command("a", 5)).await {
                        Err(StoreError::Conflict) => {}
                        other => return other.unwrap(),
                    }
                }
            });
        }
        let answers = calls.join_all().await;
        assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
        assert_eq!(counters::value(&setting.store, "a").await, 5);
        assert_eq!(counters::outbox(&setting.store).await.len(), 1);
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_used_at_the_same_moment_for_different_things_takes_one_effect() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, counters::SERVICE).await;
        let store = &setting.store;
        let (one, two) = (call("one"), call("one"));
        let (left, right) = tokio::join!(
            add(store, &one, command("left", 1)),
            add(store, &two, command("right", 1))
        );
        assert_eq!(
            usize::from(left.is_ok()) + usize::from(right.is_ok()),
            1,
            "{left:?} {right:?}"
        );
        let lost = left.err().or(right.err()).unwrap();
        assert!(
            matches!(lost, StoreError::Conflict | StoreError::KeyReused),
            "{lost:?}"
        );
        assert_eq!(counters::total(store).await, 1);
        assert_eq!(counters::outbox(store).await.len(), 1);
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_version_is_a_conflict_and_leaves_nothing() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, counters::SERVICE).await;
        let store = &setting.store;
        let ctx = call("one");
        let stale = add(store, &ctx, command("a", 1)).await.unwrap();
        add(store, &call("two"), command("a", 1)).await.unwrap();
        let mut tx = store.begin_write().await.unwrap();
        let refused = counters::change(&mut tx, &ctx, stale, 1).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        drop(tx);
        assert_eq!(counters::value(store, "a").await, 2);
        assert_eq!(counters::outbox(store).await.len(), 2);
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_exists_exactly_when_its_change_is_committed() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, counters::SERVICE).await;
        let store = &setting.store;
        let ctx = call("one");
        let mut tx = store.begin_write().await.unwrap();
        let before = counters::load(&tx, "a").await.unwrap();
        counters::change(&mut tx, &ctx, before, 3).await.unwrap();
        drop(tx);
        assert_eq!(
            (
                counters::outbox(store).await.len(),
                counters::value(store, "a").await
            ),
            (0, 0)
        );

        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let ctx = call_with("one", |ctx| ctx.trace_parent = Some(trace.into()));
        add(store, &ctx, command("a", 3)).await.unwrap();
        let rows = counters::outbox(store).await;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].kind, "heju.committees.v1.VoteCast");
        assert_eq!(rows[0].address, "heju.v1.committees.vote.cast.330783.004.015");
        assert_eq!((rows[0].aggregate.as_str(), rows[0].version), ("a", 1));
        assert_eq!(rows[0].trace_parent.as_deref(), Some(trace));
        assert_eq!(rows[0].happened_at, calendar::Clock::now(&setting.clock));
        assert_eq!(rows[0].published_at, None);
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_leaves_at_any_moment_leaves_all_or_nothing() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, counters::SERVICE).await;
        let store = &setting.store;
        for step in 0..120_u64 {
            let key = format!("key-{step}");
            let patience = std::time::Duration::from_micros(step * 60);
            let _ = tokio::time::timeout(patience, add(store, &call(&key), command("a", 1))).await;
        }
        // Each repeats with its key, as a client does that did not hear the answer.
        for step in 0..120 {
            add(store, &call(&format!("key-{step}")), command("a", 1))
                .await
                .unwrap();
        }
        assert_eq!(counters::value(store, "a").await, 120);
        assert_eq!(counters::outbox(store).await.len(), 120);
        setting.end().await;
    }
}
