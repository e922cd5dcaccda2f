#![doc = include_str!("../README.md")]

pub mod nats;
pub mod postgres;
pub mod process;

pub use nats::NatsServer;
pub use postgres::PostgresServer;
