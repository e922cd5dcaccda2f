//! The gRPC server that takes OTLP exports.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::{LogsService, LogsServiceServer};
use opentelemetry_proto::tonic::collector::logs::v1::{ExportLogsServiceRequest, ExportLogsServiceResponse};
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

use crate::{LogRecord, Metric, Seen, Span, decode};

/// Largest export taken; the exporters send far smaller ones.
const MESSAGE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A running receiver. Clones share it; it stops listening when the last one is dropped.
#[derive(Debug, Clone)]
pub struct Receiver {
    store: Store,
    address: SocketAddr,
    _server: Arc<Server>,
}

/// What was waited for did not come.
#[derive(Debug, thiserror::Error)]
#[error("not received within {deadline:?}; so far {spans} spans, {logs} log records, metrics {metrics:?}")]
pub struct WaitError {
    /// How long was waited.
    pub deadline: Duration,
    /// Spans kept at the end.
    pub spans: usize,
    /// Log records kept at the end.
    pub logs: usize,
    /// Names of the metrics at the end.
    pub metrics: Vec<String>,
}

#[derive(Debug)]
struct Server(AbortHandle);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Receiver {
    /// Listens at `listen`; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is taken or not ours.
    pub async fn start(listen: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let store = Store::default();
        let server = tonic::transport::Server::builder()
            .add_service(TraceServiceServer::new(store.clone()).max_decoding_message_size(MESSAGE_BYTES_MAX))
            .add_service(
                MetricsServiceServer::new(store.clone()).max_decoding_message_size(MESSAGE_BYTES_MAX),
            )
            .add_service(LogsServiceServer::new(store.clone()).max_decoding_message_size(MESSAGE_BYTES_MAX))
            .serve_with_incoming(TcpListenerStream::new(listener));
        let task = tokio::spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(%error, "the receiver of traces ended");
            }
        });
        Ok(Self {
            store,
            address,
            _server: Arc::new(Server(task.abort_handle())),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What an exporter takes as endpoint: `http://127.0.0.1:<port>`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Looks at everything received, without copying it; keep `look` short, exports wait for it.
    pub fn look<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&self.store.seen.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// All spans, trace by trace.
    pub fn spans(&self) -> Vec<Span> {
        self.look(|seen| seen.spans().cloned().collect())
    }

    /// The spans of one trace by their start; empty when it is not known.
    pub fn trace(&self, trace_id: &str) -> Vec<Span> {
        let mut spans = self.look(|seen| seen.trace(trace_id).to_vec());
        spans.sort_by_key(|span| span.start_unix_nanos);
        spans
    }

    /// Names of the metrics reported so far, sorted.
    pub fn metric_names(&self) -> Vec<String> {
        self.look(|seen| seen.metrics().map(|metric| metric.name.clone()).collect())
    }

    /// The metrics reported so far, by name.
    pub fn metrics(&self) -> Vec<Metric> {
        self.look(|seen| seen.metrics().cloned().collect())
    }

    /// The log records, oldest first.
    pub fn log_records(&self) -> Vec<LogRecord> {
        self.look(|seen| seen.log_records().cloned().collect())
    }

    /// Waits until `predicate` holds; it is asked at once and after each export.
    ///
    /// # Errors
    /// [`WaitError`] with what had come, when `deadline` passes.
    pub async fn wait_for(
        &self,
        mut predicate: impl FnMut(&Seen) -> bool,
        deadline: Duration,
    ) -> Result<(), WaitError> {
        // Subscribed before the first look, so that no export falls between the two.
        let mut exports = self.store.exports.subscribe();
        let waiting = async {
            while !self.look(&mut predicate) {
                // The sender lives in `self`, so waiting cannot fail.
                let _ = exports.changed().await;
            }
        };
        tokio::time::timeout(deadline, waiting).await.map_err(|_| {
            self.look(|seen| WaitError {
                deadline,
                spans: seen.spans().count(),
                logs: seen.log_records().count(),
                metrics: seen.metrics().map(|metric| metric.name.clone()).collect(),
            })
        })
    }
}

/// What the three services write to.
#[derive(Debug, Clone, Default)]
struct Store {
    seen: Arc<RwLock<Seen>>,
    exports: Arc<watch::Sender<()>>,
}

impl Store {
    fn add(&self, add: impl FnOnce(&mut Seen)) {
        add(&mut self.seen.write().unwrap_or_else(PoisonError::into_inner));
        self.exports.send_replace(());
    }
}

#[tonic::async_trait]
impl TraceService for Store {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let spans = decode::spans(request.into_inner());
        self.add(|seen| seen.add_spans(spans));
        Ok(Response::new(Default::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Store {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        let metrics = decode::metrics(request.into_inner());
        self.add(|seen| seen.add_metrics(metrics));
        Ok(Response::new(Default::default()))
    }
}

#[tonic::async_trait]
impl LogsService for Store {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        let records = decode::log_records(request.into_inner());
        self.add(|seen| seen.add_log_records(records));
        Ok(Response::new(Default::default()))
    }
}
