//! What is kept in memory, and how much of it.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::{LogRecord, Metric, Span};

/// Traces kept; the one that began to arrive first is dropped for a new one.
pub const TRACES_MAX: usize = 2_000;
/// Spans kept of one trace; later ones are counted and dropped.
pub const SPANS_PER_TRACE_MAX: usize = 2_000;
/// Log records kept; the oldest is dropped for a new one.
pub const LOG_RECORDS_MAX: usize = 10_000;
/// Metrics kept; names beyond are dropped.
pub const METRICS_MAX: usize = 1_000;

/// Everything received and still kept.
#[derive(Debug, Default)]
pub struct Seen {
    traces: HashMap<String, Vec<Span>>,
    order: VecDeque<String>,
    logs: VecDeque<LogRecord>,
    metrics: BTreeMap<String, Metric>,
    dropped_spans: u64,
}

/// One line of the list of recent traces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceSummary {
    /// 32 lower-case hex digits.
    pub trace_id: String,
    /// Name of its root span, or of its earliest while the root has not ended.
    pub name: String,
    /// The services in it, sorted.
    pub services: Vec<String>,
    /// Number of its spans.
    pub spans: usize,
}

impl Seen {
    /// All spans, trace by trace in the order their traces arrived.
    pub fn spans(&self) -> impl Iterator<Item = &Span> {
        self.order.iter().filter_map(|id| self.traces.get(id)).flatten()
    }

    /// The spans of one trace in the order they arrived; empty when it is not known.
    pub fn trace(&self, trace_id: &str) -> &[Span] {
        self.traces.get(trace_id).map_or(&[], Vec::as_slice)
    }

    /// The log records, oldest first.
    pub fn log_records(&self) -> impl Iterator<Item = &LogRecord> {
        self.logs.iter()
    }

    /// The metrics, by name.
    pub fn metrics(&self) -> impl Iterator<Item = &Metric> {
        self.metrics.values()
    }

    /// Whether a metric of this name was reported.
    pub fn has_metric(&self, name: &str) -> bool {
        self.metrics.contains_key(name)
    }

    /// Spans that came when their trace was full.
    pub fn dropped_spans(&self) -> u64 {
        self.dropped_spans
    }

    /// The traces, latest first.
    pub fn summaries(&self) -> Vec<TraceSummary> {
        self.order
            .iter()
            .rev()
            .map(|id| summary(id, self.trace(id)))
            .collect()
    }

    pub(crate) fn add_spans(&mut self, spans: Vec<Span>) {
        for span in spans {
            if !self.traces.contains_key(&span.trace_id) {
                if self.order.len() >= TRACES_MAX
                    && let Some(oldest) = self.order.pop_front()
                {
                    self.traces.remove(&oldest);
                }
                self.order.push_back(span.trace_id.clone());
            }
            let trace = self.traces.entry(span.trace_id.clone()).or_default();
            if trace.len() < SPANS_PER_TRACE_MAX {
                trace.push(span);
            } else {
                self.dropped_spans += 1;
            }
        }
    }

    pub(crate) fn add_log_records(&mut self, records: Vec<LogRecord>) {
        for record in records {
            if self.logs.len() >= LOG_RECORDS_MAX {
                self.logs.pop_front();
            }
            self.logs.push_back(record);
        }
    }

    pub(crate) fn add_metrics(&mut self, metrics: Vec<Metric>) {
        for metric in metrics {
            if self.metrics.len() >= METRICS_MAX && !self.metrics.contains_key(&metric.name) {
                continue;
            }
            let known = self.metrics.entry(metric.name.clone()).or_insert_with(|| Metric {
                labels: Vec::new(),
                ..metric.clone()
            });
            known.labels.extend(metric.labels);
            known.labels.sort();
            known.labels.dedup();
        }
    }
}

fn summary(trace_id: &str, spans: &[Span]) -> TraceSummary {
    let first = spans
        .iter()
        .min_by_key(|span| (span.parent_span_id.is_some(), span.start_unix_nanos));
    let mut services: Vec<_> = spans.iter().map(|span| span.service.clone()).collect();
    services.sort();
    services.dedup();
    TraceSummary {
        trace_id: trace_id.to_owned(),
        name: first.map(|span| span.name.clone()).unwrap_or_default(),
        services,
        spans: spans.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Status};

    fn span(trace: usize, span: usize) -> Span {
        Span {
            trace_id: format!("{trace:032x}"),
            span_id: format!("{span:016x}"),
            parent_span_id: None,
            name: format!("span {span}"),
            service: "funds".to_owned(),
            resource_service: "heju".to_owned(),
            kind: Kind::Internal,
            links: Vec::new(),
            attributes: BTreeMap::new(),
            status: Status::Unset,
            start_unix_nanos: 1,
            end_unix_nanos: 2,
        }
    }

    #[test]
    fn the_oldest_trace_makes_room_for_a_new_one() {
        let mut seen = Seen::default();
        seen.add_spans((0..=TRACES_MAX).map(|trace| span(trace, 1)).collect());
        assert_eq!(seen.spans().count(), TRACES_MAX);
        assert!(seen.trace(&format!("{:032x}", 0)).is_empty());
        assert_eq!(seen.summaries()[0].trace_id, format!("{TRACES_MAX:032x}"));
    }

    #[test]
    fn a_full_trace_takes_no_more_and_counts_what_it_drops() {
        let mut seen = Seen::default();
        seen.add_spans((0..SPANS_PER_TRACE_MAX + 3).map(|id| span(1, id)).collect());
        assert_eq!(seen.spans().count(), SPANS_PER_TRACE_MAX);
        assert_eq!(seen.dropped_spans(), 3);
    }

    #[test]
    fn log_records_and_metrics_are_bounded() {
        let mut seen = Seen::default();
        let record = LogRecord {
            severity: "INFO".to_owned(),
            body: String::new(),
            resource_service: "heju".to_owned(),
            trace_id: None,
            span_id: None,
            attributes: BTreeMap::new(),
        };
        seen.add_log_records(vec![record; LOG_RECORDS_MAX + 1]);
        assert_eq!(seen.log_records().count(), LOG_RECORDS_MAX);
        let metric = |name: usize| Metric {
            name: name.to_string(),
            unit: String::new(),
            labels: vec!["service".to_owned()],
        };
        seen.add_metrics((0..=METRICS_MAX).map(metric).collect());
        assert_eq!(seen.metrics().count(), METRICS_MAX);
    }
}
