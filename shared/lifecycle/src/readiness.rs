//! Whether this process should be sent work: named conditions, all of which must hold.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// Named conditions (`nats`, `database`, `stream`), ready when all hold and the drain has not begun.
///
/// Clones share the same state.
#[derive(Debug, Clone)]
pub struct Readiness {
    state: Arc<Mutex<State>>,
    ready: Arc<watch::Sender<bool>>,
}

#[derive(Debug, Default)]
struct State {
    conditions: BTreeMap<String, bool>,
    closed: bool,
}

impl State {
    fn is_ready(&self) -> bool {
        !self.closed && self.conditions.values().all(|holds| *holds)
    }
}

impl Readiness {
    /// Unready until every one of `conditions` was set to true; with none it is ready at once.
    pub fn new<'a>(conditions: impl IntoIterator<Item = &'a str>) -> Self {
        let state = State {
            conditions: conditions
                .into_iter()
                .map(|name| (name.to_owned(), false))
                .collect(),
            closed: false,
        };
        let (ready, _) = watch::channel(state.is_ready());
        Self {
            state: Arc::new(Mutex::new(state)),
            ready: Arc::new(ready),
        }
    }

    /// Says whether the condition holds; a name not given to [`Readiness::new`] becomes a condition too.
    pub fn set(&self, name: &str, holds: bool) {
        self.change(|state| {
            let before = state.conditions.insert(name.to_owned(), holds);
            if before != Some(holds) {
                tracing::info!(condition = name, holds, "readiness condition changed");
            }
        });
    }

    /// Unready for ever: the process is about to end. Conditions set later change nothing.
    pub fn close(&self) {
        self.change(|state| state.closed = true);
    }

    /// Whether all conditions hold and the drain has not begun.
    pub fn is_ready(&self) -> bool {
        *self.ready.borrow()
    }

    /// The conditions that do not hold, in the order of their names.
    pub fn missing(&self) -> Vec<String> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state
            .conditions
            .iter()
            .filter(|(_, holds)| !**holds)
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// A receiver of the answer, notified only when it changes.
    pub fn subscribe(&self) -> watch::Receiver<bool> {
        self.ready.subscribe()
    }

    /// Ends when the process is ready.
    pub async fn ready(&self) {
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = self.subscribe().wait_for(|ready| *ready).await;
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        let now = state.is_ready();
        // Sent under the lock, so that two changes cannot be published in the wrong order.
        self.ready.send_if_modified(|ready| {
            let changed = *ready != now;
            *ready = now;
            changed
        });
    }
}
