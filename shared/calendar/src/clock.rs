//! What time it is: asked of an injected clock, so that demonstrations and tests can move time forward.

use std::fmt;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};
use tokio::sync::watch;

/// Instants are cut to microseconds: PostgreSQL keeps no more, and a value read back must equal the one written.
const SUBSECOND_DIGITS: u16 = 6;

/// Tells the time. Shared as `Arc<dyn Clock>`.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The present instant, in whole microseconds.
    fn now(&self) -> DateTime<Utc>;

    /// Tells of jumps: fires whenever the clock was moved; the value is the offset in milliseconds.
    /// Whoever sleeps until an instant waits for this too. The sender lives as long as the process needs it:
    /// `changed()` never fails on a clock that is still held.
    fn subscribe(&self) -> watch::Receiver<i64>;
}

/// The clock of the machine. Never jumps.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(SUBSECOND_DIGITS)
    }

    fn subscribe(&self) -> watch::Receiver<i64> {
        // A sender that lives for ever: were it dropped, every waiting loop would spin.
        static STILL: LazyLock<watch::Sender<i64>> = LazyLock::new(|| watch::Sender::new(0));
        STILL.subscribe()
    }
}

/// A clock that can be moved forward, for demonstrations and tests.
/// Clones are the same clock.
#[derive(Clone, Debug)]
pub struct SimulatedClock {
    base: Base,
    // Holds the offset in milliseconds; changing it under its own lock makes each move one step.
    offset: Arc<watch::Sender<i64>>,
}

/// What the offset is added to.
#[derive(Clone, Copy, Debug)]
enum Base {
    /// The machine's clock.
    System,
    /// An instant that stands still.
    Frozen(DateTime<Utc>),
}

impl SimulatedClock {
    /// A clock that runs with the machine's, offset zero.
    pub fn new() -> Self {
        Self::over(Base::System, 0)
    }

    /// A clock that shows `instant` now and runs on from there.
    pub fn starting_at(instant: DateTime<Utc>) -> Self {
        let offset = instant.signed_duration_since(Utc::now());
        Self::over(Base::System, offset.num_milliseconds())
    }

    /// A clock that stands still at `instant` (cut to milliseconds) until it is moved.
    pub fn frozen_at(instant: DateTime<Utc>) -> Self {
        Self::over(Base::Frozen(instant.trunc_subsecs(3)), 0)
    }

    fn over(base: Base, offset: i64) -> Self {
        Self {
            base,
            offset: Arc::new(watch::Sender::new(offset)),
        }
    }

    /// Milliseconds by which this clock is ahead of its base.
    pub fn offset(&self) -> i64 {
        *self.offset.borrow()
    }

    /// Sets the offset, for example to one remembered from before a restart.
    /// Refuses to go back (`CLOCK_GOES_BACK`) or past the year 9999 (`CLOCK_TOO_FAR`).
    pub fn set_offset(&self, offset_ms: i64) -> Result<(), ClockError> {
        self.change(|_| Ok(offset_ms))
    }

    /// Moves the clock to `instant`, at most a millisecond past it. Moving to the present is allowed and does nothing.
    /// Refuses to go back (`CLOCK_GOES_BACK`) or past the year 9999 (`CLOCK_TOO_FAR`).
    pub fn advance_to(&self, instant: DateTime<Utc>) -> Result<(), ClockError> {
        self.change(|before| {
            let missing = instant.signed_duration_since(self.at(before)?);
            // Less than a millisecond back is the present, in the clock's own grain.
            if missing <= TimeDelta::milliseconds(-1) {
                return Err(ClockError::ClockGoesBack);
            }
            let whole = TimeDelta::milliseconds(missing.num_milliseconds());
            let round_up = i64::from(missing > whole);
            let missing_ms = missing.num_milliseconds() + round_up;
            before.checked_add(missing_ms).ok_or(ClockError::ClockTooFar)
        })
    }

    /// Moves the clock forward by `step`. Refuses as [`SimulatedClock::advance_to`] does.
    pub fn advance(&self, step: TimeDelta) -> Result<(), ClockError> {
        self.change(|before| {
            before
                .checked_add(step.num_milliseconds())
                .ok_or(ClockError::ClockTooFar)
        })
    }

    /// Replaces the offset in one step and tells the subscribers when it changed.
    fn change(&self, next: impl FnOnce(i64) -> Result<i64, ClockError>) -> Result<(), ClockError> {
        let mut outcome = Ok(());
        self.offset.send_if_modified(|offset| {
            let before = *offset;
            match next(before).and_then(|after| self.checked(before, after)) {
                Ok(after) => {
                    *offset = after;
                    after != before
                }
                Err(refusal) => {
                    outcome = Err(refusal);
                    false
                }
            }
        });
        outcome
    }

    fn checked(&self, before: i64, after: i64) -> Result<i64, ClockError> {
        if after < before {
            return Err(ClockError::ClockGoesBack);
        }
        // The last day that RFC 3339 and protobuf can write.
        let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
        if self.at(after)?.date_naive() > last {
            return Err(ClockError::ClockTooFar);
        }
        Ok(after)
    }

    /// The instant the clock shows with this offset.
    fn at(&self, offset: i64) -> Result<DateTime<Utc>, ClockError> {
        let base = match self.base {
            Base::System => SystemClock.now(),
            Base::Frozen(instant) => instant,
        };
        TimeDelta::try_milliseconds(offset)
            .and_then(|offset| base.checked_add_signed(offset))
            .ok_or(ClockError::ClockTooFar)
    }
}

impl Default for SimulatedClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> DateTime<Utc> {
        // Offsets are checked when set; only a machine that runs past the last instant could fail here.
        self.at(self.offset()).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn subscribe(&self) -> watch::Receiver<i64> {
        self.offset.subscribe()
    }
}

/// Why a clock was not moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// Time goes forward only: deadlines that have passed were acted upon.
    #[error("the clock goes forward only")]
    ClockGoesBack,
    /// Past the year 9999.
    #[error("the clock cannot go past the year 9999")]
    ClockTooFar,
}

impl ClockError {
    /// Stable reason for clients.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::ClockGoesBack => "CLOCK_GOES_BACK",
            Self::ClockTooFar => "CLOCK_TOO_FAR",
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> &'static str {
        match self {
            Self::ClockGoesBack => "时钟只能向前调整",
            Self::ClockTooFar => "时钟不能超过 9999 年",
        }
    }
}
