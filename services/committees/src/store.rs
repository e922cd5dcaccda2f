//! The store: what the service remembers. The only place that opens transactions.

mod adjustments;
mod ballots;
mod draws;
mod entity;
mod mergers;
pub mod migrations;
mod reads;
mod replica;
mod roll;
mod sight;
mod votes;

use std::ops::{Deref, DerefMut};

pub use db::StoreError;
use sea_orm::DatabaseTransaction;

pub use reads::{BallotFilter, BallotView, Visibility};
pub use replica::{AreaRecord, BuildingRecord, OwnershipRecord};
pub use sight::Sight;

/// The service's database with its outbox. Cheap to clone.
#[derive(Clone)]
pub struct Store(outbox::Store);

impl Store {
    /// The store on top of the outbox.
    pub fn new(inner: outbox::Store) -> Self {
        Store(inner)
    }

    /// Begins a transaction that writes. Dropped without `commit`, it never happened.
    ///
    /// # Errors
    /// `Unavailable` where the database does not answer in time.
    pub async fn begin_write(&self) -> Result<Tx, StoreError> {
        Ok(Tx(self.0.begin_write().await?))
    }

    /// Begins a transaction that only reads, for several reads that must agree.
    ///
    /// # Errors
    /// `Unavailable` where the database does not answer in time.
    pub async fn begin_read(&self) -> Result<ReadTx, StoreError> {
        Ok(ReadTx(self.0.begin_read().await?))
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

/// A transaction that only reads.
pub struct ReadTx(DatabaseTransaction);

impl ReadTx {
    pub(crate) fn connection(&self) -> &DatabaseTransaction {
        &self.0
    }
}
