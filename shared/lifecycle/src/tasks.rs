//! The supervisor: every background task has a name, and none ends unnoticed.

use std::any::Any;
use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::Shutdown;

/// First pause before a restart.
const BACKOFF_FIRST: Duration = Duration::from_millis(100);
/// Longest pause before a restart.
/// The number of restarts has no limit: a dependency that is away for a night must not need a person to come back.
const BACKOFF_MAX: Duration = Duration::from_secs(30);
/// A task that ran this long is healthy again: the next pause is the first one.
const HEALTHY_AFTER: Duration = Duration::from_secs(60);
/// Time aborted tasks have to drop what they hold, after the deadline of `join`.
const ABORT_TIME: Duration = Duration::from_secs(1);

/// The tasks of a process. Clones share the same tasks.
#[derive(Debug, Clone)]
pub struct Tasks {
    shutdown: Shutdown,
    tracker: TaskTracker,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    running: BTreeMap<u64, (String, Option<AbortHandle>)>,
    failures: Vec<Failure>,
}

/// A task that brought the process down, or failed for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Name of the task.
    pub task: String,
    /// The chain of errors, or the panic message.
    pub reason: String,
}

/// What [`Tasks::join`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Tasks that had not ended at the deadline and were aborted.
    pub unfinished: Vec<String>,
    /// Tasks not restarted that ended with an error or a panic, and critical tasks that ended at all.
    pub failures: Vec<Failure>,
}

impl Report {
    /// Whether everything ended by itself and without failure.
    pub fn is_clean(&self) -> bool {
        self.unfinished.is_empty() && self.failures.is_empty()
    }
}

impl Tasks {
    /// A supervisor without tasks, which stops restarting when `shutdown` stops.
    pub fn new(shutdown: &Shutdown) -> Self {
        Self {
            shutdown: shutdown.clone(),
            tracker: TaskTracker::new(),
            state: Arc::default(),
        }
    }

    /// The shutdown given to [`Tasks::new`].
    pub fn shutdown(&self) -> &Shutdown {
        &self.shutdown
    }

    /// Runs a task that may end; an error or panic is logged and reported by `join`.
    pub fn spawn<F>(&self, name: &str, future: F)
    where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let this = self.clone();
        let task = name.to_owned();
        self.supervise(name, async move {
            if let Err(reason) = run(future).await {
                tracing::error!(task, reason, "task failed");
                this.failed(task, reason);
            }
        });
    }

    /// Runs a task without which the process is useless.
    /// When it ends before the shutdown, for whatever reason, the shutdown is requested and `join` reports the failure.
    pub fn spawn_critical<F>(&self, name: &str, future: F)
    where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let this = self.clone();
        let task = name.to_owned();
        self.supervise(name, async move {
            let result = run(future).await;
            let reason = match result {
                Err(reason) => reason,
                Ok(()) if this.shutdown.is_requested() => return,
                Ok(()) => "ended before the shutdown".to_owned(),
            };
            tracing::error!(task, reason, "critical task ended, the process goes down");
            this.failed(task, reason);
            this.shutdown.request();
        });
    }

    /// Runs a loop that must go on until the shutdown.
    /// When it ends, fails or panics before, it is made anew after a pause that doubles from 0.1 s up to 30 s.
    pub fn spawn_restarting<M, F>(&self, name: &str, mut make: M)
    where
        M: FnMut() -> F + Send + 'static,
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let this = self.clone();
        let task = name.to_owned();
        self.supervise(name, async move {
            let stop = this.shutdown.token();
            let mut pause = BACKOFF_FIRST;
            loop {
                let begun = Instant::now();
                // `make` runs inside, so that a panic in it is caught too.
                let future = std::panic::catch_unwind(AssertUnwindSafe(&mut make));
                let result = match future {
                    Ok(future) => run(future).await,
                    Err(panic) => Err(panic_text(panic.as_ref())),
                };
                if stop.is_cancelled() {
                    if let Err(reason) = result {
                        tracing::warn!(task, reason, "task failed while stopping");
                    }
                    return;
                }
                if begun.elapsed() >= HEALTHY_AFTER {
                    pause = BACKOFF_FIRST;
                }
                let reason = result.err().unwrap_or_else(|| "ended".to_owned());
                let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
                tracing::error!(task, reason, pause_ms, "task ended, restarting");
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stop.cancelled() => return,
                }
                pause = (pause * 2).min(BACKOFF_MAX);
            }
        });
    }

    /// Names of the tasks that run now, sorted.
    pub fn running(&self) -> Vec<String> {
        let mut names: Vec<_> = self
            .lock()
            .running
            .values()
            .map(|(name, _)| name.clone())
            .collect();
        names.sort();
        names
    }

    /// Waits until all tasks have ended, at most `deadline`; aborts and names the others.
    ///
    /// It does not ask them to end: [`Shutdown::stop`] or [`crate::drain`] does.
    pub async fn join(&self, deadline: Duration) -> Report {
        self.tracker.close();
        let ended = tokio::select! {
            () = self.tracker.wait() => true,
            () = tokio::time::sleep(deadline) => false,
            () = self.shutdown.hurried() => false,
        };
        let mut unfinished = Vec::new();
        if !ended {
            unfinished = self.running();
            tracing::error!(?unfinished, "tasks did not end in time and are aborted");
            let handles: Vec<_> = self
                .lock()
                .running
                .values()
                .filter_map(|(_, handle)| handle.clone())
                .collect();
            handles.iter().for_each(AbortHandle::abort);
            // A task in blocking code cannot be aborted; the process does not wait for it.
            let _ = tokio::time::timeout(ABORT_TIME, self.tracker.wait()).await;
        }
        Report {
            unfinished,
            failures: self.lock().failures.clone(),
        }
    }

    fn supervise(&self, name: &str, future: impl Future<Output = ()> + Send + 'static) {
        let id = {
            let mut state = self.lock();
            state.next += 1;
            let id = state.next;
            state.running.insert(id, (name.to_owned(), None));
            id
        };
        let entry = Entry {
            id,
            state: Arc::clone(&self.state),
        };
        let handle = self
            .tracker
            .spawn(async move {
                let _entry = entry;
                future.await;
            })
            .abort_handle();
        if let Some((_, slot)) = self.lock().running.get_mut(&id) {
            *slot = Some(handle);
        }
    }

    fn failed(&self, task: String, reason: String) {
        self.lock().failures.push(Failure { task, reason });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the task off the list when it ends, also when it is aborted.
struct Entry {
    id: u64,
    state: Arc<Mutex<State>>,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .running
            .remove(&self.id);
    }
}

/// Runs `future` and turns an error or a panic into text.
async fn run<F>(future: F) -> Result<(), String>
where
    F: Future<Output = anyhow::Result<()>> + Send,
{
    // Nothing of the future is used after a panic, so no broken state can be seen.
    match AssertUnwindSafe(future).catch_unwind().await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(format!("{error:#}")),
        Err(panic) => Err(panic_text(panic.as_ref())),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message");
    format!("panic: {text}")
}
