//! Migrations of the registry's tables.

mod m0001_registry;
mod m0002_divisions;
mod m0003_set_ups;
mod m0030_owners_in_full;
mod m0031_public_rolls;
mod m0050_imports;

use sea_orm_migration::MigrationTrait;

/// All of them, in order; those of the outbox come before.
pub fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_registry::Migration),
        Box::new(m0002_divisions::Migration),
        Box::new(m0003_set_ups::Migration),
        Box::new(m0030_owners_in_full::Migration),
        Box::new(m0031_public_rolls::Migration),
        Box::new(m0050_imports::Migration),
    ]
}
