//! Divisions valid in time: later names, and what was merged into what.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, date, date_null, string, string_null};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0020"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for column in [
            big_integer("version").default(1).to_owned(),
            string_null("merged_into"),
            date_null("merged_on"),
        ] {
            let alter = Table::alter().table("divisions").add_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        let names = Table::create()
            .table("division_names")
            .col(string("code"))
            .col(date("valid_from"))
            .col(string("name"))
            .primary_key(
                Index::create()
                    .name("division_names_key")
                    .col("code")
                    .col("valid_from"),
            )
            .to_owned();
        manager.create_table(names).await?;
        let merged = Index::create()
            .name("divisions_merged_into")
            .table("divisions")
            .col("merged_into")
            .to_owned();
        manager.create_index(merged).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("divisions_merged_into")
                    .table("divisions")
                    .to_owned(),
            )
            .await?;
        manager
            .drop_table(Table::drop().table("division_names").to_owned())
            .await?;
        for column in ["merged_on", "merged_into", "version"] {
            let alter = Table::alter().table("divisions").drop_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
