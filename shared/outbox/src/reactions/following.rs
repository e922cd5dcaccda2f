//! The loops around reactions: durable consumers whose events are fetched, handled and settled, for ever.

use std::time::{Duration, Instant};

use async_nats::jetstream::Message;
use async_nats::jetstream::consumer::{Consumer, pull};
use events::{Bus, BusError, durable};
use futures::{FutureExt, StreamExt};
use tokio_util::sync::CancellationToken;

use super::settling::{hand_back, read, settle};
use super::{Batched, Reaction, Work, run};
use crate::Store;
use crate::lease::{Lease, TERM};

/// Events fetched at one time that are handled one by one: times the slowest handler they must stay under
/// `durable::ACK_WAIT`.
const FETCH: usize = 64;
/// Such events delivered and not acknowledged at one time, over all replicas of a service.
const UNACKNOWLEDGED_MAX: i64 = 512;
/// Events of one transaction of a replica: beyond this a longer transaction is no faster.
const BATCH: usize = 1_000;
/// Bytes after which a batch is long enough, and bytes asked for at one time: large events come in short batches.
const BATCH_BYTES: usize = 8 << 20;
/// Events of a replica delivered and not acknowledged at one time: batches being applied and fetched by several
/// processes, and those that wait for a version before them.
const UNACKNOWLEDGED_MAX_REPLICA: i64 = 8 * 1_024;
/// Wait before the consumer is opened again after an error.
const REOPEN_AFTER: Duration = Duration::from_millis(500);

