//! The registry's tables: the only way to its database.

use std::ops::{Deref, DerefMut};

use db::StoreError;
use sea_orm::{DatabaseConnection, DatabaseTransaction};

/// What a read is asked of: the reader, a snapshot, or a transaction that writes.
pub use sea_orm::ConnectionTrait as Readable;

pub mod area_managers;
pub mod areas;
pub mod association;
pub mod ballots;
pub mod boundaries;
pub mod building_areas;
pub mod building_facts;
pub mod buildings;
pub mod certificates;
pub mod contracts;
pub mod delineations;
pub mod division_records;
pub mod divisions;
pub mod dossiers;
mod entity;
pub mod equipment;
mod export_looks;
pub mod fee_standards;
pub mod firm_records;
pub mod firm_versions;
pub mod firms;
pub mod holdings;
pub mod home_areas;
pub mod homes;
pub mod imports;
pub mod looks;
pub mod management_modes;
pub mod migrations;
mod moved_parts;
pub mod objections;
pub mod owner_records;
pub mod owners;
pub mod ownerships;
pub mod parking;
pub mod price_adjustments;
pub mod published_rolls;
pub mod regroupings;
pub mod rolls;
pub mod rosters;
pub mod satisfactions;
pub mod service_rooms;
pub mod set_ups;
mod spellings;
pub mod staff;
mod statistics;
mod text;
mod versions;

pub use moved_parts::Followers;

/// Several reads that agree: what others write meanwhile is not seen.
pub type Snapshot = DatabaseTransaction;

/// The registry's database.
#[derive(Clone)]
pub struct Store(outbox::Store);

/// A transaction that writes.
pub struct Tx(outbox::Tx);

impl Store {
    /// Over the service's store.
    pub fn new(store: outbox::Store) -> Self {
        Store(store)
    }

    /// Begins a transaction that writes.
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
    pub async fn begin_read(&self) -> Result<Snapshot, StoreError> {
        self.0.begin_read().await
    }

    /// The connection for single reads.
    pub fn reader(&self) -> &DatabaseConnection {
        self.0.reader()
    }
}

impl Tx {
    /// Commits. Nothing that matters may come after it but returning.
    ///
    /// # Errors
    /// `Unavailable` where the outcome is not known: the caller repeats with the same key.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.0.commit().await
    }
}

impl Tx {
    /// Undoes everything.
    ///
    /// # Errors
    /// `Unavailable` where the database does not answer; it is undone then too.
    pub async fn roll_back(self) -> Result<(), StoreError> {
        self.0.roll_back().await
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

/// A natural key that appeared since it was looked up belongs to another import at the same moment.
fn raced(error: StoreError) -> StoreError {
    match error {
        StoreError::Duplicate(_) => StoreError::Conflict,
        other => other,
    }
}
