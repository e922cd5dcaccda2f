#![doc = include_str!("../README.md")]

pub mod nats;
pub mod postgres;
mod process;

pub use nats::NatsServer;
pub use postgres::PostgresServer;
