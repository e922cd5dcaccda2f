//! Buildings that moved from one area to another.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{timestamp_with_time_zone, uuid};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "funds_m0080_building_moves"
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
                    .table("building_moves")
                    .col(uuid("building_id"))
                    .col(timestamp_with_time_zone("moved_at"))
                    .col(uuid("from_area_id"))
                    .col(uuid("to_area_id"))
                    .primary_key(
                        Index::create()
                            .name("building_moves_key")
                            .col("building_id")
                            .col("moved_at"),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("building_moves").to_owned())
            .await
    }
}
