//! The edge: wire types in and out, and nothing decided.

pub mod convert;
pub mod events;
pub mod grpc;
pub mod inbound;
pub mod reactions;
