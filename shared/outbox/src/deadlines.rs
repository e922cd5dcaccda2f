//! Deadlines: what is to happen at a time is a row, claimed by one process, handled by an ordinary use case, once.

use std::collections::HashMap;
use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use db::StoreError;
use futures::future::BoxFuture;
use rpc::{AppError, CallContext, Cause, Failure, Refusal};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, info_span};
use uuid::Uuid;

use crate::attempts::caught;
use crate::entity::deadline;
use crate::reactions::Reactions;
use crate::{Store, Tx, dead_letters};

/// How often the table is looked at where nothing woke the ticker.
const POLL: Duration = Duration::from_millis(250);
/// Deadlines handled in one round.
const BATCH: u64 = 64;
/// How long a process may take for one before another tries.
const CLAIM: TimeDelta = TimeDelta::seconds(30);
/// Longest wait between tries of one that fails. It is tried for ever: a closing time is never given up.
const BACKOFF_MAX_S: i64 = 60;
/// How often gauges are measured.
const MEASURE_EVERY_ROUNDS: u32 = 20;

type Handler = Arc<dyn Fn(CallContext, String) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;

impl Tx {
    /// Sets a deadline: at `due_at` the use case `kind` runs for `aggregate`, in the trace that set it.
    ///
    /// # Errors
    /// As the statement.
    pub async fn schedule(
        &mut self,
        ctx: &CallContext,
        kind: &'static str,
        aggregate: impl Display,
        due_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.schedule_all(ctx, [(kind, aggregate, due_at)]).await
    }

