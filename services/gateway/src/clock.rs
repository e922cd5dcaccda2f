//! Moving a simulated clock: the gateway asks, whoever runs the platform moves.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

/// Moves the platform's clock, in every process. Given only where the configuration says `clock = "simulated"`.
#[async_trait::async_trait]
pub trait ClockControl: Send + Sync {
    /// Moves the clock to `to`, which is not before its present; the move is seen by `Clock::now` when this returns.
    ///
    /// # Errors
    /// Where the move could not be made or kept; the clock then stands where it was.
    async fn advance(&self, to: DateTime<Utc>) -> anyhow::Result<()>;
}

/// Moves remembered, for those who repeat them.
const REMEMBERED: usize = 256;

/// The last moves, by key: a clock runs on, so a repeated move would otherwise look like one into the past.
#[derive(Debug, Default)]
pub(crate) struct Moves(Mutex<VecDeque<(String, DateTime<Utc>)>>);

/// What is known of a move that is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing: decide.
    New,
    /// It was made before.
    Done,
    /// The key was used for a move to another time.
    OtherTime,
}

impl Moves {
    /// What is known of the move under this key.
    pub(crate) fn find(&self, key: &str, to: DateTime<Utc>) -> Known {
        let moves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match moves.iter().find(|(known, _)| known == key) {
            Some((_, before)) if *before == to => Known::Done,
            Some(_) => Known::OtherTime,
            // The same time twice, under whatever key, is fine.
            None if moves.iter().any(|(_, before)| *before == to) => Known::Done,
            None => Known::New,
        }
    }

    /// Remembers a move.
    pub(crate) fn remember(&self, key: &str, to: DateTime<Utc>) {
        let mut moves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if moves.len() >= REMEMBERED {
            moves.pop_front();
        }
        moves.push_back((key.to_owned(), to));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_move_is_known_and_a_key_names_one_move() {
        let moves = Moves::default();
        let (monday, tuesday) = (
            DateTime::UNIX_EPOCH,
            DateTime::UNIX_EPOCH + chrono::TimeDelta::days(1),
        );
        assert_eq!(moves.find("k", monday), Known::New);
        moves.remember("k", monday);
        assert_eq!(moves.find("k", monday), Known::Done);
        assert_eq!(moves.find("other", monday), Known::Done);
        assert_eq!(moves.find("k", tuesday), Known::OtherTime);
    }
}
