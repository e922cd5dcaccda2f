#![doc = include_str!("../README.md")]

mod decode;
pub mod http;
mod model;
mod receiver;
mod seen;

pub use model::{Kind, Link, LogRecord, Metric, Span, Status};
pub use receiver::{Receiver, WaitError};
pub use seen::{LOG_RECORDS_MAX, METRICS_MAX, SPANS_PER_TRACE_MAX, Seen, TRACES_MAX, TraceSummary};
