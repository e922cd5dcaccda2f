#![doc = include_str!("../README.md")]

pub mod catalog;
mod document;
mod event;
mod generated;

pub mod asyncapi;
pub mod openapi;

pub use catalog::descriptor_pool;
pub use event::Event;
pub use generated::{committees, common, funds, gateway, options, registry};

/// An instant on the wire; converts from and, checked, into `chrono::DateTime<Utc>`.
pub use pbjson_types::Timestamp;

/// The encoded `FileDescriptorSet` of all of Heju's protos and what they import, comments included.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
