//! The ledger: accounts, postings and entries.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, date_null, pk_auto, string, string_null, text, timestamp_with_time_zone, uuid, uuid_null,
};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "funds_m0002_ledger"
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
                    .table("accounts")
                    .col(uuid("id").primary_key())
                    .col(string("kind"))
                    .col(uuid("area_id"))
                    .col(uuid_null("home_id"))
                    // The decision refuses before; this holds even where a decision is wrong.
                    .col(big_integer("balance").check(Expr::col("balance").gte(0)))
                    .col(big_integer("first_deposit").check(Expr::col("first_deposit").gte(0)))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("accounts_area")
                    .table("accounts")
                    .col("area_id")
                    .col("kind")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("accounts_home")
                    .table("accounts")
                    .col("home_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("postings")
                    .col(uuid("id").primary_key())
                    .col(string("kind"))
                    .col(uuid("area_id"))
                    .col(uuid_null("draw_id"))
                    .col(uuid_null("ballot_id"))
                    .col(string_null("reference"))
                    .col(text("text"))
                    .col(date_null("paid_on"))
                    .col(timestamp_with_time_zone("posted_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("postings_reference_key")
                    .table("postings")
                    .col("reference")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("postings_area")
                    .table("postings")
                    .col("area_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("entries")
                    .col(pk_auto("id").big_integer())
                    .col(uuid("posting_id"))
                    .col(uuid("account_id"))
                    .col(big_integer("amount"))
                    .col(big_integer("balance_after").check(Expr::col("balance_after").gte(0)))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("entries_posting_account_key")
                    .table("entries")
                    .col("posting_id")
                    .col("account_id")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("entries_account")
                    .table("entries")
                    .col("account_id")
                    .col("id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["entries", "postings", "accounts"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
