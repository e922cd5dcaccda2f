//! The order of ending: unready, wait, stop accepting, let the tasks finish under a deadline.

use std::time::Duration;

use crate::{Readiness, Report, Shutdown, Tasks};

/// How long each step of the drain may take; together below the 30 s Kubernetes grants by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drain {
    /// Time between unready and stop, in which callers learn that this process leaves.
    pub grace: Duration,
    /// Time the tasks have to finish after stop.
    pub deadline: Duration,
}

impl Default for Drain {
    fn default() -> Self {
        Self {
            grace: Duration::from_secs(5),
            deadline: Duration::from_secs(20),
        }
    }
}

/// Ends the process in order and says which tasks did not.
///
/// Call it after [`Shutdown::requested`].
/// 1. `readiness` is closed. 2. `grace` passes, so that routers take this process out.
/// 3. The token is cancelled. 4. All tasks finish, or are aborted at the deadline.
///
/// A second signal skips the waiting of steps 2 and 4.
/// Afterwards the caller flushes NATS, then telemetry, and exits.
pub async fn drain(shutdown: &Shutdown, readiness: &Readiness, tasks: &Tasks, drain: Drain) -> Report {
    shutdown.request();
    readiness.close();
    tokio::select! {
        () = tokio::time::sleep(drain.grace) => {}
        () = shutdown.hurried() => {}
        // A critical task that stopped everything by itself leaves nothing to wait for.
        () = shutdown.token().cancelled_owned() => {}
    }
    shutdown.stop();
    tasks.join(drain.deadline).await
}