/// Follows one reaction's events until `stop`; opens the consumer again whenever it is lost.
///
/// Reactions with effects are shared by all processes of the service. A replica is followed by one of them at a time,
/// because versions that are spread over several would wait for each other; positions guard it even so.
pub async fn follow(store: Store, bus: Bus, reaction: Reaction, stop: CancellationToken) {
    let lease = match &reaction.work {
        Work::Each(_) => None,
        Work::Batches { .. } => Some(Lease::new(store.database().clone(), reaction.name)),
    };
    let mut leading = Leading::new(lease);
    while !stop.is_cancelled() {
        let pause = if leading.holds().await {
            match declare(&store, &bus, &reaction).await {
                Ok(consumer) => consume(&store, &reaction, consumer, &mut leading, &stop).await,
                Err(error) => {
                    tracing::debug!(reaction = reaction.name, %error, "the consumer cannot be opened yet")
                }
            }
            REOPEN_AFTER
        } else {
            TERM / 3
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    leading.end().await;
}

/// Whether this process follows a reaction now.
struct Leading {
    /// None where every process does.
    lease: Option<Lease>,
    renewed: Option<Instant>,
}

impl Leading {
    fn new(lease: Option<Lease>) -> Self {
        Leading { lease, renewed: None }
    }

    /// Takes or renews the lease where it is time to; false where another process holds it, or nobody knows.
    async fn holds(&mut self) -> bool {
        let Some(lease) = &self.lease else {
            return true;
        };
        if self.renewed.is_some_and(|renewed| renewed.elapsed() < TERM / 3) {
            return true;
        }
        let asked = Instant::now();
        let taken = match lease.take().await {
            Ok(taken) => taken,
            Err(error) => {
                tracing::warn!(%error, "a replica cannot take its lease");
                false
            }
        };
        self.renewed = taken.then_some(asked);
        taken
    }

    async fn end(&self) {
        if let Some(lease) = &self.lease
            && let Err(error) = lease.give_back().await
        {
            tracing::debug!(%error, "the replica's lease ends by itself");
        }
    }
}

async fn declare(store: &Store, bus: &Bus, reaction: &Reaction) -> Result<Consumer<pull::Config>, BusError> {
    let unacknowledged_max = match &reaction.work {
        Work::Each(_) => UNACKNOWLEDGED_MAX,
        Work::Batches { .. } => UNACKNOWLEDGED_MAX_REPLICA,
    };
    let wanted = durable::Wanted {
        service: store.service(),
        reaction: reaction.name,
        source: reaction.source,
        filters: reaction.filters.clone(),
        unacknowledged_max,
    };
    durable::declare(bus, wanted).await
}

async fn consume(
    store: &Store,
    reaction: &Reaction,
    consumer: Consumer<pull::Config>,
    leading: &mut Leading,
    stop: &CancellationToken,
) {
    let fetched = consumer
        .stream()
        .heartbeat(Duration::from_secs(5))
        .expires(Duration::from_secs(15));
    let fetched = match &reaction.work {
        Work::Each(_) => fetched.max_messages_per_batch(FETCH),
        Work::Batches { .. } => fetched
            .max_messages_per_batch(BATCH)
            .max_bytes_per_batch(BATCH_BYTES),
    };
    let mut messages = match fetched.messages().await {
        Ok(messages) => messages,
        Err(error) => {
            tracing::warn!(reaction = reaction.name, %error, "events cannot be fetched");
            return;
        }
    };
    while leading.holds().await {
        let next = tokio::select! {
            () = stop.cancelled() => break,
            // Nothing came, and the lease is to be renewed.
            () = tokio::time::sleep(TERM / 3), if leading.lease.is_some() => continue,
            next = messages.next() => next,
        };
        let interrupted = match next {
            Some(Ok(message)) => match &reaction.work {
                Work::Each(_) => {
                    handle(store, reaction, message).await;
                    None
                }
                Work::Batches { run, .. } => {
                    let (batch, interrupted) = with_those_behind(message, &mut messages);
                    handle_batch(store, reaction, run, batch).await;
                    interrupted
                }
            },
            Some(Err(error)) => Some(error),
            None => return,
        };
        if let Some(error) = interrupted {
            tracing::warn!(reaction = reaction.name, %error, "the consumer was interrupted; it is opened again");
            return;
        }
    }
    // At most what was asked for at one time and half of it again.
    for _ in 0..BATCH * 2 {
        match tokio::task::unconstrained(messages.next()).now_or_never() {
            Some(Some(Ok(message))) => hand_back(&message).await,
            _ => return,
        }
    }
}

/// A message and all behind it that have come already, up to the length of a batch: while one batch is applied the next
/// one gathers, so under load batches are long and nothing waits otherwise.
fn with_those_behind(
    first: Message,
    messages: &mut pull::Stream,
) -> (Vec<Message>, Option<pull::MessagesError>) {
    let mut bytes = first.length;
    let mut batch = vec![first];
    while batch.len() < BATCH && bytes < BATCH_BYTES {
        // Unconstrained, or the scheduler would say after some messages that there are no more.
        match tokio::task::unconstrained(messages.next()).now_or_never() {
            Some(Some(Ok(message))) => {
                bytes += message.length;
                batch.push(message);
            }
            Some(Some(Err(error))) => return (batch, Some(error)),
            Some(None) | None => break,
        }
    }
    (batch, None)
}

/// Handles what waits for a reaction now, once, and returns how many events that were: for tests that step through
/// time instead of waiting.
///
/// # Errors
/// A sentence that says what stood in the way.
pub async fn drain(store: &Store, bus: &Bus, reaction: &Reaction) -> Result<usize, String> {
    let consumer = declare(store, bus, reaction)
        .await
        .map_err(|error| error.to_string())?;
    let mut count = 0;
    loop {
        let fetch = consumer.fetch();
        let fetch = match &reaction.work {
            Work::Each(_) => fetch.max_messages(FETCH),
            Work::Batches { .. } => fetch.max_messages(BATCH).max_bytes(BATCH_BYTES),
        };
        let mut fetched = fetch.messages().await.map_err(|error| error.to_string())?;
        let before = count;
        let mut batch = Vec::new();
        while let Some(message) = fetched.next().await {
            let message = message.map_err(|error| error.to_string())?;
            count += 1;
            match &reaction.work {
                Work::Each(_) => handle(store, reaction, message).await,
                Work::Batches { .. } => batch.push(message),
            }
        }
        if let Work::Batches { run, .. } = &reaction.work {
            handle_batch(store, reaction, run, batch).await;
        }
        if count == before {
            return Ok(count);
        }
    }
}

async fn handle(store: &Store, reaction: &Reaction, message: Message) {
    let pending = message.info().map_or(0, |info| info.pending);
    telemetry::metrics().consumer_lag(store.service(), reaction.name, pending);
    let Some(envelope) = read(reaction, &message).await else {
        return;
    };
    let outcome = run(store.service(), reaction, &envelope).await;
    settle(store, reaction, &message, &envelope, outcome).await;
}

async fn handle_batch(store: &Store, reaction: &Reaction, run: &Batched, mut messages: Vec<Message>) {
    // What is delivered again comes among what is new: in the order of the stream fewer wait for one before them.
    messages.sort_by_cached_key(|message| message.info().map_or(0, |info| info.stream_sequence));
    let pending = messages
        .last()
        .and_then(|message| message.info().ok())
        .map_or(0, |info| info.pending);
    telemetry::metrics().consumer_lag(store.service(), reaction.name, pending);
    let mut ours = Vec::with_capacity(messages.len());
    let mut envelopes = Vec::with_capacity(messages.len());
    for message in messages {
        if let Some(envelope) = read(reaction, &message).await {
            envelopes.push(envelope);
            ours.push(message);
        }
    }
    if ours.is_empty() {
        return;
    }
    let outcomes = run(store.service(), envelopes.clone()).await;
    for ((message, envelope), outcome) in ours.iter().zip(&envelopes).zip(outcomes) {
        settle(store, reaction, message, envelope, outcome).await;
    }
}
