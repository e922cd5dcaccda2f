//! Deadlines are dropped by aggregate: an index finds those that still wait.

use sea_orm_migration::prelude::*;

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "outbox_m0002"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = "CREATE INDEX deadlines_of_aggregate ON deadlines (aggregate) WHERE done_at IS NULL";
        manager.get_connection().execute_unprepared(index).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = "DROP INDEX deadlines_of_aggregate";
        manager.get_connection().execute_unprepared(index).await?;
        Ok(())
    }
}
