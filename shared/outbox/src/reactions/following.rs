//! The loops around reactions: durable consumers whose events are fetched, handled and settled, for ever.

use std::time::{Duration, Instant};

use async_nats::jetstream::Message;
use async_nats::jetstream::consumer::{Consumer, pull};
use events::{Bus, BusError, durable};
use futures::future::{BoxFuture, OptionFuture};
use futures::{FutureExt, StreamExt};
use tokio_util::sync::CancellationToken;

use super::settling::{attended, hand_back, read, settle};
use super::{Reaction, StartBatch, Work, run};
use crate::Store;
use crate::lease::{Lease, TERM};
use crate::replicas::Batch;

/// Events fetched at one time that are handled one by one: times an ordinary handler they stay far under
/// `durable::ACK_WAIT`. Those that wait longer behind a slow one are delivered again, and do nothing then.
const FETCH: usize = 32;
/// Such events delivered and not acknowledged at one time, over all replicas of a service.
const UNACKNOWLEDGED_MAX: i64 = 512;
/// Events of one transaction of a replica: beyond this a longer transaction is no faster.
const BATCH: usize = 1_000;
/// Bytes after which a batch is long enough, and bytes asked for at one time: large events come in short batches.
const BATCH_BYTES: usize = 4 << 20;
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
    let ended = match &reaction.work {
        Work::Each(_) => one_by_one(store, reaction, &mut messages, stop).await,
        Work::Batches { start, .. } => in_batches(store, reaction, start, &mut messages, leading, stop).await,
    };
    match ended {
        Ended::Interrupted(error) => {
            tracing::warn!(reaction = reaction.name, %error, "the consumer was interrupted; it is opened again")
        }
        Ended::Closed => {}
        Ended::Left => {
            // At most what was asked for at one time, and half of it again.
            for _ in 0..BATCH * 2 {
                match ready(&mut messages) {
                    Some(Some(Ok(message))) => hand_back(&message).await,
                    _ => return,
                }
            }
        }
    }
}

/// Why events are no longer taken.
enum Ended {
    /// This process stops, or no longer leads.
    Left,
    /// The server ended it.
    Closed,
    /// Something went wrong.
    Interrupted(pull::MessagesError),
}

impl Ended {
    fn with(next: Option<pull::MessagesError>) -> Self {
        next.map_or(Ended::Closed, Ended::Interrupted)
    }
}

async fn one_by_one(
    store: &Store,
    reaction: &Reaction,
    messages: &mut pull::Stream,
    stop: &CancellationToken,
) -> Ended {
    loop {
        let next = tokio::select! {
            () = stop.cancelled() => return Ended::Left,
            next = messages.next() => next,
        };
        match next {
            Some(Ok(message)) => handle(store, reaction, message).await,
            other => return Ended::with(other.and_then(Result::err)),
        }
    }
}

/// While one batch is applied the next one gathers and is read: under load batches are long, and nothing waits otherwise.
async fn in_batches(
    store: &Store,
    reaction: &Reaction,
    start: &StartBatch,
    messages: &mut pull::Stream,
    leading: &mut Leading,
    stop: &CancellationToken,
) -> Ended {
    let mut gathering = Gathering::new(start(store.service()));
    let mut applying: Option<BoxFuture<'_, ()>> = None;
    let ended = loop {
        if applying.is_none() {
            if stop.is_cancelled() || !leading.holds().await {
                break Ended::Left;
            }
            if let Some(next) = gathering.take_ready(reaction, messages).await {
                break Ended::with(next.err());
            }
            if !gathering.messages.is_empty() {
                let gathered = std::mem::replace(&mut gathering, Gathering::new(start(store.service())));
                applying = Some(Box::pin(gathered.settle(store, reaction)));
            }
        }
        tokio::select! {
            biased;
            _ = OptionFuture::from(applying.as_mut()), if applying.is_some() => applying = None,
            () = stop.cancelled(), if applying.is_none() => {}
            next = messages.next(), if gathering.has_room() => match next {
                Some(Ok(message)) => gathering.add(reaction, message).await,
                other => break Ended::with(other.and_then(Result::err)),
            },
            // Nothing came, and the lease is to be renewed.
            () = tokio::time::sleep(TERM / 3), if applying.is_none() => {}
        }
    };
    if let Some(applying) = applying {
        applying.await;
    }
    for message in &gathering.messages {
        hand_back(message).await;
    }
    ended
}

/// The next message where it has come already. Unconstrained, or the scheduler would say after some that there are no more.
fn ready(messages: &mut pull::Stream) -> Option<Option<Result<Message, pull::MessagesError>>> {
    tokio::task::unconstrained(messages.next()).now_or_never()
}

/// A batch with the messages it is made of.
struct Gathering {
    batch: Box<dyn Batch>,
    messages: Vec<Message>,
    bytes: usize,
    /// Events behind the last of them.
    pending: u64,
}

impl Gathering {
    fn new(batch: Box<dyn Batch>) -> Self {
        Gathering {
            batch,
            messages: Vec::new(),
            bytes: 0,
            pending: 0,
        }
    }

    fn has_room(&self) -> bool {
        self.messages.len() < BATCH && self.bytes < BATCH_BYTES
    }

    async fn add(&mut self, reaction: &Reaction, message: Message) {
        let Some(envelope) = read(reaction, &message).await else {
            return;
        };
        let sequence = message.info().map_or(0, |info| {
            self.pending = info.pending;
            info.stream_sequence
        });
        self.bytes += message.length;
        self.batch.read(sequence, envelope);
        self.messages.push(message);
    }

    /// Adds what has come already; what ended the stream where it ended.
    async fn take_ready(
        &mut self,
        reaction: &Reaction,
        messages: &mut pull::Stream,
    ) -> Option<Result<(), pull::MessagesError>> {
        while self.has_room() {
            match ready(messages) {
                Some(Some(Ok(message))) => self.add(reaction, message).await,
                Some(Some(Err(error))) => return Some(Err(error)),
                Some(None) => return Some(Ok(())),
                None => return None,
            }
        }
        None
    }

    /// Applies the batch and tells the server what became of each event.
    async fn settle(self, store: &Store, reaction: &Reaction) {
        telemetry::metrics().consumer_lag(store.service(), reaction.name, self.pending);
        let outcomes = attended(&self.messages, self.batch.apply()).await;
        for (message, (envelope, outcome)) in self.messages.iter().zip(outcomes) {
            settle(store, reaction, message, &envelope, outcome).await;
        }
    }
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
        let (fetch, mut gathering) = match &reaction.work {
            Work::Each(_) => (fetch.max_messages(FETCH), None),
            Work::Batches { start, .. } => (
                fetch.max_messages(BATCH).max_bytes(BATCH_BYTES),
                Some(Gathering::new(start(store.service()))),
            ),
        };
        let mut fetched = fetch.messages().await.map_err(|error| error.to_string())?;
        let before = count;
        while let Some(message) = fetched.next().await {
            let message = message.map_err(|error| error.to_string())?;
            count += 1;
            match &mut gathering {
                None => handle(store, reaction, message).await,
                Some(gathering) => gathering.add(reaction, message).await,
            }
        }
        if let Some(gathering) = gathering {
            gathering.settle(store, reaction).await;
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
    let handling = run(store.service(), reaction, &envelope);
    let outcome = attended(std::slice::from_ref(&message), handling).await;
    settle(store, reaction, &message, &envelope, outcome).await;
}
