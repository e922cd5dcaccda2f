//! Whom a file named that does not follow from the ownerships of its place, and what it showed of them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, string, uuid};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0099"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Every file until now named all owners of its place.
        let names_owners = Table::alter()
            .table("export_looks")
            .add_column(boolean("names_owners").default(true))
            .to_owned();
        manager.alter_table(names_owners).await?;
        let people = Table::create()
            .table("export_look_people")
            .col(uuid("look_id"))
            .col(uuid("person_id"))
            .col(string("fields"))
            .primary_key(
                Index::create()
                    .name("export_look_people_key")
                    .col("person_id")
                    .col("look_id"),
            )
            .to_owned();
        manager.create_table(people).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("export_look_people").to_owned())
            .await?;
        let names_owners = Table::alter()
            .table("export_looks")
            .drop_column("names_owners")
            .to_owned();
        manager.alter_table(names_owners).await
    }
}
