//! The only place that opens transactions and knows rows.

mod convert;
mod draws;
mod entity;
mod facts;
mod ledger;
mod mergers;
pub mod migrations;
mod movements;
mod moves;
pub mod reads;
mod registry;
mod sql;

use std::ops::{Deref, DerefMut};

pub use db::StoreError;
/// Whatever a read can go through: a transaction, or a connection of its own.
pub use sea_orm::ConnectionTrait as Connection;
use sea_orm::{DatabaseConnection, DatabaseTransaction};

/// The database of this service. Cheap to clone.
#[derive(Clone)]
pub struct Store(outbox::Store);

impl Store {
    /// Over the tables that every service has.
    pub fn new(inner: outbox::Store) -> Self {
        Store(inner)
    }

    /// Begins a transaction that writes. Dropped without `commit`, it never happened.
    ///
    /// # Errors
    /// `Unavailable` where the database does not answer in time.
    pub async fn begin_write(&self) -> Result<Tx, StoreError> {
        self.0.begin_write().await.map(Tx)
    }

    /// Begins a transaction that only reads, for reads that must agree.
    ///
    /// # Errors
    /// `Unavailable` where the database does not answer in time.
    pub async fn begin_read(&self) -> Result<DatabaseTransaction, StoreError> {
        self.0.begin_read().await
    }

    /// The connection for single reads.
    pub fn reader(&self) -> &DatabaseConnection {
        self.0.reader()
    }
}

/// A transaction that writes.
pub struct Tx(outbox::Tx);

impl Tx {
    /// Commits. Nothing that matters may come after it but returning.
    ///
    /// # Errors
    /// `Unavailable` where the outcome is not known: the caller repeats with the same key.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.0.commit().await
    }
}

impl Deref for Tx {
    type Target = outbox::Tx;

    fn deref(&self) -> &outbox::Tx {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut outbox::Tx {
        &mut self.0
    }
}
