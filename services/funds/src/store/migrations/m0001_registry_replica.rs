//! Areas, buildings, homes and their owners, as the registry tells of them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, date_null, string, uuid, uuid_null};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "funds_m0001_registry_replica"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("areas")
                    .col(uuid("id").primary_key())
                    .col(string("number"))
                    .col(string("name"))
                    .col(string("division"))
                    .col(uuid_null("developer_id"))
                    .col(uuid_null("manager_id"))
                    .col(big_integer("version"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("buildings")
                    .col(uuid("id").primary_key())
                    .col(uuid("area_id"))
                    .col(string("number"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("homes")
                    .col(uuid("id").primary_key())
                    .col(uuid("area_id"))
                    .col(uuid("building_id"))
                    .col(string("stairwell"))
                    .col(string("room"))
                    .col(string("unit_number"))
                    .col(big_integer("exclusive_area"))
                    .col(string("home_use"))
                    .col(string("sale_state"))
                    .col(date_null("delivered_on"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("homes_unit_number_key")
                    .table("homes")
                    .col("unit_number")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("homes_scope")
                    .table("homes")
                    .col("area_id")
                    .col("building_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("home_owners")
                    .col(uuid("home_id"))
                    .col(uuid("owner_id"))
                    .primary_key(
                        Index::create()
                            .name("home_owners_key")
                            .col("home_id")
                            .col("owner_id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("home_owners_owner")
                    .table("home_owners")
                    .col("owner_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["home_owners", "homes", "buildings", "areas"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
