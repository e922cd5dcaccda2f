//! Reactions to events: durable consumers that hand each event to a use case, once, and never lose a poisoned one.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_nats::jetstream::consumer::{Consumer, pull};
use async_nats::jetstream::message::AckKind;
use events::{Bus, Envelope, durable, subject};
use futures::StreamExt;
use futures::future::BoxFuture;
use rpc::{AppError, CallContext, Cause, Failure, Kind, Refusal};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, info_span};

use crate::attempts::{Attempts, caught};
use crate::{Incoming, Store, dead_letters};

/// Events fetched at one time: times the slowest handler they must stay under `durable::ACK_WAIT`.
const BATCH: usize = 64;
/// Failures after which an event that is refused or breaks us becomes a dead letter.
const ATTEMPTS_MAX: i64 = 5;
/// Failures after which an event that waits for an earlier one, or loses every race, becomes a dead letter.
const ATTEMPTS_MAX_CONFLICT: i64 = 60;
/// Longest wait between deliveries.
const BACKOFF_MAX: Duration = Duration::from_secs(10);
/// Wait before the consumer is opened again after an error.
const REOPEN_AFTER: Duration = Duration::from_millis(500);

type Handler =
    Arc<dyn Fn(CallContext, Envelope, Incoming) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;

/// An event as a use case gets it.
#[derive(Debug, Clone)]
pub struct Received<E> {
    /// The message.
    pub event: E,
    /// What is known of it besides.
    pub incoming: Incoming,
}

/// One reaction of a service: the use case that one or several kinds of events of one other service lead to.
#[derive(Clone)]
pub struct Reaction {
    name: &'static str,
    source: &'static str,
    filters: Vec<String>,
    handlers: HashMap<&'static str, Handler>,
    attempts: Arc<Attempts>,
}

