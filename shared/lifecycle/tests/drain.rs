//! The order of ending, and readiness.
#![allow(clippy::unwrap_used)]

use std::future::pending;
use std::time::Duration;

use lifecycle::{Drain, Readiness, Shutdown, Tasks, drain};
use tokio::time::Instant;

const STEPS: Drain = Drain {
    grace: Duration::from_secs(5),
    deadline: Duration::from_secs(20),
};

#[test]
fn readiness_needs_every_condition() {
    let readiness = Readiness::new(["nats", "database"]);
    let mut changes = readiness.subscribe();
    assert!(!readiness.is_ready());
    assert_eq!(readiness.missing(), ["database", "nats"]);

    readiness.set("nats", true);
    assert!(!changes.has_changed().unwrap(), "the answer is the same");
    readiness.set("database", true);
    assert!(changes.has_changed().unwrap());
    assert!(*changes.borrow_and_update());

    readiness.set("stream", false);
    assert!(!readiness.is_ready());
    assert_eq!(readiness.missing(), ["stream"]);
    readiness.set("stream", true);
    assert!(readiness.is_ready());

    readiness.close();
    readiness.set("nats", true);
    assert!(!readiness.is_ready());
}

#[test]
fn without_conditions_a_process_is_ready() {
    assert!(Readiness::new([]).is_ready());
}

#[tokio::test(start_paused = true)]
async fn ready_waits_for_the_last_condition() {
    let readiness = Readiness::new(["nats"]);
    let other = readiness.clone();
    let waiting = tokio::spawn(async move { other.ready().await });
    readiness.set("nats", true);
    waiting.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_drain_goes_unready_then_waits_then_stops() {
    let shutdown = Shutdown::manual();
    let readiness = Readiness::new([]);
    let tasks = Tasks::new(&shutdown);
    let begun = Instant::now();
    let (watched, stop) = (readiness.clone(), shutdown.token());
    tasks.spawn("server", async move {
        watched.subscribe().wait_for(|ready| !*ready).await?;
        assert_eq!(begun.elapsed(), Duration::ZERO);
        assert!(!stop.is_cancelled());
        stop.cancelled().await;
        assert_eq!(begun.elapsed(), STEPS.grace);
        Ok(())
    });
    let report = drain(&shutdown, &readiness, &tasks, STEPS).await;
    assert!(report.is_clean(), "{report:?}");
    assert!(shutdown.is_stopped());
    assert_eq!(begun.elapsed(), STEPS.grace);
}

#[tokio::test(start_paused = true)]
async fn a_second_signal_cuts_all_waiting_short() {
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(&shutdown);
    tasks.spawn("stuck", pending());
    let begun = Instant::now();
    shutdown.hurry();
    let report = drain(&shutdown, &Readiness::new([]), &tasks, STEPS).await;
    assert_eq!(report.unfinished, ["stuck"]);
    assert_eq!(begun.elapsed(), Duration::ZERO);
}
