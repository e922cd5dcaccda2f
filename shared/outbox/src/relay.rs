//! The relay: moves events from the outbox into the stream, in order, each once, whatever crashes.
//!
//! One leader per service publishes. Each publish names the sequence that the stream must have before it, so a leader
//! whose lease ended without its knowing is refused by the server; each but the first of a batch also names the event
//! before it, so that of a batch in flight nothing is taken after the first that was refused. A leader that begins looks at the end of the stream
//! first: what an earlier leader published without marking it is marked now. At most one batch can be unmarked, so the
//! last batch of the stream is all it has to look at.

use std::time::{Duration, Instant};

use async_nats::jetstream::message::PublishMessage;
use bytes::Bytes;
use chrono::Utc;
use db::StoreError;
use events::{Bus, Envelope, subject};
use futures::StreamExt;
use ids::EventId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::Store;
use crate::entity::outbox;
use crate::lease::{Lease, TERM};

/// Events in flight at one time; also how far back a new leader looks.
const BATCH: u64 = 256;
/// How often the outbox is looked at where nobody called: commits of other replicas do not wake this process.
const POLL: Duration = Duration::from_millis(100);
/// Wait after an error, so that an outage is not a busy loop.
const BACKOFF: Duration = Duration::from_millis(200);
/// How often lag is measured.
const MEASURE_EVERY: Duration = Duration::from_secs(5);
/// Reads of the stream's end under way at one time.
const LOOK_BACK_CONCURRENCY: usize = 32;

/// The relay of one service.
pub struct Relay {
    store: Store,
    bus: Bus,
    lease: Lease,
}

/// Why a leader stopped leading.
#[derive(Debug, thiserror::Error)]
enum RelayError {
    #[error("the outbox: {0}")]
    Store(#[from] StoreError),
    #[error("the stream: {0}")]
    Stream(String),
    #[error("another leader published meanwhile")]
    Fenced,
}

impl Relay {
    /// The relay of `store`'s service into its stream on `bus`.
    pub fn new(store: Store, bus: Bus) -> Self {
        let lease = Lease::new(store.database().clone(), "relay");
        Relay { store, bus, lease }
    }

    /// Publishes until `stop`; never gives up.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let pause = match self.lease.take().await {
                Ok(true) => match self.lead(&stop).await {
                    Ok(()) => Duration::ZERO,
                    Err(RelayError::Fenced) => {
                        tracing::info!(
                            service = self.store.service(),
                            "another relay published; looking again"
                        );
                        Duration::ZERO
                    }
                    Err(error) => {
                        tracing::warn!(service = self.store.service(), %error, "the relay stopped; it starts again");
                        BACKOFF
                    }
                },
                Ok(false) => TERM / 3,
                Err(error) => {
                    tracing::warn!(service = self.store.service(), %error, "the relay cannot take its lease");
                    BACKOFF
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        telemetry::metrics().outbox_lag(self.store.service(), 0, Duration::ZERO);
        self.release().await;
    }

    /// Publishes everything that waits, once, as the leader; for tests that step through time.
    ///
    /// # Errors
    /// A sentence that says what stood in the way.
    pub async fn drain_once(&self) -> Result<usize, String> {
        if !self.lease.take().await.map_err(|error| error.to_string())? {
            return Err("another relay leads".into());
        }
        let mut count = 0;
        let mut last = self.take_over().await.map_err(|error| error.to_string())?;
        loop {
            let rows = self.waiting().await.map_err(|error| error.to_string())?;
            if rows.is_empty() {
                return Ok(count);
            }
            count += rows.len();
            last = self
                .publish(last, rows)
                .await
                .map_err(|error| error.to_string())?;
        }
    }

    /// Gives the lease back, so that another relay can lead at once.
    pub async fn release(&self) {
        if let Err(error) = self.lease.give_back().await {
            tracing::debug!(%error, "the relay's lease ends by itself");
        }
    }

    async fn lead(&self, stop: &CancellationToken) -> Result<(), RelayError> {
        // Counted from before the look back, which may take longer than a term where NATS is slow.
        let mut renewed = Instant::now();
        let mut last = self.take_over().await?;
        let mut measured = Instant::now();
        while !stop.is_cancelled() {
            if renewed.elapsed() > TERM / 3 {
                if !self.lease.take().await? {
                    return Ok(());
                }
                renewed = Instant::now();
            }
            if measured.elapsed() > MEASURE_EVERY {
                self.measure().await?;
                measured = Instant::now();
            }
            // Interest is registered before looking, so a commit in between is not missed.
            let woken = self.store.wake().relay.notified();
            let rows = self.waiting().await?;
            if rows.is_empty() {
                tokio::select! {
                    () = woken => {}
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(POLL) => {}
                }
                continue;
            }
            last = self.publish(last, rows).await?;
        }
        Ok(())
    }