    /// Sets many deadlines in few statements: kind, aggregate and time of each.
    ///
    /// # Errors
    /// As the statements.
    pub async fn schedule_all<T: Display>(
        &mut self,
        ctx: &CallContext,
        deadlines: impl IntoIterator<Item = (&'static str, T, DateTime<Utc>)>,
    ) -> Result<(), StoreError> {
        let rows = deadlines
            .into_iter()
            .map(|(kind, aggregate, due_at)| deadline::ActiveModel {
                id: Set(Uuid::now_v7()),
                kind: Set(kind.to_owned()),
                aggregate: Set(aggregate.to_string()),
                due_at: Set(due_at),
                trace_parent: Set(ctx.trace_parent.clone()),
                claimed_until: Set(None),
                attempts: Set(0),
                done_at: Set(None),
            });
        let rows: Vec<_> = rows.collect();
        self.scheduled |= !rows.is_empty();
        db::insert_chunked(self.connection(), rows, None).await?;
        Ok(())
    }

    /// Drops the deadlines of `kind` that `aggregate` still has.
    ///
    /// # Errors
    /// As the statement.
    pub async fn unschedule(&self, kind: &'static str, aggregate: impl Display) -> Result<(), StoreError> {
        deadline::Entity::update_many()
            .col_expr(deadline::Column::DoneAt, Expr::value(self.now()))
            .filter(deadline::Column::Kind.eq(kind))
            .filter(deadline::Column::Aggregate.eq(aggregate.to_string()))
            .filter(deadline::Column::DoneAt.is_null())
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Drops the deadlines of `kind` that these aggregates still have, in one statement.
    ///
    /// # Errors
    /// As the statement.
    pub async fn unschedule_all<T: Display>(
        &self,
        kind: &'static str,
        aggregates: impl IntoIterator<Item = T>,
    ) -> Result<(), StoreError> {
        let aggregates: Vec<String> = aggregates.into_iter().map(|one| one.to_string()).collect();
        if aggregates.is_empty() {
            return Ok(());
        }
        let backend = self.connection().get_database_backend();
        deadline::Entity::update_many()
            .col_expr(deadline::Column::DoneAt, Expr::value(self.now()))
            .filter(deadline::Column::Kind.eq(kind))
            .filter(db::one_of_texts(
                backend,
                deadline::Column::Aggregate,
                &aggregates,
            )?)
            .filter(deadline::Column::DoneAt.is_null())
            .exec(self.connection())
            .await?;
        Ok(())
    }
}

/// The use cases that a service's deadlines lead to.
#[derive(Clone, Default)]
pub struct Deadlines {
    handlers: HashMap<&'static str, Handler>,
}

impl Deadlines {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `handle` with the aggregate's id in text form when a deadline of `kind` is due.
    #[must_use]
    pub fn on<R, F, Fut>(mut self, kind: &'static str, handle: F) -> Self
    where
        R: Refusal,
        F: Fn(CallContext, String) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<(), AppError<R>>> + Send + 'static,
    {
        self.handlers.insert(
            kind,
            Arc::new(move |ctx, aggregate| {
                let handle = handle.clone();
                Box::pin(async move { handle(ctx, aggregate).await.map_err(Failure::from) })
            }),
        );
        self
    }
}

/// Handles what is due until `stop`, and the replays of dead letters that were asked for.
pub async fn tick(store: Store, deadlines: Deadlines, reactions: Reactions, stop: CancellationToken) {
    let mut jumps = store.clock().subscribe();
    let mut rounds = 0_u32;
    while !stop.is_cancelled() {
        // Interest is registered before looking, so a deadline set in between is not missed.
        let woken = store.wake().ticker.notified();
        let handled = match round(&store, &deadlines).await {
            Ok(handled) => handled,
            Err(error) => {
                tracing::warn!(service = store.service(), %error, "deadlines cannot be looked at");
                0
            }
        };
        if let Err(error) = dead_letters::replay_requested(&store, &reactions).await {
            tracing::warn!(service = store.service(), %error, "dead letters cannot be replayed");
        }
        if rounds.is_multiple_of(MEASURE_EVERY_ROUNDS)
            && let Err(error) = measure(&store).await
        {
            tracing::debug!(service = store.service(), %error, "deadlines cannot be measured");
        }
        rounds = rounds.wrapping_add(1);
        if handled > 0 {
            continue;
        }
        tokio::select! {
            () = woken => {}
            () = stop.cancelled() => {}
            _ = jumps.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Handles what is due now; returns how many were handled.
///
/// # Errors
/// As the statements; a handler's failure is not an error here, it is tried again later.
pub async fn round(store: &Store, deadlines: &Deadlines) -> Result<usize, StoreError> {
    let due = deadline::Entity::find()
        .filter(deadline::Column::DoneAt.is_null())
        .filter(deadline::Column::DueAt.lte(store.clock().now()))
        .filter(free_at(Utc::now()))
        .order_by_asc(deadline::Column::DueAt)
        .limit(BATCH)
        .all(store.reader())
        .await?;
    let mut handled = 0;
    for row in due {
        // From now, not from the beginning of the round: the handlers before it took their time.
        if claim(store, &row, Utc::now() + CLAIM).await? {
            handled += usize::from(handle(store, deadlines, row).await?);
        }
    }
    Ok(handled)
}

fn free_at(now: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(deadline::Column::ClaimedUntil.is_null())
        .add(deadline::Column::ClaimedUntil.lt(now))
}

async fn claim(store: &Store, row: &deadline::Model, until: DateTime<Utc>) -> Result<bool, StoreError> {
    let claimed = deadline::Entity::update_many()
        .col_expr(deadline::Column::ClaimedUntil, Expr::value(until))
        .col_expr(deadline::Column::Attempts, Expr::value(row.attempts + 1))
        .filter(deadline::Column::Id.eq(row.id))
        .filter(deadline::Column::Attempts.eq(row.attempts))
        .filter(deadline::Column::DoneAt.is_null())
        .exec(store.database().writer())
        .await?;
    Ok(claimed.rows_affected == 1)
}

async fn handle(store: &Store, deadlines: &Deadlines, row: deadline::Model) -> Result<bool, StoreError> {
    let service = store.service();
    let Some((kind, handler)) = deadlines.handlers.get_key_value(row.kind.as_str()) else {
        tracing::error!(service, kind = row.kind, "no use case handles this deadline");
        return Ok(false);
    };
    let span = info_span!(
        "deadline",
        otel.name = format!("{service}.{kind}"),
        otel.kind = "internal",
        service,
        deadline.aggregate = row.aggregate,
    );
    telemetry::set_parent(&span, row.trace_parent.as_deref());
    let result = async {
        let ctx = CallContext::of_service(service, kind, Cause::Deadline { id: row.id });
        caught(handler(ctx, row.aggregate.clone())).await
    }
    .instrument(span)
    .await;
    let Err(failure) = result else { return Ok(true) };
    let pause = TimeDelta::seconds((1_i64 << row.attempts.clamp(0, 6)).min(BACKOFF_MAX_S));
    if failure.kind.may_retry() {
        tracing::info!(service, kind, %failure, "a deadline is tried again");
    } else {
        tracing::error!(service, kind, aggregate = row.aggregate, %failure, "a deadline cannot be handled; it is tried again");
    }
    deadline::Entity::update_many()
        .col_expr(deadline::Column::ClaimedUntil, Expr::value(Utc::now() + pause))
        .filter(deadline::Column::Id.eq(row.id))
        .exec(store.database().writer())
        .await?;
    Ok(false)
}

async fn measure(store: &Store) -> Result<(), StoreError> {
    let overdue = deadline::Entity::find()
        .filter(deadline::Column::DoneAt.is_null())
        .filter(deadline::Column::DueAt.lt(store.clock().now()))
        .count(store.reader())
        .await?;
    telemetry::metrics().deadlines_overdue(store.service(), overdue);
    telemetry::metrics().dead_letters(store.service(), dead_letters::count(store.database()).await?);
    Ok(())
}
