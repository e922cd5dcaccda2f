//! Why telemetry could not be installed or closed.

/// Why telemetry could not be installed or closed; the text says what to change.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The configuration key `log_filter` or `span_filter` is not a list of `target=level`.
    #[error("`{key}` is not a filter such as `info,sqlx=warn`: {detail}")]
    Filter {
        /// The configuration key at fault.
        key: &'static str,
        /// What the parser said.
        detail: String,
    },
    /// `sample_ratio` lies outside 0 to 1.
    #[error("`sample_ratio` must lie between 0 and 1, and is {0}")]
    SampleRatio(f64),
    /// The exporter refused `otlp_endpoint`.
    #[error(
        "`otlp_endpoint` {endpoint} cannot be used; give an address such as http://127.0.0.1:4317: {detail}"
    )]
    Endpoint {
        /// The address as configured.
        endpoint: String,
        /// What the exporter said.
        detail: String,
    },
    /// An endpoint is configured, but there is no Tokio runtime to export on.
    #[error("telemetry with an `otlp_endpoint` must be installed inside a Tokio runtime")]
    NoRuntime,
    /// A subscriber is installed in this process already.
    #[error("telemetry is installed in this process already")]
    AlreadyInstalled,
    /// What was recorded last could not be delivered.
    #[error("the last telemetry was not delivered: {0}")]
    NotDelivered(String),
    /// Flushing took longer than the deadline.
    #[error("telemetry was not flushed within the deadline")]
    Deadline,
}
