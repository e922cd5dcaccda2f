//! The `[telemetry]` section of the configuration, with every default in one place.

use serde::{Deserialize, Serialize};

use crate::TelemetryError;

/// How log lines are written to standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One readable line per event.
    #[default]
    Text,
    /// One JSON object per event and line.
    Json,
}

/// What is recorded and where it goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Resource attribute `service.name`: the name of this process.
    pub service_name: String,
    /// Resource attribute `service.version`.
    pub service_version: String,
    /// Resource attribute `service.instance.id`; a random one per start when absent.
    pub instance_id: Option<String>,
    /// OTLP gRPC receiver, as in `http://127.0.0.1:4317`; nothing is exported when absent.
    pub otlp_endpoint: Option<String>,
    /// Text or JSON.
    pub log_format: LogFormat,
    /// Which events are written to standard error, as in `info,sqlx=warn`.
    pub log_filter: String,
    /// Which spans and events are recorded and exported; independent of `log_filter`.
    /// The crates under the exporter itself are always left out.
    pub span_filter: String,
    /// Share of new traces that is exported, 0 to 1; a trace begun elsewhere keeps the decision made there.
    pub sample_ratio: f64,
    /// Longest time between recording a span or log record and exporting it, in milliseconds.
    pub export_interval_ms: u64,
    /// Time between two exports of the metrics, in milliseconds.
    pub metrics_interval_ms: u64,
    /// Longest time one export may take, in milliseconds.
    pub export_timeout_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            service_name: "heju".to_owned(),
            service_version: env!("CARGO_PKG_VERSION").to_owned(),
            instance_id: None,
            otlp_endpoint: None,
            log_format: LogFormat::Text,
            log_filter: "info,h2=warn,hyper=warn,hyper_util=warn,tonic=warn,tower=warn,sqlx=warn,\
                         sea_orm=warn,async_nats=warn,opentelemetry=warn"
                .to_owned(),
            span_filter: "info,sqlx=warn,sea_orm=warn,async_nats=warn".to_owned(),
            sample_ratio: 1.0,
            export_interval_ms: 1_000,
            metrics_interval_ms: 10_000,
            export_timeout_ms: 5_000,
        }
    }
}

impl Config {
    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// [`TelemetryError::SampleRatio`] and [`TelemetryError::Filter`].
    pub fn validate(&self) -> Result<(), TelemetryError> {
        if !(0.0..=1.0).contains(&self.sample_ratio) {
            return Err(TelemetryError::SampleRatio(self.sample_ratio));
        }
        crate::filters::console(&self.log_filter)?;
        crate::filters::recorded(&self.span_filter)?;
        Ok(())
    }
}
