//! Reactions to events: which use case which event leads to. Each event takes effect once, and a poisoned one is kept.

mod following;
mod settling;

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use events::{Envelope, durable, subject};
use futures::future::BoxFuture;
use rpc::{AppError, CallContext, Cause, Failure, Kind, Refusal};
use tracing::{Instrument, info_span};

use crate::attempts::{Attempts, caught};
use crate::replicas::{self, Batch};
use crate::{Incoming, Replica};

pub use following::{drain, follow};

type Handler =
    Arc<dyn Fn(CallContext, Envelope, Incoming) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;
type StartBatch = Arc<dyn Fn(&'static str) -> Box<dyn Batch> + Send + Sync>;

/// An event as a use case gets it.
#[derive(Debug, Clone)]
pub struct Received<E> {
    /// The message.
    pub event: E,
    /// What is known of it besides.
    pub incoming: Incoming,
}

/// How events reach the use case.
#[derive(Clone)]
enum Work {
    /// One after the other, each in a transaction of its own: for effects.
    Each(HashMap<&'static str, Handler>),
    /// Many in one transaction: for replicas.
    Batches {
        kinds: Vec<&'static str>,
        start: StartBatch,
    },
}

/// One reaction of a service: the use case that one or several kinds of events of one other service lead to.
#[derive(Clone)]
pub struct Reaction {
    name: &'static str,
    source: &'static str,
    filters: Vec<String>,
    work: Work,
    attempts: Arc<Attempts>,
}

impl Reaction {
    /// A reaction named as its use case, `on_ballot_decided`, to events of `source`.
    pub fn new(name: &'static str, source: &'static str) -> Self {
        Reaction {
            name,
            source,
            filters: Vec::new(),
            work: Work::Each(HashMap::new()),
            attempts: Arc::default(),
        }
    }

    /// Hands every `E` to `handle`. Several kinds in one reaction are handled in the order in which they happened.
    pub fn on<E, R, F, Fut>(mut self, handle: F) -> Self
    where
        E: proto::Event,
        R: Refusal,
        F: Fn(CallContext, Received<E>) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<(), AppError<R>>> + Send + 'static,
    {
        debug_assert_eq!(E::SERVICE, self.source, "a reaction follows one stream");
        self.filters
            .push(subject::everywhere(E::SERVICE, E::AGGREGATE, E::NAME));
        let handler: Handler = Arc::new(move |ctx, envelope, incoming| {
            let handle = handle.clone();
            Box::pin(async move {
                let event = decoded::<E>(&envelope)?;
                handle(ctx, Received { event, incoming })
                    .await
                    .map_err(Failure::from)
            })
        });
        match &mut self.work {
            Work::Each(handlers) => {
                handlers.insert(E::TYPE, handler);
            }
            Work::Batches { .. } => debug_assert!(false, "a replica takes its kinds of events itself"),
        }
        self
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The service whose events it follows.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// The kinds of events it handles.
    pub fn kinds(&self) -> Vec<&'static str> {
        match &self.work {
            Work::Each(handlers) => handlers.keys().copied().collect(),
            Work::Batches { kinds, .. } => kinds.clone(),
        }
    }
}

impl<C: Send + Sync + 'static> From<Replica<C>> for Reaction {
    fn from(replica: Replica<C>) -> Self {
        let filters = replica.filters.clone();
        let replica = Arc::new(replica);
        Reaction {
            name: replica.name,
            source: replica.source,
            filters,
            work: Work::Batches {
                kinds: replica.kinds(),
                start: Arc::new(move |service| replicas::batch(replica.clone(), service)),
            },
            attempts: Arc::default(),
        }
    }
}

/// All reactions of a service.
#[derive(Clone, Default)]
pub struct Reactions {
    list: Vec<Reaction>,
}

impl Reactions {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a reaction.
    #[must_use]
    pub fn with(mut self, reaction: impl Into<Reaction>) -> Self {
        self.list.push(reaction.into());
        self
    }

    /// They.
    pub fn iter(&self) -> impl Iterator<Item = &Reaction> {
        self.list.iter()
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Reaction> {
        self.list.iter().find(|reaction| reaction.name == name)
    }
}

/// Hands one event to its use case, in a span of the trace that it belongs to.
pub(crate) async fn run(
    service: &'static str,
    reaction: &Reaction,
    envelope: &Envelope,
) -> Result<(), Failure> {
    let handlers = match &reaction.work {
        Work::Each(handlers) => handlers,
        Work::Batches { start, .. } => {
            let mut batch = start(service);
            batch.read(0, envelope.clone());
            return batch
                .apply()
                .await
                .into_iter()
                .try_for_each(|(_, outcome)| outcome);
        }
    };
    let Some(handler) = handlers.get(envelope.kind.as_str()) else {
        return Err(unknown(reaction.name, envelope));
    };
    let span = info_span!(
        "reaction",
        otel.name = format!("{service}.{}", reaction.name),
        otel.kind = "consumer",
        service,
        messaging.system = "nats",
        messaging.message.id = %envelope.id,
        messaging.message.kind = envelope.kind,
        event.aggregate = envelope.aggregate,
    );
    telemetry::set_parent(&span, envelope.trace_parent.as_deref());
    let incoming = incoming(service, reaction.name, envelope);
    let started = Instant::now();
    let result = async {
        let cause = Cause::Event {
            consumer: incoming.consumer.clone(),
            id: incoming.id,
        };
        let ctx = CallContext::of_service(service, reaction.name, cause);
        caught(handler(ctx, envelope.clone(), incoming)).await
    }
    .instrument(span)
    .await;
    let outcome = result.as_ref().map_or_else(|failure| failure.reason, |()| "OK");
    telemetry::metrics().handler_time(service, reaction.name, outcome, started.elapsed());
    result
}

/// What a use case is told of an event besides its body.
pub(crate) fn incoming(service: &str, reaction: &str, envelope: &Envelope) -> Incoming {
    Incoming {
        consumer: durable::name(service, reaction),
        id: envelope.id,
        aggregate: envelope.aggregate.clone(),
        version: envelope.sequence,
        happened_at: envelope.time,
    }
}

/// The message that an event holds.
pub(crate) fn decoded<E: proto::Event>(envelope: &Envelope) -> Result<E, Failure> {
    serde_json::from_slice::<E>(&envelope.body).map_err(|error| Failure {
        kind: Kind::Invalid,
        reason: "EVENT_MALFORMED",
        report: format!("{} cannot be read: {error}", envelope.kind),
    })
}

/// An event of a kind that nobody asked for.
pub(crate) fn unknown(reaction: &str, envelope: &Envelope) -> Failure {
    Failure {
        kind: Kind::Invalid,
        reason: "EVENT_UNKNOWN",
        report: format!("{reaction} does not handle {}", envelope.kind),
    }
}
