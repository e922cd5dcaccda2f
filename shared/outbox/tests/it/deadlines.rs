//! What is due is done once, in the trace that set it, and never given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use calendar::Clock;
use chrono::TimeDelta;
use outbox::{Deadlines, Reactions, Store, deadlines};
use rpc::{AppError, CallContext};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use testkit::wait_for;

use crate::counters::{self, Refused, Result, call, call_with};
use crate::setting::{LIMIT, Running, Setting};

async fn schedule(store: &Store, ctx: &CallContext, aggregate: &str, due_in: TimeDelta) {
    let mut tx = store.begin_write().await.unwrap();
    tx.schedule(ctx, "close_counter", aggregate, store.clock().now() + due_in)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn close(store: &Store, ctx: &CallContext, aggregate: &str) -> Result<()> {
    let tx = store.begin_write().await?;
    if !tx.first_time(ctx).await? {
        return Ok(());
    }
    counters::bump(&tx, aggregate).await?;
    tx.commit().await?;
    Ok(())
}

/// Bumps the counter once, after failing `failures` times.
fn closing(store: &Store, failures: i64, runs: &Arc<AtomicI64>) -> Deadlines {
    let (store, runs) = (store.clone(), runs.clone());
    Deadlines::new().on::<Refused, _, _>("close_counter", move |ctx, aggregate| {
        let (store, runs) = (store.clone(), runs.clone());
        async move {
            if runs.fetch_add(1, Ordering::SeqCst) < failures {
                return Err(AppError::Refused(Refused));
            }
            close(&store, &ctx, &aggregate).await
        }
    })
}

fn ticker(store: &Store, deadlines: Deadlines) -> Running {
    let store = store.clone();
    Running::start(|stop| deadlines::tick(store, deadlines, Reactions::new(), stop))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_runs_once_with_several_tickers_and_what_is_not_waits() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "committees").await;
        let runs = Arc::new(AtomicI64::new(0));
        let mut tickers = vec![ticker(&setting.store, closing(&setting.store, 0, &runs))];
        for _ in 0..2 {
            let replica = setting.replica().await;
            tickers.push(ticker(&replica, closing(&replica, 0, &runs)));
        }
        for index in 0..30 {
            schedule(
                &setting.store,
                &call("unused"),
                &format!("due-{index}"),
                TimeDelta::zero(),
            )
            .await;
        }
        schedule(&setting.store, &call("unused"), "later", TimeDelta::hours(1)).await;
        wait_for(
            "30 closed",
            LIMIT,
            || counters::total(&setting.store),
            |total| *total >= 30,
        )
        .await;
        assert_eq!(runs.load(Ordering::SeqCst), 30, "a claim keeps the others off");
        assert_eq!(counters::value(&setting.store, "later").await, 0);

        // The jump of the clock wakes the tickers at once, not at their next look.
        setting.clock.advance(TimeDelta::hours(1)).unwrap();
        wait_for(
            "the jump",
            LIMIT,
            || counters::value(&setting.store, "later"),
            |seen| *seen == 1,
        )
        .await;
        for ticker in tickers {
            ticker.end().await;
        }
        assert_eq!(counters::total(&setting.store).await, 31);
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_wakes_the_ticker() {
    let setting = Setting::new(testkit::Backend::Sqlite, "committees").await;
    let runs = Arc::new(AtomicI64::new(0));
    let ticker = ticker(&setting.store, closing(&setting.store, 0, &runs));
    let started = Instant::now();
    for index in 0..20 {
        let id = format!("due-{index}");
        schedule(&setting.store, &call("unused"), &id, TimeDelta::zero()).await;
        wait_for(
            "closed",
            LIMIT,
            || counters::value(&setting.store, &id),
            |seen| *seen == 1,
        )
        .await;
    }
    println!("deadline: {:?} from commit to effect", started.elapsed() / 20);
    ticker.end().await;
    setting.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_or_breaks_is_tried_again_and_holds_up_nobody() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "committees").await;
        let runs = Arc::new(AtomicI64::new(0));
        let (store, broken) = (setting.store.clone(), Arc::new(AtomicI64::new(0)));
        let tries = broken.clone();
        let deadlines =
            closing(&setting.store, 1, &runs).on::<Refused, _, _>("break", move |ctx, aggregate| {
                let (store, tries) = (store.clone(), tries.clone());
                async move {
                    assert!(tries.fetch_add(1, Ordering::SeqCst) > 0, "the first try breaks");
                    close(&store, &ctx, &aggregate).await
                }
            });
        let mut tx = setting.store.begin_write().await.unwrap();
        let due_at = setting.clock.now();
        tx.schedule(&call("unused"), "break", "broken", due_at - TimeDelta::seconds(2))
            .await
            .unwrap();
        tx.schedule(
            &call("unused"),
            "no such kind",
            "nobody",
            due_at - TimeDelta::seconds(1),
        )
        .await
        .unwrap();
        tx.schedule(&call("unused"), "close_counter", "first", due_at)
            .await
            .unwrap();
        tx.schedule(
            &call("unused"),
            "close_counter",
            "second",
            due_at + TimeDelta::microseconds(0),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let ticker = ticker(&setting.store, deadlines);
        wait_for(
            "all closed",
            LIMIT,
            || counters::total(&setting.store),
            |total| *total >= 3,
        )
        .await;
        assert_eq!(runs.load(Ordering::SeqCst), 3, "one failure and two effects");
        assert_eq!(broken.load(Ordering::SeqCst), 2);
        ticker.end().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_whose_process_died_is_taken_up_by_another() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "committees").await;
        let runs = Arc::new(AtomicI64::new(0));
        schedule(&setting.store, &call("unused"), "a", TimeDelta::zero()).await;
        let claim = |until: chrono::DateTime<chrono::Utc>| {
            Query::update()
                .table("deadlines")
                .value("claimed_until", until)
                .and_where(Expr::col("kind").eq("close_counter"))
                .to_owned()
        };
        let writer = setting.database.writer();
        writer
            .execute(&claim(chrono::Utc::now() + TimeDelta::minutes(1)))
            .await
            .unwrap();
        let mine = closing(&setting.store, 0, &runs);
        assert_eq!(
            deadlines::round(&setting.store, &mine).await.unwrap(),
            0,
            "somebody is at it"
        );
        writer
            .execute(&claim(chrono::Utc::now() - TimeDelta::seconds(1)))
            .await
            .unwrap();
        assert_eq!(deadlines::round(&setting.store, &mine).await.unwrap(), 1);
        assert_eq!(counters::value(&setting.store, "a").await, 1);
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_dropped_does_not_run_and_what_was_rolled_back_was_never_set() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "committees").await;
        let runs = Arc::new(AtomicI64::new(0));
        schedule(&setting.store, &call("unused"), "a", TimeDelta::zero()).await;
        schedule(&setting.store, &call("unused"), "b", TimeDelta::zero()).await;
        let tx = setting.store.begin_write().await.unwrap();
        tx.unschedule("close_counter", "a").await.unwrap();
        tx.unschedule("another kind", "b").await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = setting.store.begin_write().await.unwrap();
        tx.schedule(&call("unused"), "close_counter", "c", setting.clock.now())
            .await
            .unwrap();
        drop(tx);
        let deadlines = closing(&setting.store, 0, &runs);
        assert_eq!(deadlines::round(&setting.store, &deadlines).await.unwrap(), 1);
        assert_eq!(deadlines::round(&setting.store, &deadlines).await.unwrap(), 0);
        assert_eq!(counters::value(&setting.store, "b").await, 1);
        assert_eq!(counters::total(&setting.store).await, 1);
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_set_and_dropped_in_one_statement_each() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "committees").await;
        let runs = Arc::new(AtomicI64::new(0));
        let now = setting.clock.now();
        let mut tx = setting.store.begin_write().await.unwrap();
        let ctx = call("unused");
        let all = ["a", "b\"", "c"].map(|aggregate| ("close_counter", aggregate, now));
        tx.schedule_all(&ctx, all).await.unwrap();
        tx.unschedule_all("close_counter", ["a", "b\"", "unknown"])
            .await
            .unwrap();
        tx.unschedule_all("another kind", ["c"]).await.unwrap();
        let nobody: [&str; 0] = [];
        tx.unschedule_all("close_counter", nobody).await.unwrap();
        tx.commit().await.unwrap();
        let deadlines = closing(&setting.store, 0, &runs);
        assert_eq!(deadlines::round(&setting.store, &deadlines).await.unwrap(), 1);
        assert_eq!(counters::value(&setting.store, "c").await, 1);
        assert_eq!(counters::total(&setting.store).await, 1);
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trace_that_set_it_is_carried_on() {
    let setting = Setting::new(testkit::Backend::Sqlite, "committees").await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let ctx = call_with("unused", |ctx| {
        ctx.trace_parent = Some(format!("00-{trace}-b7ad6b7169203331-01"))
    });
    schedule(&setting.store, &ctx, "a", TimeDelta::zero()).await;
    let (sender, mut receiver) = tokio::sync::mpsc::channel(8);
    let deadlines = Deadlines::new().on::<Refused, _, _>("close_counter", move |ctx, _| {
        let sender = sender.clone();
        async move {
            sender.send(ctx).await.unwrap();
            Ok(())
        }
    });
    deadlines::round(&setting.store, &deadlines).await.unwrap();
    let ctx = tokio::time::timeout(Duration::from_secs(5), receiver.recv())
        .await
        .unwrap()
        .unwrap();
    assert!(ctx.trace_parent.unwrap().contains(trace));
    assert!(ctx.actor.is_service());
    setting.end().await;
}
