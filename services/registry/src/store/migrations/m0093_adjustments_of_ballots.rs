//! Which price adjustment asked for a decided ballot.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::uuid_null;

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0093"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Where it was not kept, the ballot counts as one that no adjustment asked for; what it was used for still
        // binds.
        let adjustment = Table::alter()
            .table("decided_ballots")
            .add_column(uuid_null("adjustment_id"))
            .to_owned();
        manager.alter_table(adjustment).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let adjustment = Table::alter()
            .table("decided_ballots")
            .drop_column("adjustment_id")
            .to_owned();
        manager.alter_table(adjustment).await
    }
}
