//! One filter per layer, so that what is exported never depends on what is printed.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{LevelFilter, Targets};

use crate::TelemetryError;

/// The crates an OTLP export runs through.
/// If their spans were recorded, every export would cause the next one without end.
const EXPORT_PATH: [&str; 8] = [
    "h2",
    "hyper",
    "hyper_util",
    "opentelemetry",
    "reqwest",
    "rustls",
    "tonic",
    "tower",
];

/// The filter of the lines on standard error.
pub(crate) fn console(text: &str) -> Result<EnvFilter, TelemetryError> {
    EnvFilter::builder()
        .parse(text)
        .map_err(|error| TelemetryError::Filter {
            key: "log_filter",
            detail: error.to_string(),
        })
}

/// The filter of what is recorded as span, metric or log record; the export's own path is always off.
pub(crate) fn recorded(text: &str) -> Result<Targets, TelemetryError> {
    let asked: Targets =
        text.parse().map_err(
            |error: tracing_subscriber::filter::ParseError| TelemetryError::Filter {
                key: "span_filter",
                detail: error.to_string(),
            },
        )?;
    Ok(asked.with_targets(EXPORT_PATH.map(|target| (target, LevelFilter::OFF))))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use tracing::Level;

    #[test]
    fn the_path_of_the_export_is_off_whatever_is_asked() {
        let filter = recorded("trace,h2=trace").unwrap();
        for target in EXPORT_PATH {
            assert!(!filter.would_enable(target, &Level::ERROR), "{target}");
        }
        assert!(!filter.would_enable("tonic::transport", &Level::ERROR));
        assert!(filter.would_enable("funds::app", &Level::TRACE));
    }

    #[test]
    fn a_broken_filter_is_refused_with_its_key() {
        let refused = recorded("funds=loud").unwrap_err().to_string();
        assert!(refused.contains("span_filter"), "{refused}");
        let refused = console("funds=loud").unwrap_err().to_string();
        assert!(refused.contains("log_filter"), "{refused}");
    }
}
