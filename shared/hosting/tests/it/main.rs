//! A service hosted for real: served, ready, stopped, and the clock that all share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod hosted;
mod service;
mod shared_clock;
