//! Real signals; a test binary of its own, because signals reach the whole process.
#![allow(clippy::unwrap_used)]

use std::process::Command;
use std::time::Duration;

use lifecycle::{Drain, Readiness, Shutdown, Tasks, drain};

fn signal_self(name: &str) {
    let sent = Command::new("kill")
        .args(["-s", name, &std::process::id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

#[tokio::test]
async fn sigterm_requests_the_shutdown_and_sigint_hurries_it() {
    let shutdown = Shutdown::on_signals().unwrap();
    assert!(!shutdown.is_requested());
    signal_self("TERM");
    shutdown.requested().await;
    assert!(!shutdown.is_stopped());

    // These steps would take an hour; the second signal ends them.
    let steps = Drain {
        grace: Duration::from_secs(3600),
        deadline: Duration::from_secs(3600),
    };
    let tasks = Tasks::new(&shutdown);
    tasks.spawn("stuck", std::future::pending());
    signal_self("INT");
    let report = drain(&shutdown, &Readiness::new([]), &tasks, steps).await;
    assert_eq!(report.unfinished, ["stuck"]);
}
