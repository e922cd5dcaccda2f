#![doc = include_str!("../README.md")]

pub mod bus;
pub mod durable;
pub mod envelope;
pub mod stream;
pub mod subject;

pub use bus::{Bus, BusError, Config};
pub use envelope::{Envelope, EnvelopeError};