impl Reaction {
    /// A reaction named as its use case, `on_ballot_decided`, to events of `source`.
    pub fn new(name: &'static str, source: &'static str) -> Self {
        Reaction {
            name,
            source,
            filters: Vec::new(),
            handlers: HashMap::new(),
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
                let event = serde_json::from_slice::<E>(&envelope.body).map_err(|error| Failure {
                    kind: Kind::Invalid,
                    reason: "EVENT_MALFORMED",
                    report: format!("{} cannot be read: {error}", envelope.kind),
                })?;
                handle(ctx, Received { event, incoming })
                    .await
                    .map_err(Failure::from)
            })
        });
        self.handlers.insert(E::TYPE, handler);
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
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.handlers.keys().copied()
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
    pub fn with(mut self, reaction: Reaction) -> Self {
        self.list.push(reaction);
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

/// Follows one reaction's events until `stop`; opens the consumer again whenever it is lost.
pub async fn follow(store: Store, bus: Bus, reaction: Reaction, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let opened = durable::declare(
            &bus,
            store.service(),
            reaction.name,
            reaction.source,
            reaction.filters.clone(),
        )
        .await;
        match opened {
            Ok(consumer) => consume(&store, &reaction, consumer, &stop).await,
            Err(error) => {
                tracing::debug!(reaction = reaction.name, %error, "the consumer cannot be opened yet")
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(REOPEN_AFTER) => {}
        }
    }
}

async fn consume(
    store: &Store,
    reaction: &Reaction,
    consumer: Consumer<pull::Config>,
    stop: &CancellationToken,
) {
    let opened = consumer
        .stream()
        .max_messages_per_batch(BATCH)
        .heartbeat(Duration::from_secs(5))
        .expires(Duration::from_secs(15))
        .messages()
        .await;
    let mut messages = match opened {
        Ok(messages) => messages,
        Err(error) => {
            tracing::warn!(reaction = reaction.name, %error, "events cannot be fetched");
            return;
        }
    };
    loop {
        let next = tokio::select! {
            () = stop.cancelled() => return,
            next = messages.next() => next,
        };
        match next {
            Some(Ok(message)) => handle(store, reaction, message).await,
            Some(Err(error)) => {
                tracing::warn!(reaction = reaction.name, %error, "the consumer was interrupted; it is opened again");
                return;
            }
            None => return,
        }
    }
}

/// Handles what waits for a reaction now, once, and returns how many events that were: for tests that step through
/// time instead of waiting.
///
/// # Errors
/// A sentence that says what stood in the way.
pub async fn drain(store: &Store, bus: &Bus, reaction: &Reaction) -> Result<usize, String> {
    let filters = reaction.filters.clone();
    let consumer = durable::declare(bus, store.service(), reaction.name, reaction.source, filters)
        .await
        .map_err(|error| error.to_string())?;
    let mut count = 0;
    loop {
        let mut batch = consumer
            .fetch()
            .max_messages(BATCH)
            .messages()
            .await
            .map_err(|error| error.to_string())?;
        let before = count;
        while let Some(message) = batch.next().await {
            handle(store, reaction, message.map_err(|error| error.to_string())?).await;
            count += 1;
        }
        if count == before {
            return Ok(count);
        }
    }
}

async fn handle(store: &Store, reaction: &Reaction, message: async_nats::jetstream::Message) {
    let (delivered, pending) = message
        .info()
        .map_or((1, 0), |info| (info.delivered, info.pending));
    telemetry::metrics().consumer_lag(store.service(), reaction.name, pending);
    let envelope = match Envelope::read(message.headers.as_ref(), message.payload.clone()) {
        Ok(envelope) => envelope,
        Err(error) => {
            // Nothing of ours writes such a message, and it has no id to keep it under.
            tracing::error!(reaction = reaction.name, subject = %message.subject, %error, "a foreign message was passed over");
            acknowledge(&message, AckKind::Term).await;
            return;
        }
    };
    let failure = match run(store.service(), reaction, &envelope).await {
        Ok(()) => {
            reaction.attempts.forget(envelope.id);
            return acknowledge(&message, AckKind::Ack).await;
        }
        Err(failure) => failure,
    };
    match limit(failure.kind).map(|limit| (limit, reaction.attempts.failed(envelope.id))) {
        Some((limit, attempts)) if attempts >= limit => {
            match dead_letters::bury(store, reaction.name, &envelope, &failure, attempts).await {
                Ok(()) => {
                    reaction.attempts.forget(envelope.id);
                    acknowledge(&message, AckKind::Term).await;
                }
                Err(error) => {
                    tracing::warn!(reaction = reaction.name, %error, "the dead letter cannot be written yet");
                    acknowledge(&message, AckKind::Nak(Some(BACKOFF_MAX))).await;
                }
            }
        }
        counted => {
            let attempts = counted.map_or(delivered, |(_, attempts)| attempts);
            tracing::debug!(reaction = reaction.name, delivered, attempts, %failure, "the event is delivered again later");
            acknowledge(&message, AckKind::Nak(Some(backoff(attempts)))).await;
        }
    }
}

/// Hands one event to its use case, in a span of the trace that it belongs to.
pub(crate) async fn run(
    service: &'static str,
    reaction: &Reaction,
    envelope: &Envelope,
) -> Result<(), Failure> {
    let Some(handler) = reaction.handlers.get(envelope.kind.as_str()) else {
        return Err(Failure {
            kind: Kind::Invalid,
            reason: "EVENT_UNKNOWN",
            report: format!("{} does not handle {}", reaction.name, envelope.kind),
        });
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
    let incoming = Incoming {
        consumer: durable::name(service, reaction.name),
        id: envelope.id,
        aggregate: envelope.aggregate.clone(),
        version: envelope.sequence,
        happened_at: envelope.time,
    };
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

/// Failures of this kind after which an event is given up. An outage is waited out for as long as it lasts, and does
/// not count; everything else ends in a dead letter.
fn limit(kind: Kind) -> Option<i64> {
    match kind {
        Kind::Unavailable | Kind::Exhausted => None,
        Kind::Conflict => Some(ATTEMPTS_MAX_CONFLICT),
        _ => Some(ATTEMPTS_MAX),
    }
}

fn backoff(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or(0);
    (Duration::from_millis(50) * 2_u32.pow(doublings)).min(BACKOFF_MAX)
}

async fn acknowledge(message: &async_nats::jetstream::Message, kind: AckKind) {
    // A lost acknowledgement means one more delivery, which the inbox makes harmless.
    if let Err(error) = message.ack_with(kind).await {
        tracing::debug!(%error, "an acknowledgement was not sent");
    }
}
