//! Replicas: reactions that only keep what another service tells of, and so can take many events in one transaction.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use events::{Envelope, subject};
use futures::future::BoxFuture;
use rpc::{AppError, Failure, Kind, Refusal};
use tracing::{Instrument, Span, info_span};

use crate::attempts::{caught, caught_now};
use crate::positions::Standing;
use crate::reactions::{Received, incoming, unknown};

/// Traces that the span of one batch names; the rest are found by their own events.
const LINKS_MAX: usize = 64;

type Read<C> = Arc<dyn Fn(&Envelope) -> Result<C, Failure> + Send + Sync>;
type Applied<'a> = BoxFuture<'a, Result<Vec<Standing>, Failure>>;
type Apply<C> = Arc<dyn for<'a> Fn(&'a [Received<C>]) -> Applied<'a> + Send + Sync>;

/// A reaction that keeps a replica: every kind of event is read into a change `C`, and one use case applies many changes
/// in one transaction.
///
/// The use case begins with [`Tx::next_versions`](crate::Tx::next_versions), applies those that are `Next` in their order,
/// commits, and returns what it was told of each. It must have no other effect: where a batch fails it is halved until
/// what stands in the way is alone, so the others are applied again.
pub struct Replica<C> {
    pub(crate) name: &'static str,
    pub(crate) source: &'static str,
    pub(crate) filters: Vec<String>,
    readers: HashMap<&'static str, Read<C>>,
    apply: Apply<C>,
}

impl<C: Send + Sync + 'static> Replica<C> {
    /// A replica named as its use case `apply`, `replicate_registry`, of what `source` tells of.
    pub fn new<R, F>(name: &'static str, source: &'static str, apply: F) -> Self
    where
        R: Refusal,
        F: for<'a> Fn(&'a [Received<C>]) -> BoxFuture<'a, Result<Vec<Standing>, AppError<R>>>
            + Send
            + Sync
            + 'static,
    {
        let apply = erased(move |batch| {
            let applied = apply(batch);
            Box::pin(async move { applied.await.map_err(Failure::from) })
        });
        Replica {
            name,
            source,
            filters: Vec::new(),
            readers: HashMap::new(),
            apply,
        }
    }

    /// Follows every `E`, which `read` understands. All kinds are applied in the order in which they happened.
    #[must_use]
    pub fn on<E, R, F>(mut self, read: F) -> Self
    where
        E: proto::Event,
        R: Refusal,
        F: Fn(E) -> Result<C, AppError<R>> + Send + Sync + 'static,
    {
        debug_assert_eq!(E::SERVICE, self.source, "a reaction follows one stream");
        self.filters
            .push(subject::everywhere(E::SERVICE, E::AGGREGATE, E::NAME));
        let read: Read<C> = Arc::new(move |envelope| {
            let event = crate::reactions::decoded::<E>(envelope)?;
            read(event).map_err(Failure::from)
        });
        self.readers.insert(E::TYPE, read);
        self
    }

    pub(crate) fn kinds(&self) -> Vec<&'static str> {
        self.readers.keys().copied().collect()
    }

    /// Applies changes in their order, in one transaction where that is possible; returns what became of each.
    async fn apply(&self, changes: &[Received<C>]) -> Vec<Result<(), Failure>> {
        let mut outcomes: Vec<Result<(), Failure>> = changes.iter().map(|_| Ok(())).collect();
        let all: Range<usize> = 0..changes.len();
        let mut waiting = Vec::from([all]);
        while let Some(range) = waiting.pop() {
            let batch = &changes[range.clone()];
            if batch.is_empty() {
                continue;
            }
            match caught((self.apply)(batch)).await {
                Ok(standings) => {
                    for (index, change) in batch.iter().enumerate() {
                        outcomes[range.start + index] = match standings.get(index) {
                            Some(Standing::Next | Standing::Known) => Ok(()),
                            Some(Standing::Early { expected }) => Err(early(change, *expected)),
                            None => Err(forgotten(change)),
                        };
                    }
                }
                // An outage meets every event alike: none of those that wait is tried before it is over.
                Err(failure) if is_outage(&failure) => {
                    for index in range.chain(waiting.drain(..).flatten()) {
                        outcomes[index] = Err(failure.clone());
                    }
                }
                Err(failure) if batch.len() == 1 => outcomes[range.start] = Err(failure),
                Err(failure) => {
                    tracing::debug!(replica = self.name, events = batch.len(), %failure, "a batch failed; its halves are tried");
                    let middle = range.start + batch.len() / 2;
                    // The first half lies on top: order is kept.
                    waiting.extend([middle..range.end, range.start..middle]);
                }
            }
        }
        outcomes
    }

    fn read(&self, envelope: &Envelope) -> Result<C, Failure> {
        match self.readers.get(envelope.kind.as_str()) {
            Some(read) => read(envelope),
            None => Err(unknown(self.name, envelope)),
        }
    }

    /// One span for a batch: in the trace of its events where they have one in common, else linked to theirs.
    fn span(&self, service: &'static str, events: &[Envelope]) -> Span {
        let span = info_span!(
            "reaction",
            otel.name = format!("{service}.{}", self.name),
            otel.kind = "consumer",
            service,
            messaging.system = "nats",
            messaging.batch.message_count = events.len(),
            messaging.message.id = tracing::field::Empty,
            messaging.message.kind = tracing::field::Empty,
            event.aggregate = tracing::field::Empty,
        );
        if let [event] = events {
            span.record("messaging.message.id", tracing::field::display(&event.id));
            span.record("messaging.message.kind", event.kind.as_str());
            span.record("event.aggregate", event.aggregate.as_str());
        }
        let mut parents: Vec<Option<&str>> =
            events.iter().map(|event| event.trace_parent.as_deref()).collect();
        parents.dedup(); // events of one write lie together
        match parents.as_slice() {
            [parent] => {
                telemetry::set_parent(&span, *parent);
            }
            many => {
                for parent in many.iter().take(LINKS_MAX) {
                    telemetry::link(&span, *parent);
                }
            }
        }
        span
    }
}

