//! How often an event failed here, and a handler's panic as a failure like any other.

use std::any::Any;
use std::collections::HashMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};

use futures::FutureExt;
use ids::EventId;
use rpc::{Failure, Kind};

/// Events counted at one time. More than a consumer may have unacknowledged, so it is reached only by entries whose
/// event another replica has handled; then counting begins anew.
const EVENTS_MAX: usize = 16_384;

/// Failures of the events of one reaction that are not yet handled.
///
/// The server counts deliveries, but an outage is among them: after an hour without a database the first real failure
/// would be the last. Counted in this process only: an event that ends the process is not given up by it.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    by_event: Mutex<HashMap<EventId, i64>>,
}

impl Attempts {
    /// Counts one more failure; returns how many there are now.
    pub(crate) fn failed(&self, event: EventId) -> i64 {
        let mut by_event = self.by_event.lock().unwrap_or_else(PoisonError::into_inner);
        if by_event.len() >= EVENTS_MAX && !by_event.contains_key(&event) {
            by_event.clear();
        }
        let attempts = by_event.entry(event).or_default();
        *attempts += 1;
        *attempts
    }

    /// It is handled, or given up.
    pub(crate) fn forget(&self, event: EventId) {
        self.by_event
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&event);
    }
}

/// Runs a handler; a panic in it is a bug of ours in this event or deadline, and must not stop the loop and with it all
/// others. Its transaction was dropped, so nothing of it took effect.
pub(crate) async fn caught<T>(handler: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let result = AssertUnwindSafe(handler).catch_unwind().await;
    result.unwrap_or_else(|panic| Err(panicked(panic.as_ref())))
}

/// The same of what does not wait.
pub(crate) fn caught_now<T>(read: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let result = std::panic::catch_unwind(AssertUnwindSafe(read));
    result.unwrap_or_else(|panic| Err(panicked(panic.as_ref())))
}

fn panicked(panic: &(dyn Any + Send)) -> Failure {
    Failure {
        kind: Kind::Bug,
        reason: "PANIC",
        report: text_of(panic),
    }
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panic: {}", text.unwrap_or("without a message"))
}
