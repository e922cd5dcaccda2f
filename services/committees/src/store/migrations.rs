//! The service's own migrations, in order. Those of the outbox come before them.

mod m0001_ballots;
mod m0002_replica;
mod m0010_voters;
mod m0011_price_ballots;
mod m0012_mergers;

use sea_orm_migration::MigrationTrait;

/// All of them.
pub fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_ballots::Migration),
        Box::new(m0002_replica::Migration),
        Box::new(m0010_voters::Migration),
        Box::new(m0011_price_ballots::Migration),
        Box::new(m0012_mergers::Migration),
    ]
}
