#![doc = include_str!("../README.md")]

pub mod config;
pub mod host;
pub mod methods;
pub mod service;
pub mod shared_clock;

pub use config::ServiceConfig;
pub use host::{Host, Hosted, Peers};
pub use service::{Parts, Service};
