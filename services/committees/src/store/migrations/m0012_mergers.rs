//! Mergers of divisions, as registry tells of them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{date, string};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "committees_m0012_mergers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mergers = Table::create()
            .table("mergers")
            .col(string("from_code").primary_key())
            .col(string("into_code"))
            .col(date("merged_on"))
            .to_owned();
        manager.create_table(mergers).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("mergers").to_owned())
            .await
    }
}
