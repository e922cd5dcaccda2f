//! The named metrics of the platform, one method each, so that every service uses the same names and labels.

use std::sync::OnceLock;
use std::time::Duration;

use opentelemetry::metrics::{Counter, Gauge, Histogram};
use opentelemetry::{KeyValue, global};

use crate::install::SCOPE;

/// Upper bounds of the time histograms, in seconds: from half a millisecond to half a minute.
const TIME_BOUNDS_S: [f64; 15] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// The instruments that export, made when telemetry is installed.
static EXPORTING: OnceLock<Metrics> = OnceLock::new();
/// The instruments before that; they record nothing.
static SILENT: OnceLock<Metrics> = OnceLock::new();

/// The metrics of the process; before [`crate::init`], and without an endpoint, they record nothing.
///
/// Ask again at each use instead of keeping the answer: what was given before `init` stays silent.
pub fn metrics() -> &'static Metrics {
    EXPORTING
        .get()
        .unwrap_or_else(|| SILENT.get_or_init(Metrics::new))
}

/// Makes the instruments on the meter installed just now.
pub(crate) fn install() {
    EXPORTING.get_or_init(Metrics::new);
}

/// All named metrics. `service` is the name of the service (`funds`), `reaction` that of the consumer's use case.
#[derive(Debug)]
pub struct Metrics {
    outbox_lag: Gauge<u64>,
    outbox_age: Gauge<f64>,
    consumer_lag: Gauge<u64>,
    handler_time: Histogram<f64>,
    deadlines_overdue: Gauge<u64>,
    dead_letters: Gauge<u64>,
    dead_letters_added: Counter<u64>,
    request_time: Histogram<f64>,
}

impl Metrics {
    fn new() -> Self {
        let meter = global::meter(SCOPE);
        Self {
            outbox_lag: meter
                .u64_gauge("heju.outbox.lag")
                .with_unit("{event}")
                .with_description("Events committed and not yet published")
                .build(),
            outbox_age: meter
                .f64_gauge("heju.outbox.age")
                .with_unit("s")
                .with_description("Age of the oldest event not yet published")
                .build(),
            consumer_lag: meter
                .u64_gauge("heju.consumer.lag")
                .with_unit("{event}")
                .with_description("Events in the stream the consumer has not acknowledged")
                .build(),
            handler_time: meter
                .f64_histogram("heju.handler.time")
                .with_unit("s")
                .with_description("Time a reaction took, by outcome")
                .with_boundaries(TIME_BOUNDS_S.to_vec())
                .build(),
            deadlines_overdue: meter
                .u64_gauge("heju.deadlines.overdue")
                .with_unit("{deadline}")
                .with_description("Deadlines that are due and not yet handled")
                .build(),
            dead_letters: meter
                .u64_gauge("heju.dead_letters")
                .with_unit("{event}")
                .with_description("Events set aside and not yet replayed")
                .build(),
            dead_letters_added: meter
                .u64_counter("heju.dead_letters.added")
                .with_unit("{event}")
                .with_description("Events set aside since the start of the process")
                .build(),
            request_time: meter
                .f64_histogram("heju.request.time")
                .with_unit("s")
                .with_description("Time an rpc took, by rpc and gRPC code")
                .with_boundaries(TIME_BOUNDS_S.to_vec())
                .build(),
        }
    }

    /// `heju.outbox.lag` and `heju.outbox.age`: events waiting to be published, and the age of the oldest.
    /// A relay that gives up its lease sets both to zero, or its last value stays on the dashboards.
    pub fn outbox_lag(&self, service: &str, waiting: u64, oldest_age: Duration) {
        let labels = [label("service", service)];
        self.outbox_lag.record(waiting, &labels);
        self.outbox_age.record(oldest_age.as_secs_f64(), &labels);
    }

    /// `heju.consumer.lag`: events in the stream that `reaction` has not acknowledged.
    pub fn consumer_lag(&self, service: &str, reaction: &str, pending: u64) {
        self.consumer_lag
            .record(pending, &[label("service", service), label("reaction", reaction)]);
    }

    /// `heju.handler.time`: time one event took; `outcome` is one of few words
    /// such as `applied`, `duplicate`, `retried`, `dead_lettered`.
    pub fn handler_time(&self, service: &str, reaction: &str, outcome: &str, elapsed: Duration) {
        self.handler_time.record(
            elapsed.as_secs_f64(),
            &[
                label("service", service),
                label("reaction", reaction),
                label("outcome", outcome),
            ],
        );
    }

    /// `heju.deadlines.overdue`: deadlines of the service that are due and not handled.
    pub fn deadlines_overdue(&self, service: &str, count: u64) {
        self.deadlines_overdue.record(count, &[label("service", service)]);
    }

    /// `heju.dead_letters`: events set aside and not yet replayed.
    pub fn dead_letters(&self, service: &str, count: u64) {
        self.dead_letters.record(count, &[label("service", service)]);
    }

    /// `heju.dead_letters.added`: one more event was set aside.
    pub fn dead_letter_added(&self, service: &str, reaction: &str) {
        self.dead_letters_added
            .add(1, &[label("service", service), label("reaction", reaction)]);
    }

    /// `heju.request.time`: time one rpc took; `rpc` is the full method (`heju.funds.v1.Funds/GetDraw`),
    /// `code` the gRPC code in words (`OK`, `NOT_FOUND`).
    pub fn request_time(&self, service: &str, rpc: &str, code: &str, elapsed: Duration) {
        self.request_time.record(
            elapsed.as_secs_f64(),
            &[label("service", service), label("rpc", rpc), label("code", code)],
        );
    }
}

fn label(name: &'static str, value: &str) -> KeyValue {
    KeyValue::new(name, value.to_owned())
}
