#![doc = include_str!("../README.md")]

pub mod clock;
pub mod day;
pub mod holidays;
pub mod period;

pub use clock::{Clock, ClockError, SimulatedClock, SystemClock};
pub use day::{end_of_day, start_of_day, today};
pub use holidays::{Holidays, HolidaysError};
pub use period::{Period, Roll, counted_back, deadline};
