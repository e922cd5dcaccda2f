//! The contract's side: rpcs, conversions and events.

pub mod convert;
pub mod deadlines;
pub mod events;
pub mod grpc;
pub mod reactions;
