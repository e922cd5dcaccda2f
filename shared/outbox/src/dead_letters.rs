//! Events that could not be handled: kept with the reason, listed, and tried again when somebody asks.

use chrono::{DateTime, Utc};
use db::{Database, StoreError};
use events::Envelope;
use ids::EventId;
use rpc::Failure;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::Store;
use crate::entity::dead_letter;
use crate::reactions::{self, Reactions};

/// Replays done in one round of the ticker.
const REPLAYS_PER_ROUND: u64 = 32;

/// A dead letter as an operator sees it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct DeadLetter {
    /// Its id, to replay it.
    pub id: Uuid,
    /// The reaction that could not handle it.
    pub reaction: String,
    /// Kind of the event.
    pub kind: String,
    /// The aggregate.
    pub aggregate: String,
    /// Version of the aggregate.
    pub version: i64,
    /// Reason string of the last failure.
    pub reason: String,
    /// Its whole chain.
    pub report: String,
    /// When it was given up.
    pub died_at: DateTime<Utc>,
    /// True where a replay was asked for and did not run yet.
    pub replaying: bool,
}

pub(crate) async fn bury(
    store: &Store,
    reaction: &str,
    envelope: &Envelope,
    failure: &Failure,
    attempts: i64,
) -> Result<(), StoreError> {
    tracing::error!(reaction, event.id = %envelope.id, event.kind = envelope.kind, attempts, %failure, "an event became a dead letter");
    let row = dead_letter::ActiveModel {
        id: Set(Uuid::now_v7()),
        reaction: Set(reaction.to_owned()),
        event_id: Set(envelope.id.as_uuid()),
        kind: Set(envelope.kind.clone()),
        source: Set(envelope.source.clone()),
        aggregate: Set(envelope.aggregate.clone()),
        version: Set(envelope.sequence),
        happened_at: Set(envelope.time),
        trace_parent: Set(envelope.trace_parent.clone()),
        body: Set(storable(&String::from_utf8_lossy(&envelope.body))),
        reason: Set(failure.reason.to_owned()),
        report: Set(storable(&failure.report)),
        attempts: Set(attempts),
        died_at: Set(Utc::now()),
        replay_at: Set(None),
        resolved_at: Set(None),
    };
    dead_letter::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(store.database().writer())
        .await?;
    telemetry::metrics().dead_letter_added(store.service(), reaction);
    Ok(())
}

/// The dead letters that nobody resolved, oldest first, at most `limit`.
///
/// # Errors
/// As the statement.
pub async fn list(database: &Database, limit: u64) -> Result<Vec<DeadLetter>, StoreError> {
    let rows = dead_letter::Entity::find()
        .filter(dead_letter::Column::ResolvedAt.is_null())
        .order_by_asc(dead_letter::Column::Id)
        .limit(limit)
        .all(database.reader())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| DeadLetter {
            id: row.id,
            reaction: row.reaction,
            kind: row.kind,
            aggregate: row.aggregate,
            version: row.version,
            reason: row.reason,
            report: row.report,
            died_at: row.died_at,
            replaying: row.replay_at.is_some(),
        })
        .collect())
}

/// Asks the running service to try dead letters again: one by its id, or all of them. Returns how many.
///
/// # Errors
/// As the statement.
pub async fn request_replay(database: &Database, id: Option<Uuid>) -> Result<u64, StoreError> {
    let mut update = dead_letter::Entity::update_many()
        .col_expr(dead_letter::Column::ReplayAt, Expr::value(Utc::now()))
        .filter(dead_letter::Column::ResolvedAt.is_null());
    if let Some(id) = id {
        update = update.filter(dead_letter::Column::Id.eq(id));
    }
    Ok(update.exec(database.writer()).await?.rows_affected)
}

/// Runs the replays that were asked for, oldest first. The inbox keeps an event that was handled meanwhile from taking
/// effect twice.
pub(crate) async fn replay_requested(store: &Store, reactions: &Reactions) -> Result<(), StoreError> {
    let rows = dead_letter::Entity::find()
        .filter(dead_letter::Column::ResolvedAt.is_null())
        .filter(dead_letter::Column::ReplayAt.is_not_null())
        .order_by_asc(dead_letter::Column::Id)
        .limit(REPLAYS_PER_ROUND)
        .all(store.reader())
        .await?;
    for row in rows {
        let Some(reaction) = reactions.find(&row.reaction) else {
            tracing::warn!(
                reaction = row.reaction,
                "a dead letter names a reaction that is no longer there"
            );
            // Asked once, answered once: left standing it would be tried for ever and hold up those behind it.
            let change = dead_letter::ActiveModel {
                id: Set(row.id),
                replay_at: Set(None),
                ..Default::default()
            };
            dead_letter::Entity::update(change)
                .exec(store.database().writer())
                .await?;
            continue;
        };
        let envelope = Envelope {
            id: EventId::from_uuid(row.event_id),
            kind: row.kind,
            source: row.source,
            aggregate: row.aggregate,
            sequence: row.version,
            time: row.happened_at,
            trace_parent: row.trace_parent,
            body: row.body.into_bytes().into(),
        };
        let mut change = dead_letter::ActiveModel {
            id: Set(row.id),
            replay_at: Set(None),
            ..Default::default()
        };
        match reactions::run(store.service(), reaction, &envelope).await {
            Ok(()) => change.resolved_at = Set(Some(Utc::now())),
            Err(failure) => {
                change.reason = Set(failure.reason.to_owned());
                change.report = Set(storable(&failure.report));
                change.attempts = Set(row.attempts + 1);
            }
        }
        dead_letter::Entity::update(change)
            .exec(store.database().writer())
            .await?;
    }
    Ok(())
}

/// How many dead letters nobody resolved.
///
/// # Errors
/// As the statement.
pub async fn count(database: &Database) -> Result<u64, StoreError> {
    Ok(dead_letter::Entity::find()
        .filter(dead_letter::Column::ResolvedAt.is_null())
        .count(database.reader())
        .await?)
}

/// PostgreSQL keeps no NUL in a text: a body that holds one is kept with a mark in its place, rather than not at all.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}