    /// Finds where the stream ends and marks what is in it already.
    async fn take_over(&self) -> Result<u64, RelayError> {
        let name = subject::stream_name(self.store.service());
        let stream_error = |error: &dyn std::fmt::Display| RelayError::Stream(error.to_string());
        let stream = self
            .bus
            .jetstream
            .get_stream(&name)
            .await
            .map_err(|e| stream_error(&e))?;
        let state = stream.get_info().await.map_err(|e| stream_error(&e))?.state;
        let last = state.last_sequence;
        if last == 0 || self.waiting().await?.is_empty() {
            return Ok(last);
        }
        let first = last.saturating_sub(BATCH - 1).max(state.first_sequence).max(1);
        let ends: Vec<_> = futures::stream::iter(first..=last)
            .map(|sequence| {
                let stream = &stream;
                async move { stream.get_raw_message(sequence).await }
            })
            .buffered(LOOK_BACK_CONCURRENCY)
            .collect()
            .await;
        let mut found: Vec<Uuid> = Vec::with_capacity(ends.len());
        for message in ends {
            match message {
                Ok(message) => {
                    found.extend(
                        message
                            .headers
                            .get("ce-id")
                            .and_then(|id| id.as_str().parse::<Uuid>().ok()),
                    );
                }
                // An operator deleted it: it is in the stream's past all the same.
                Err(error) if is_gone(&error) => {}
                // Not knowing whether an event is there, publishing it again might be a second copy.
                Err(error) => return Err(stream_error(&error)),
            }
        }
        let unmarked = self.mark(&found).await?;
        if unmarked > 0 {
            tracing::info!(
                service = self.store.service(),
                count = unmarked,
                "events were published already"
            );
        }
        Ok(last)
    }

    async fn waiting(&self) -> Result<Vec<outbox::Model>, StoreError> {
        // Never a cursor over `seq`: on PostgreSQL a row with a lower number may be committed later.
        Ok(outbox::Entity::find()
            .filter(outbox::Column::PublishedAt.is_null())
            .order_by_asc(outbox::Column::Seq)
            .limit(BATCH)
            .all(self.store.reader())
            .await?)
    }

    /// Publishes rows in order, all in flight together; returns the stream's new end.
    async fn publish(&self, last: u64, rows: Vec<outbox::Model>) -> Result<u64, RelayError> {
        let mut flights = Vec::with_capacity(rows.len());
        let mut failure = None;
        let mut before: Option<Uuid> = None;
        for (expected, row) in (last..).zip(rows) {
            let id = row.id;
            let envelope = Envelope {
                id: EventId::from_uuid(row.id),
                kind: row.kind,
                source: self.store.service().to_owned(),
                aggregate: row.aggregate,
                sequence: row.version,
                time: row.happened_at,
                trace_parent: row.trace_parent,
                body: Bytes::from(row.body),
            };
            let mut message = PublishMessage::build()
                .headers(envelope.headers())
                .expected_last_sequence(expected)
                .payload(envelope.body);
            // The sequence alone does not fence: where another leader has published k events meanwhile, the first k of
            // this batch are refused, and the one after them would fit.
            if let Some(before) = before.replace(id) {
                message = message.expected_last_message_id(before.to_string());
            }
            match self.bus.jetstream.send_publish(row.address, message).await {
                Ok(flight) => flights.push((id, expected + 1, flight)),
                Err(error) => {
                    failure = Some(RelayError::Stream(error.to_string()));
                    break;
                }
            }
        }
        let mut acknowledged = Vec::with_capacity(flights.len());
        let mut end = last;
        let mut duplicates = false;
        for (id, sequence, flight) in flights {
            if failure.is_some() {
                break; // the server refused one, so it refuses all that follow it
            }
            match flight.await {
                Ok(ack) if ack.sequence == sequence && !ack.duplicate => {
                    acknowledged.push(id);
                    end = sequence;
                }
                // The server remembers the id: it is in the stream, further back than a new leader looks.
                // What follows it is another duplicate or is refused, because it is not what the stream ends with.
                Ok(ack) if ack.duplicate => {
                    acknowledged.push(id);
                    duplicates = true;
                }
                Ok(_) => failure = Some(RelayError::Fenced),
                Err(error) => {
                    use async_nats::jetstream::context::PublishErrorKind as Kind;
                    failure = Some(match error.kind() {
                        Kind::WrongLastSequence | Kind::WrongLastMessageId => RelayError::Fenced,
                        _ => RelayError::Stream(error.to_string()),
                    });
                }
            }
        }
        self.mark(&acknowledged).await?;
        match failure {
            Some(failure) => Err(failure),
            None if duplicates => Err(RelayError::Fenced),
            None => Ok(end),
        }
    }

    /// Marks events as published; returns how many were not marked before.
    async fn mark(&self, ids: &[Uuid]) -> Result<u64, StoreError> {
        if ids.is_empty() {
            return Ok(0);
        }
        let marked = outbox::Entity::update_many()
            .col_expr(outbox::Column::PublishedAt, Expr::value(Utc::now()))
            .filter(outbox::Column::Id.is_in(ids.iter().copied()))
            .filter(outbox::Column::PublishedAt.is_null())
            .exec(self.store.database().writer())
            .await?;
        Ok(marked.rows_affected)
    }

    async fn measure(&self) -> Result<(), StoreError> {
        let waiting = outbox::Entity::find().filter(outbox::Column::PublishedAt.is_null());
        let oldest = waiting
            .clone()
            .order_by_asc(outbox::Column::Seq)
            .one(self.store.reader())
            .await?;
        let age = oldest
            .and_then(|row| (self.store.clock().now() - row.happened_at).to_std().ok())
            .unwrap_or_default();
        let count = waiting.count(self.store.reader()).await?;
        telemetry::metrics().outbox_lag(self.store.service(), count, age);
        Ok(())
    }
}

/// True where the stream no longer has the message, as opposed to not having answered.
fn is_gone(error: &async_nats::jetstream::stream::RawMessageError) -> bool {
    use async_nats::jetstream::ErrorCode;
    use async_nats::jetstream::stream::RawMessageErrorKind as Kind;
    match error.kind() {
        Kind::NoMessageFound => true,
        Kind::JetStream(refused) => {
            refused.error_code() == ErrorCode::NO_MESSAGE_FOUND
                || refused.error_code() == ErrorCode::SEQUENCE_NOT_FOUND
        }
        _ => false,
    }
}
