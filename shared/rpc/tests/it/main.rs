//! Calls between services: the guard, the two kinds of peers, deadlines and limits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod context;
mod echo;
mod guard;
mod peers;
