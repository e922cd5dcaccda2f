#![doc = include_str!("../README.md")]

mod drain;
mod readiness;
mod shutdown;
mod tasks;

pub use drain::{Drain, drain};
pub use readiness::Readiness;
pub use shutdown::Shutdown;
pub use tasks::{Failure, Report, Tasks};
