//! Delineations of areas, and checks of their service rooms.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, date, string, text, uuid, uuid_null};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0021"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let delineations = Table::create()
            .table("delineations")
            .col(uuid("id").primary_key())
            .col(big_integer("version"))
            .col(string("division_code"))
            .col(uuid("developer_id"))
            .col(string("state"))
            .col(uuid_null("area_id"))
            .col(text("detail"))
            .to_owned();
        manager.create_table(delineations).await?;
        for (name, column) in [
            ("delineations_division_code", "division_code"),
            ("delineations_developer_id", "developer_id"),
        ] {
            let index = Index::create()
                .name(name)
                .table("delineations")
                .col(column)
                .col("id")
                .to_owned();
            manager.create_index(index).await?;
        }
        // An area comes from one delineation.
        let area = Index::create()
            .name("delineations_area_id_key")
            .table("delineations")
            .col("area_id")
            .unique()
            .to_owned();
        manager.create_index(area).await?;
        let checks = Table::create()
            .table("service_room_checks")
            .col(uuid("area_id"))
            .col(big_integer("version"))
            .col(date("checked_on"))
            .col(text("detail"))
            .primary_key(
                Index::create()
                    .name("service_room_checks_key")
                    .col("area_id")
                    .col("version"),
            )
            .to_owned();
        manager.create_table(checks).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["service_room_checks", "delineations"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
