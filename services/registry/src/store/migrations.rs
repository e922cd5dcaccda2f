//! Migrations of the registry's tables.

mod m0001_registry;
mod m0002_divisions;
mod m0003_set_ups;
mod m0050_imports;
mod m0051_export_looks;

use sea_orm_migration::MigrationTrait;

/// All of them, in order; those of the outbox come before.
pub fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_registry::Migration),
        Box::new(m0002_divisions::Migration),
        Box::new(m0003_set_ups::Migration),
        Box::new(m0050_imports::Migration),
        Box::new(m0051_export_looks::Migration),
    ]
}
