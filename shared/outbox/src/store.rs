//! A service's store: the only way to open a transaction that changes something.

use std::ops::Deref;
use std::sync::Arc;

use calendar::Clock;
use chrono::{DateTime, Utc};
use db::{Database, StoreError};
use ids::EventId;
use rpc::CallContext;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait};
use tokio::sync::Notify;

use crate::Message;
use crate::dead_letters::DeadLetter;
use crate::entity::outbox;

/// A service's database together with its outbox. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    service: &'static str,
    database: Database,
    clock: Arc<dyn Clock>,
    wake: Arc<Wake>,
}

/// Wakes the loops that look for work, so that they need not poll often.
#[derive(Default)]
pub(crate) struct Wake {
    pub(crate) relay: Notify,
    pub(crate) ticker: Notify,
}

impl Store {
    /// The store of `service` in `database`.
    pub fn new(service: &'static str, database: Database, clock: Arc<dyn Clock>) -> Self {
        Store {
            service,
            database,
            clock,
            wake: Arc::default(),
        }
    }

    /// Begins a transaction that writes. Dropped without `commit`, it never happened.
    ///
    /// # Errors
    /// `Unavailable` where the database does not answer in time.
    pub async fn begin_write(&self) -> Result<Tx, StoreError> {
        let inner = self.database.begin_write().await?;
        Ok(Tx {
            inner,
            clock: self.clock.clone(),
            wake: self.wake.clone(),
            published: false,
            scheduled: false,
        })
    }

    /// Begins a transaction that only reads, for several reads that must agree.
    ///
    /// # Errors
    /// `Unavailable` where the database does not answer in time.
    pub async fn begin_read(&self) -> Result<DatabaseTransaction, StoreError> {
        self.database.begin_read().await
    }

    /// The connection for single reads.
    pub fn reader(&self) -> &DatabaseConnection {
        self.database.reader()
    }

    /// Whether the database answers now.
    pub async fn answers(&self) -> bool {
        self.reader().ping().await.is_ok()
    }

    /// The dead letters that nobody resolved, oldest first, at most `limit`.
    ///
    /// # Errors
    /// As the statement.
    pub async fn dead_letters(&self, limit: u64) -> Result<Vec<DeadLetter>, StoreError> {
        crate::dead_letters::list(&self.database, limit).await
    }

    /// The service's name.
    pub fn service(&self) -> &'static str {
        self.service
    }

    /// The platform's clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    pub(crate) fn wake(&self) -> &Wake {
        &self.wake
    }
}

/// A transaction that writes: state, events, deadlines and the memory of what was done, all or nothing.
pub struct Tx {
    inner: DatabaseTransaction,
    clock: Arc<dyn Clock>,
    wake: Arc<Wake>,
    published: bool,
    pub(crate) scheduled: bool,
}

impl Deref for Tx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

impl Tx {
    /// The connection, for functions that take any.
    pub fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// True on PostgreSQL, where rows can be locked one by one.
    pub fn is_postgres(&self) -> bool {
        self.inner.get_database_backend() == sea_orm::DbBackend::Postgres
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Puts events into the outbox; they are published after the commit, in this order.
    ///
    /// # Errors
    /// As the statement.
    pub async fn publish<M: Into<Message>>(
        &mut self,
        ctx: &CallContext,
        events: impl IntoIterator<Item = M>,
    ) -> Result<(), StoreError> {
        let happened_at = self.now();
        let mut rows = Vec::new();
        for event in events {
            let message: Message = event.into();
            rows.push(outbox::ActiveModel {
                id: Set(EventId::generate().as_uuid()),
                kind: Set(message.kind.to_owned()),
                address: Set(message.address),
                aggregate: Set(message.aggregate),
                version: Set(message.version),
                happened_at: Set(happened_at),
                trace_parent: Set(ctx.trace_parent.clone()),
                body: Set(message.body?),
                published_at: Set(None),
                ..Default::default()
            });
        }
        self.published |= !rows.is_empty();
        for chunk in chunks(rows) {
            outbox::Entity::insert_many(chunk)
                .exec_without_returning(&self.inner)
                .await?;
        }
        Ok(())
    }

    /// Commits. Nothing that matters may come after it but returning.
    ///
    /// # Errors
    /// `Unavailable` where the outcome is not known: the caller repeats with the same key.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await?;
        if self.published {
            self.wake.relay.notify_one();
        }
        if self.scheduled {
            self.wake.ticker.notify_one();
        }
        Ok(())
    }

    /// Undoes everything now, where the same use case goes on with another transaction.
    ///
    /// # Errors
    /// `Unavailable` where the database does not answer; it is undone then too.
    pub async fn roll_back(self) -> Result<(), StoreError> {
        Ok(self.inner.rollback().await?)
    }
}

/// Rows of one statement, far under the bind limit of every database.
const ROWS_PER_STATEMENT: usize = 500;

fn chunks(rows: Vec<outbox::ActiveModel>) -> impl Iterator<Item = Vec<outbox::ActiveModel>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<_> = rows.by_ref().take(ROWS_PER_STATEMENT).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}
