//! Installs the subscriber and the exporters of the process, and closes them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use opentelemetry::trace::TracerProvider;
use opentelemetry::{KeyValue, global};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_otlp::{ExporterBuildError, LogExporter, MetricExporter, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::logs::{self, BatchLogProcessor, SdkLoggerProvider};
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{self, BatchSpanProcessor, Sampler, SdkTracerProvider};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry};

use crate::format::Lines;
use crate::{Config, TelemetryError, filters, metrics};

/// Name of the instrumentation scope of everything this platform records.
pub(crate) const SCOPE: &str = "heju";

/// Set by the first `init`: a process has one subscriber for ever.
static INSTALLED: AtomicBool = AtomicBool::new(false);

/// Keeps the exporters; [`Guard::shutdown`] is the last step of the process.
///
/// Dropping it without `shutdown` loses what was not exported yet.
#[must_use = "call `shutdown` at the end, or the last spans are lost"]
#[derive(Debug)]
pub struct Guard {
    traces: SdkTracerProvider,
    exported: Option<Exported>,
}

#[derive(Debug)]
struct Exported {
    metrics: SdkMeterProvider,
    logs: SdkLoggerProvider,
}

/// Installs the subscriber of this process: lines on standard error and, with an endpoint,
/// traces, metrics and logs over OTLP.
///
/// Without an endpoint every span still has a valid trace id, which travels as usual.
/// With an endpoint it must be called inside a Tokio runtime with at least two workers.
/// An endpoint that does not answer is no error: exports are tried in the background.
///
/// # Errors
/// A configuration that cannot be used, no runtime, or a second call in the same process.
pub fn init(config: &Config) -> Result<Guard, TelemetryError> {
    config.validate()?;
    if config.otlp_endpoint.is_some() && tokio::runtime::Handle::try_current().is_err() {
        return Err(TelemetryError::NoRuntime);
    }
    if INSTALLED.swap(true, Ordering::SeqCst) {
        return Err(TelemetryError::AlreadyInstalled);
    }
    // A configuration that fails from here on may be corrected and tried again.
    install(config).inspect_err(|error| {
        if !matches!(error, TelemetryError::AlreadyInstalled) {
            INSTALLED.store(false, Ordering::SeqCst);
        }
    })
}

fn install(config: &Config) -> Result<Guard, TelemetryError> {
    let resource = resource(config);
    let mut traces = SdkTracerProvider::builder()
        .with_resource(resource.clone())
        .with_sampler(sampler(config.sample_ratio));
    let mut exported = None;
    if let Some(endpoint) = &config.otlp_endpoint {
        let exporters = Exporters::build(endpoint, config)?;
        traces = traces.with_span_processor(exporters.spans);
        exported = Some(Exported {
            metrics: SdkMeterProvider::builder()
                .with_resource(resource.clone())
                .with_reader(exporters.metrics)
                .build(),
            logs: SdkLoggerProvider::builder()
                .with_resource(resource)
                .with_log_processor(exporters.logs)
                .build(),
        });
    }
    let traces = traces.build();

    let recorded = filters::recorded(&config.span_filter)?;
    let spans = tracing_opentelemetry::layer()
        .with_tracer(traces.tracer(SCOPE))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(recorded.clone());
    let logs = exported
        .as_ref()
        .map(|exported| OpenTelemetryTracingBridge::new(&exported.logs).with_filter(recorded));
    Registry::default()
        .with(spans)
        .with(logs)
        .with(
            Lines::layer(config.log_format, std::io::stderr)
                .with_filter(filters::console(&config.log_filter)?),
        )
        .try_init()
        .map_err(|_| TelemetryError::AlreadyInstalled)?;

    if let Some(exported) = &exported {
        global::set_meter_provider(exported.metrics.clone());
    }
    metrics::install();
    Ok(Guard { traces, exported })
}

