//! How many streams of events are open, for whom.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tonic::Code;

use crate::problem::Problem;

/// Counts open streams.
#[derive(Clone)]
pub(super) struct Subscribers {
    per_account: usize,
    all: usize,
    open: Arc<Mutex<HashMap<String, usize>>>,
}

/// An open stream; given back when dropped.
pub(super) struct Seat {
    subject: String,
    subscribers: Subscribers,
}

impl Subscribers {
    /// At most so many streams per account, and so many together.
    pub(super) fn new(per_account: usize, all: usize) -> Self {
        Subscribers {
            per_account,
            all,
            open: Arc::default(),
        }
    }

    /// Takes a seat; refuses with `TOO_MANY_STREAMS`.
    pub(super) fn sit(&self, subject: &str) -> Result<Seat, Problem> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.get(subject).copied().unwrap_or_default();
        if own >= self.per_account || open.values().sum::<usize>() >= self.all {
            return Err(Problem::new(
                Code::ResourceExhausted,
                "TOO_MANY_STREAMS",
                "Too many streams of events are open; close one first.",
                "已打开的事件流过多，请先关闭其中一个。",
            )
            .with_retry_after(30));
        }
        open.insert(subject.to_owned(), own + 1);
        Ok(Seat {
            subject: subject.to_owned(),
            subscribers: self.clone(),
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self
            .subscribers
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.subject) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.subject);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_seat_is_free_again_when_its_stream_ends() {
        let subscribers = Subscribers::new(2, 3);
        let first = subscribers.sit("a").unwrap();
        let _second = subscribers.sit("a").unwrap();
        assert_eq!(subscribers.sit("a").err().unwrap().reason(), "TOO_MANY_STREAMS");
        let _third = subscribers.sit("b").unwrap();
        assert!(subscribers.sit("c").is_err());
        drop(first);
        assert!(subscribers.sit("c").is_ok());
    }
}
