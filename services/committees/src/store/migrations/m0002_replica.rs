//! What committees keeps of registry and of funds.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, string, uuid, uuid_null};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "committees_m0002_replica"
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
        for index in [
            Index::create()
                .name("areas_manager")
                .table("areas")
                .col("manager_id")
                .to_owned(),
            Index::create()
                .name("areas_developer")
                .table("areas")
                .col("developer_id")
                .to_owned(),
            Index::create()
                .name("home_owners_owner")
                .table("home_owners")
                .col("owner_id")
                .col("area_id")
                .to_owned(),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["draws", "home_owners", "buildings", "areas"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn tables() -> [TableCreateStatement; 4] {
    [
        Table::create()
            .table("areas")
            .col(uuid("area_id").primary_key())
            .col(string("division"))
            .col(uuid_null("manager_id"))
            .col(uuid_null("developer_id"))
            .to_owned(),
        Table::create()
            .table("buildings")
            .col(uuid("building_id").primary_key())
            .col(uuid("area_id"))
            .col(string("number"))
            .to_owned(),
        Table::create()
            .table("home_owners")
            .col(uuid("home_id"))
            .col(uuid("owner_id"))
            .col(uuid("area_id"))
            .primary_key(
                Index::create()
                    .name("home_owners_key")
                    .col("home_id")
                    .col("owner_id"),
            )
            .to_owned(),
        Table::create()
            .table("draws")
            .col(uuid("draw_id").primary_key())
            .col(boolean("withdrawn"))
            .to_owned(),
    ]
}
