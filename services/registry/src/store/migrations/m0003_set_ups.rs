//! Areas whose first assembly is to be prepared.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{date, string, uuid};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0003"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("set_ups")
            .col(uuid("area_id").primary_key())
            .col(string("condition"))
            .col(date("due_on"))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("set_ups").to_owned())
            .await
    }
}
