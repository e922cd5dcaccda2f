//! Completion acceptances and design lives of buildings, as the registry tells of them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, date_null, integer_null, uuid};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "funds_m0011_building_facts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let facts = Table::create()
            .table("building_facts")
            .col(uuid("building_id").primary_key())
            .col(big_integer("version"))
            .col(date_null("completed_on"))
            .col(integer_null("design_life_years"))
            .to_owned();
        manager.create_table(facts).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("building_facts").to_owned())
            .await
    }
}