/// Events on their way into one transaction, whatever they are read into.
pub(crate) trait Batch: Send {
    /// Reads an event; `sequence` is its place in the stream. Done while the batch before is applied.
    fn read(&mut self, sequence: u64, envelope: Envelope);

    /// Applies the events in the order of the stream; returns what became of each, in the order in which they were read.
    /// What fails is given up by nobody here: the loop around it counts.
    fn apply(self: Box<Self>) -> BoxFuture<'static, Vec<(Envelope, Result<(), Failure>)>>;
}

/// An empty batch of a replica of `service`.
pub(crate) fn batch<C: Send + Sync + 'static>(
    replica: Arc<Replica<C>>,
    service: &'static str,
) -> Box<dyn Batch> {
    Box::new(Gathered {
        replica,
        service,
        envelopes: Vec::new(),
        outcomes: Vec::new(),
        changes: Vec::new(),
    })
}

struct Gathered<C> {
    replica: Arc<Replica<C>>,
    service: &'static str,
    envelopes: Vec<Envelope>,
    /// What became of each, as far as it is known.
    outcomes: Vec<Result<(), Failure>>,
    /// What could be read: sequence, place among the envelopes, change. The rest is no reason to apply these twice.
    changes: Vec<(u64, usize, Received<C>)>,
}

impl<C: Send + Sync + 'static> Batch for Gathered<C> {
    fn read(&mut self, sequence: u64, envelope: Envelope) {
        let read = caught_now(|| self.replica.read(&envelope));
        self.outcomes.push(read.map(|event| {
            let incoming = incoming(self.service, self.replica.name, &envelope);
            let received = Received { event, incoming };
            self.changes.push((sequence, self.envelopes.len(), received));
        }));
        self.envelopes.push(envelope);
    }

    fn apply(mut self: Box<Self>) -> BoxFuture<'static, Vec<(Envelope, Result<(), Failure>)>> {
        Box::pin(async move {
            let started = Instant::now();
            let span = self.replica.span(self.service, &self.envelopes);
            // What is delivered again comes among what is new: in the order of the stream fewer wait for one before them.
            self.changes.sort_by_key(|(sequence, ..)| *sequence);
            let (places, changes): (Vec<usize>, Vec<Received<C>>) = std::mem::take(&mut self.changes)
                .into_iter()
                .map(|(_, place, received)| (place, received))
                .unzip();
            let applied = self.replica.apply(&changes).instrument(span).await;
            for (place, outcome) in places.into_iter().zip(applied) {
                self.outcomes[place] = outcome;
            }
            let each = started.elapsed() / u32::try_from(self.envelopes.len()).unwrap_or(u32::MAX).max(1);
            for outcome in &self.outcomes {
                let outcome = outcome.as_ref().map_or_else(|failure| failure.reason, |()| "OK");
                telemetry::metrics().handler_time(self.service, self.replica.name, outcome, each);
            }
            self.envelopes.into_iter().zip(self.outcomes).collect()
        })
    }
}

/// Says to the compiler that the closure takes a batch of any lifetime.
fn erased<C, F>(apply: F) -> Apply<C>
where
    F: for<'a> Fn(&'a [Received<C>]) -> Applied<'a> + Send + Sync + 'static,
{
    Arc::new(apply)
}

fn is_outage(failure: &Failure) -> bool {
    matches!(failure.kind, Kind::Unavailable | Kind::Exhausted)
}

fn early<C>(change: &Received<C>, expected: i64) -> Failure {
    let incoming = &change.incoming;
    Failure {
        kind: Kind::Conflict,
        reason: "CONFLICT",
        report: format!(
            "version {} of {} came before version {expected}",
            incoming.version, incoming.aggregate
        ),
    }
}

/// The use case said nothing of an event: it is not acknowledged.
fn forgotten<C>(change: &Received<C>) -> Failure {
    Failure {
        kind: Kind::Bug,
        reason: "INTERNAL",
        report: format!("the replica said nothing of event {}", change.incoming.id),
    }
}
