#![doc = include_str!("../README.md")]

pub mod client;
pub mod context;
pub mod failure;
pub mod field;
pub mod page;
pub mod server;

pub use client::{Peer, PeerConfig, in_process, remote};
pub use context::{CallContext, Cause, IdempotencyKey};
pub use failure::{AppError, Failure, General, Kind, Refusal};
pub use field::Invalid;
pub use page::Page;
