#![doc = include_str!("../README.md")]
// A test that cannot be set up must fail at once and loudly.
#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod backend;
mod containers;
pub mod nats;
pub mod people;
pub mod postgres;
pub mod registry;
pub mod skip;
pub mod wait;
pub mod world;

pub use backend::{Backend, backends};
pub use nats::TestNats;
pub use wait::wait_for;
pub use world::{Hosting, World};
