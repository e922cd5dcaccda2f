//! Boundaries of divisions and areas.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, date, string, text};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0022"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("boundaries")
            .col(string("place"))
            .col(big_integer("version"))
            .col(boolean("is_division"))
            .col(date("valid_from"))
            .col(big_integer("west"))
            .col(big_integer("south"))
            .col(big_integer("east"))
            .col(big_integer("north"))
            .col(text("geojson"))
            .primary_key(Index::create().name("boundaries_key").col("place").col("version"))
            .to_owned();
        manager.create_table(table).await?;
        let extent = Index::create()
            .name("boundaries_extent")
            .table("boundaries")
            .col("is_division")
            .col("west")
            .col("east")
            .to_owned();
        manager.create_index(extent).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("boundaries").to_owned())
            .await
    }
}
