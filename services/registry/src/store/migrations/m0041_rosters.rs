//! Rosters of mediators and experts.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, date, string, string_null, text, text_null, uuid};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0041"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("roster_members")
            .col(uuid("id").primary_key())
            .col(string("kind"))
            .col(text("name_sealed"))
            .col(string("name_masked"))
            .col(string("profession"))
            .col(string_null("employer_credit_code"))
            .col(text("mobile_sealed"))
            .col(string("mobile_index"))
            .col(string("mobile_masked"))
            .col(string("division_code"))
            .col(date("valid_from"))
            .col(date("valid_until"))
            .col(string("standing"))
            .col(text_null("standing_reason"))
            .col(big_integer("version"))
            .to_owned();
        manager.create_table(table).await?;
        let key = Index::create()
            .name("roster_members_mobile_key")
            .table("roster_members")
            .col("kind")
            .col("mobile_index")
            .unique()
            .to_owned();
        manager.create_index(key).await?;
        let walk = Index::create()
            .name("roster_members_kind")
            .table("roster_members")
            .col("kind")
            .col("id")
            .to_owned();
        manager.create_index(walk).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("roster_members").to_owned())
            .await
    }
}
