//! No task ends unnoticed. Time is paused, so pauses cost nothing.
#![allow(clippy::unwrap_used)]

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use lifecycle::{Failure, Shutdown, Tasks};
use tokio::time::Instant;

const DEADLINE: Duration = Duration::from_secs(10);

fn failure(task: &str, reason: &str) -> Failure {
    Failure {
        task: task.to_owned(),
        reason: reason.to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn join_is_clean_when_all_tasks_end() {
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(&shutdown);
    for name in ["relay", "ticker"] {
        let token = shutdown.token();
        tasks.spawn(name, async move {
            token.cancelled().await;
            Ok(())
        });
    }
    assert_eq!(tasks.running(), ["relay", "ticker"]);
    shutdown.stop();
    assert!(tasks.join(DEADLINE).await.is_clean());
    assert!(tasks.running().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_task_that_does_not_end_is_named_and_aborted_at_the_deadline() {
    let tasks = Tasks::new(&Shutdown::manual());
    let held = Arc::new(());
    let inside = Arc::clone(&held);
    tasks.spawn("stuck", async move {
        let _inside = inside;
        pending().await
    });
    let begun = Instant::now();
    let report = tasks.join(DEADLINE).await;
    assert_eq!(begun.elapsed(), DEADLINE);
    assert_eq!(report.unfinished, ["stuck"]);
    assert!(!report.is_clean());
    assert_eq!(
        Arc::strong_count(&held),
        1,
        "the aborted task dropped what it held"
    );
}

#[tokio::test(start_paused = true)]
async fn an_error_and_a_panic_are_reported_with_their_reason() {
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(&shutdown);
    tasks.spawn("import", async {
        Err(anyhow::anyhow!("disk full").context("row 7 was not written"))
    });
    tasks.spawn("count", async { panic!("no such home {}", 7) });
    let mut failures = tasks.join(DEADLINE).await.failures;
    failures.sort_by(|a, b| a.task.cmp(&b.task));
    assert_eq!(
        failures,
        [
            failure("count", "panic: no such home 7"),
            failure("import", "row 7 was not written: disk full"),
        ]
    );
    assert!(!shutdown.is_requested());
}

#[tokio::test(start_paused = true)]
async fn a_critical_task_brings_the_process_down_however_it_ends() {
    type Ending = fn() -> anyhow::Result<()>;
    let endings: [(Ending, &str); 3] = [
        (|| Ok(()), "ended before the shutdown"),
        (|| Err(anyhow::anyhow!("port taken")), "port taken"),
        (|| panic!("bug"), "panic: bug"),
    ];
    for (ending, reason) in endings {
        let shutdown = Shutdown::manual();
        let tasks = Tasks::new(&shutdown);
        tasks.spawn_critical("server", async move { ending() });
        shutdown.requested().await;
        shutdown.stop();
        assert_eq!(tasks.join(DEADLINE).await.failures, [failure("server", reason)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_critical_task_that_ends_after_the_request_is_no_failure() {
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(&shutdown);
    let token = shutdown.token();
    tasks.spawn_critical("server", async move {
        token.cancelled().await;
        Ok(())
    });
    shutdown.stop();
    assert!(tasks.join(DEADLINE).await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn a_restarting_task_comes_back_after_growing_pauses() {
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(&shutdown);
    let runs = Arc::new(AtomicU32::new(0));
    let (seen, mut runs_seen) = tokio::sync::mpsc::channel(32);
    let begun = Instant::now();
    let (count, token) = (Arc::clone(&runs), shutdown.token());
    tasks.spawn_restarting("relay", move || {
        let run = count.fetch_add(1, Ordering::SeqCst);
        let (seen, token) = (seen.clone(), token.clone());
        assert!(run != 2, "a panic while the task is made");
        async move {
            seen.send(begun.elapsed()).await?;
            match run {
                0 => anyhow::bail!("no connection"),
                1 => panic!("a bug"),
                3 => Ok(()),
                _ => {
                    token.cancelled().await;
                    Ok(())
                }
            }
        }
    });
    let mut at_ms = Vec::new();
    for _ in 0..4 {
        at_ms.push(runs_seen.recv().await.unwrap().as_millis());
    }
    // Pauses of 100, 200, 400 and 800 ms; the run after 200 ms panicked before it could say so.
    assert_eq!(at_ms, [0, 100, 700, 1500]);
    assert_eq!(runs.load(Ordering::SeqCst), 5);
    shutdown.stop();
    assert!(tasks.join(DEADLINE).await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn a_pause_before_a_restart_never_exceeds_half_a_minute_and_starts_over_after_health() {
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(&shutdown);
    let (seen, mut runs_seen) = tokio::sync::mpsc::channel(32);
    let mut run = 0;
    tasks.spawn_restarting("relay", move || {
        run += 1;
        let (seen, run) = (seen.clone(), run);
        async move {
            seen.send(Instant::now()).await?;
            if run == 15 {
                tokio::time::sleep(Duration::from_secs(61)).await;
            }
            anyhow::bail!("no connection")
        }
    });
    let mut at = Vec::new();
    for _ in 0..16 {
        at.push(runs_seen.recv().await.unwrap());
    }
    let pauses: Vec<_> = at.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(pauses[..14].iter().all(|pause| *pause <= Duration::from_secs(30)));
    assert_eq!(pauses[13], Duration::from_secs(30));
    assert_eq!(pauses[14], Duration::from_millis(61_100));
    shutdown.stop();
    assert!(
        tasks.join(DEADLINE).await.is_clean(),
        "a pause ends with the shutdown"
    );
}
