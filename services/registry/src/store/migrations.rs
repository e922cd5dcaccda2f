//! Migrations of the registry's tables.

mod m0001_registry;
mod m0002_divisions;
mod m0003_set_ups;
mod m0010_contracts;
mod m0020_divisions_in_time;
mod m0021_delineations;
mod m0022_boundaries;
mod m0030_owners_in_full;
mod m0031_public_rolls;
mod m0040_firm_people;
mod m0041_rosters;
mod m0042_building_parts;
mod m0050_imports;
mod m0051_export_looks;
mod m0060_fee_standards;
mod m0070_spellings;
mod m0080_regroupings;

use sea_orm_migration::MigrationTrait;

/// All of them, in order; those of the outbox come before.
pub fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_registry::Migration),
        Box::new(m0002_divisions::Migration),
        Box::new(m0003_set_ups::Migration),
        Box::new(m0010_contracts::Migration),
        Box::new(m0020_divisions_in_time::Migration),
        Box::new(m0021_delineations::Migration),
        Box::new(m0022_boundaries::Migration),
        Box::new(m0030_owners_in_full::Migration),
        Box::new(m0031_public_rolls::Migration),
        Box::new(m0040_firm_people::Migration),
        Box::new(m0041_rosters::Migration),
        Box::new(m0042_building_parts::Migration),
        Box::new(m0050_imports::Migration),
        Box::new(m0051_export_looks::Migration),
        Box::new(m0060_fee_standards::Migration),
        Box::new(m0070_spellings::Migration),
        Box::new(m0080_regroupings::Migration),
    ]
}
