//! Draws, their scopes and their shares.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, integer, string, string_null, text, timestamp_with_time_zone, uuid, uuid_null,
};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "funds_m0003_draws"
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
                    .table("draws")
                    .col(uuid("id").primary_key())
                    .col(big_integer("version"))
                    .col(uuid("area_id"))
                    .col(string("division"))
                    .col(string("part"))
                    .col(text("title"))
                    .col(text("text"))
                    .col(big_integer("budget").check(Expr::col("budget").gt(0)))
                    .col(uuid_null("proposer_id"))
                    .col(timestamp_with_time_zone("proposed_at"))
                    .col(string("state"))
                    .col(uuid_null("ballot_id"))
                    .col(text("detail"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("draws_area")
                    .table("draws")
                    .col("area_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("draws_division")
                    .table("draws")
                    .col("division")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("draw_scopes")
                    .col(uuid("draw_id"))
                    .col(integer("place"))
                    .col(uuid_null("building_id"))
                    .col(string_null("stairwell"))
                    .primary_key(
                        Index::create()
                            .name("draw_scopes_key")
                            .col("draw_id")
                            .col("place"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("shares")
                    .col(uuid("draw_id"))
                    .col(uuid("home_id"))
                    .col(big_integer("area"))
                    .col(boolean("is_developers"))
                    .col(big_integer("share"))
                    .col(big_integer("fund").check(Expr::col("fund").gte(0)))
                    .col(big_integer("owners_due").check(Expr::col("owners_due").gte(0)))
                    .col(big_integer("developer_due").check(Expr::col("developer_due").gte(0)))
                    .primary_key(Index::create().name("shares_key").col("draw_id").col("home_id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["shares", "draw_scopes", "draws"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
