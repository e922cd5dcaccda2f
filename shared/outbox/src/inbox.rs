//! The memory of handled events and deadlines: whatever is delivered twice takes effect once.

use chrono::{DateTime, Utc};
use db::StoreError;
use ids::EventId;
use rpc::{CallContext, Cause};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::Tx;
use crate::entity::{deadline, inbox, position};

/// What is known of an event besides its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The durable consumer, `funds--on_ballot_decided`.
    pub consumer: String,
    /// The event's id.
    pub id: EventId,
    /// Id of its aggregate in text form.
    pub aggregate: String,
    /// Version of the aggregate after it.
    pub version: i64,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
}

impl Tx {
    /// True where the event or deadline of this context takes effect now; false where it did before, and there is
    /// nothing left to do.
    ///
    /// # Errors
    /// As the statement; `KeyMissing` for a client's call, which has `replay` instead.
    pub async fn first_time(&self, ctx: &CallContext) -> Result<bool, StoreError> {
        match &ctx.cause {
            Cause::Event { consumer, id } => {
                let row = inbox::ActiveModel {
                    consumer: Set(consumer.clone()),
                    event_id: Set(id.as_uuid()),
                    handled_at: Set(self.now()),
                };
                let inserted = inbox::Entity::insert(row)
                    .on_conflict(OnConflict::new().do_nothing().to_owned())
                    .exec_without_returning(self.connection())
                    .await?;
                Ok(inserted == 1)
            }
            Cause::Deadline { id } => {
                let done = deadline::Entity::update_many()
                    .col_expr(deadline::Column::DoneAt, Expr::value(self.now()))
                    .filter(deadline::Column::Id.eq(*id))
                    .filter(deadline::Column::DoneAt.is_null())
                    .exec(self.connection())
                    .await?;
                Ok(done.rows_affected == 1)
            }
            Cause::Call { .. } => Err(StoreError::KeyMissing),
        }
    }

    /// For a replica that follows every version of an aggregate: true where this is the next version, false where it
    /// was handled before.
    ///
    /// # Errors
    /// `OutOfOrder` where a version between is still to come: the event is delivered again later.
    pub async fn next_version(&self, incoming: &Incoming) -> Result<bool, StoreError> {
        let id = (incoming.consumer.clone(), incoming.aggregate.clone());
        let known = position::Entity::find_by_id(id).one(self.connection()).await?;
        let version = known.as_ref().map_or(0, |row| row.version);
        if incoming.version <= version {
            return Ok(false);
        }
        if incoming.version > version + 1 {
            return Err(StoreError::OutOfOrder {
                aggregate: incoming.aggregate.clone(),
                expected: version + 1,
                found: incoming.version,
            });
        }
        if known.is_none() {
            let row = position::ActiveModel {
                consumer: Set(incoming.consumer.clone()),
                aggregate: Set(incoming.aggregate.clone()),
                version: Set(incoming.version),
            };
            let inserted = position::Entity::insert(row)
                .on_conflict(OnConflict::new().do_nothing().to_owned())
                .exec_without_returning(self.connection())
                .await?;
            return if inserted == 1 {
                Ok(true)
            } else {
                Err(StoreError::Conflict)
            };
        }
        let moved = position::Entity::update_many()
            .col_expr(position::Column::Version, Expr::value(incoming.version))
            .filter(position::Column::Consumer.eq(&incoming.consumer))
            .filter(position::Column::Aggregate.eq(&incoming.aggregate))
            .filter(position::Column::Version.eq(version))
            .exec(self.connection())
            .await?;
        if moved.rows_affected == 1 {
            Ok(true)
        } else {
            Err(StoreError::Conflict)
        }
    }
}
