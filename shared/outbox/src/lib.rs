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
mod positions;
pub mod reactions;
pub mod relay;
mod replicas;
pub mod store;

pub use deadlines::Deadlines;
pub use inbox::Incoming;
pub use message::Message;
pub use positions::Standing;
pub use reactions::{Reaction, Reactions, Received};
pub use relay::Relay;
pub use replicas::Replica;
pub use store::{Store, Tx};
