//! The outbox on real databases and a real NATS: nothing lost, nothing twice, whatever crashes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod commands;
mod counters;
mod dead_letters;
mod deadlines;
mod faults;
mod lease;
mod reactions;
mod relay;
mod replicas;
mod setting;
