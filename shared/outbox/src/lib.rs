#![doc = include_str!("../README.md")]

mod attempts;
mod commands;
pub mod dead_letters;
pub mod deadlines;
mod entity;
mod inbox;
pub mod lease;
pub mod message;
pub mod migrations;
pub mod reactions;
pub mod relay;
pub mod store;

pub use deadlines::Deadlines;
pub use inbox::Incoming;
pub use message::Message;
pub use reactions::{Reaction, Reactions, Received};
pub use relay::Relay;
pub use store::{Store, Tx};