impl Guard {
    /// Delivers what was recorded and closes the exporters; call it last, when nothing records any more.
    ///
    /// The export needs the runtime, so the waiting happens on a thread of its own.
    /// Not `spawn_blocking`: a runtime that ends waits for its blocking threads, deadline or not.
    ///
    /// # Errors
    /// [`TelemetryError::NotDelivered`] when the receiver refused or was not there,
    /// [`TelemetryError::Deadline`] when it took longer than `deadline`.
    pub async fn shutdown(self, deadline: Duration) -> Result<(), TelemetryError> {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        std::thread::Builder::new()
            .name("telemetry-shutdown".to_owned())
            .spawn(move || {
                // The other side is gone when the deadline has passed: then nobody wants the answer.
                let _ = sender.send(self.close(deadline));
            })
            .map_err(|error| TelemetryError::NotDelivered(error.to_string()))?;
        match tokio::time::timeout(deadline, receiver).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(TelemetryError::NotDelivered(
                "the flushing thread ended early".to_owned(),
            )),
            Err(_) => Err(TelemetryError::Deadline),
        }
    }

    fn close(self, deadline: Duration) -> Result<(), TelemetryError> {
        let end = Instant::now() + deadline;
        let left = || end.saturating_duration_since(Instant::now());
        let mut failures = Vec::new();
        let mut note = |signal: &str, result: Result<(), OTelSdkError>| {
            if let Err(error) = result {
                failures.push(format!("{signal}: {error}"));
            }
        };
        note("traces", self.traces.shutdown_with_timeout(left()));
        if let Some(exported) = self.exported {
            note("metrics", exported.metrics.shutdown_with_timeout(left()));
            note("logs", exported.logs.shutdown_with_timeout(left()));
        }
        if failures.is_empty() {
            Ok(())
        } else {
            Err(TelemetryError::NotDelivered(failures.join("; ")))
        }
    }
}

struct Exporters {
    spans: BatchSpanProcessor,
    metrics: PeriodicReader<MetricExporter>,
    logs: BatchLogProcessor,
}

impl Exporters {
    fn build(endpoint: &str, config: &Config) -> Result<Self, TelemetryError> {
        let refused = |error: ExporterBuildError| TelemetryError::Endpoint {
            endpoint: endpoint.to_owned(),
            detail: error.to_string(),
        };
        let timeout = Duration::from_millis(config.export_timeout_ms);
        let interval = Duration::from_millis(config.export_interval_ms);
        let spans = SpanExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .with_timeout(timeout)
            .build()
            .map_err(refused)?;
        let metrics = MetricExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .with_timeout(timeout)
            .build()
            .map_err(refused)?;
        let logs = LogExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .with_timeout(timeout)
            .build()
            .map_err(refused)?;
        Ok(Self {
            spans: BatchSpanProcessor::builder(spans)
                .with_batch_config(
                    trace::BatchConfigBuilder::default()
                        .with_scheduled_delay(interval)
                        .build(),
                )
                .build(),
            metrics: PeriodicReader::builder(metrics)
                .with_interval(Duration::from_millis(config.metrics_interval_ms))
                .build(),
            logs: BatchLogProcessor::builder(logs)
                .with_batch_config(
                    logs::BatchConfigBuilder::default()
                        .with_scheduled_delay(interval)
                        .build(),
                )
                .build(),
        })
    }
}

fn resource(config: &Config) -> Resource {
    let instance = config
        .instance_id
        .clone()
        .unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
    Resource::builder()
        .with_service_name(config.service_name.clone())
        .with_attributes([
            KeyValue::new("service.version", config.service_version.clone()),
            KeyValue::new("service.instance.id", instance),
        ])
        .build()
}

fn sampler(ratio: f64) -> Sampler {
    Sampler::ParentBased(Box::new(if ratio >= 1.0 {
        Sampler::AlwaysOn
    } else {
        Sampler::TraceIdRatioBased(ratio)
    }))
}
