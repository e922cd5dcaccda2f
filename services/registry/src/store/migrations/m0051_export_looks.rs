//! Who took the owners of an area away in clear.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, string, text, text_null, timestamp_with_time_zone, uuid};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0051"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("export_looks")
            .col(uuid("id").primary_key())
            .col(uuid("area_id"))
            .col(timestamp_with_time_zone("looked_at"))
            .col(string("subject"))
            .col(string("role"))
            .col(string("action"))
            .col(text("reason"))
            .col(big_integer("row_count"))
            .col(text_null("trace_parent"))
            .to_owned();
        manager.create_table(table).await?;
        let index = Index::create()
            .name("export_looks_area_id")
            .table("export_looks")
            .col("area_id")
            .col("looked_at")
            .to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("export_looks").to_owned())
            .await
    }
}
