//! Migrations of the tables that every service has. A service's migrator begins with them.

mod m0001_outbox;
mod m0002_deadlines_by_aggregate;

use sea_orm_migration::MigrationTrait;

/// All of them, in order.
pub fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_outbox::Migration),
        Box::new(m0002_deadlines_by_aggregate::Migration),
    ]
}
