//! Imports of files: their parts, portions and errors.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, integer, string, text, timestamp_with_time_zone, uuid};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0050"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["import_errors", "import_portions", "import_parts", "imports"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn tables() -> [TableCreateStatement; 4] {
    let key = |table: &str, column: &'static str| {
        let mut key = Index::create();
        key.name(format!("{table}_key")).col("import_id").col(column);
        key
    };
    [
        Table::create()
            .table("imports")
            .col(uuid("id").primary_key())
            .col(text("request"))
            .col(text("state"))
            .col(integer("portions"))
            .col(big_integer("rows"))
            .col(big_integer("recorded"))
            .col(big_integer("unchanged"))
            .col(big_integer("wrong"))
            .col(text("ignored_columns"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("changed_at"))
            .col(big_integer("version"))
            .to_owned(),
        Table::create()
            .table("import_parts")
            .col(uuid("import_id"))
            .col(big_integer("starts_at"))
            .col(string("digest"))
            .col(binary("content"))
            .primary_key(&mut key("import_parts", "starts_at"))
            .to_owned(),
        Table::create()
            .table("import_portions")
            .col(uuid("import_id"))
            .col(integer("place"))
            .col(binary("content"))
            .primary_key(&mut key("import_portions", "place"))
            .to_owned(),
        Table::create()
            .table("import_errors")
            .col(uuid("import_id"))
            .col(big_integer("place"))
            .col(text("error"))
            .primary_key(&mut key("import_errors", "place"))
            .to_owned(),
    ]
}
