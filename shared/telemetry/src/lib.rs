#![doc = include_str!("../README.md")]

pub mod config;
pub mod context;
mod error;
mod filters;
mod format;
mod install;
pub mod metrics;
mod report;

pub use config::{Config, LogFormat};
pub use context::{
    extract, extract_http, inject_current, inject_http, link, set_parent, trace_id_of_current,
    trace_parent_of_current,
};
pub use error::TelemetryError;
pub use install::{Guard, init};
pub use metrics::{Metrics, metrics};
pub use report::report;
