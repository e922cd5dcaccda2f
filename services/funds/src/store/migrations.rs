//! Migrations of this service; those of the outbox come before them.

mod m0001_registry_replica;
mod m0002_ledger;
mod m0003_draws;
mod m0010_mergers;
mod m0011_building_facts;
mod m0080_building_moves;

use sea_orm_migration::MigrationTrait;

/// All of them, in order.
pub fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_registry_replica::Migration),
        Box::new(m0002_ledger::Migration),
        Box::new(m0003_draws::Migration),
        Box::new(m0010_mergers::Migration),
        Box::new(m0011_building_facts::Migration),
        Box::new(m0080_building_moves::Migration),
    ]
}
