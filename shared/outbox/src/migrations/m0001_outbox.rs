//! Commands, outbox, inbox, positions, deadlines, leases and dead letters.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, integer, pk_auto, string, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid,
};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "outbox_m0001"
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
                    .table("commands")
                    .col(string("subject"))
                    .col(string("key"))
                    .col(string("action"))
                    .col(string("role"))
                    .col(string("aggregate"))
                    .col(string("input_hash"))
                    .col(text("answer"))
                    .col(text_null("reason"))
                    .col(text_null("trace_parent"))
                    .col(timestamp_with_time_zone("accepted_at"))
                    .primary_key(Index::create().name("commands_key").col("subject").col("key"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("outbox")
                    .col(pk_auto("seq").big_integer())
                    .col(uuid("id"))
                    .col(string("kind"))
                    .col(string("address"))
                    .col(string("aggregate"))
                    .col(big_integer("version"))
                    .col(timestamp_with_time_zone("happened_at"))
                    .col(text_null("trace_parent"))
                    .col(text("body"))
                    .col(timestamp_with_time_zone_null("published_at"))
                    .to_owned(),
            )
            .await?;
        // Partial: it holds only what waits, so looking for work costs the same after a million events.
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX outbox_waiting ON outbox (seq) WHERE published_at IS NULL")
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("outbox_id_key")
                    .table("outbox")
                    .col("id")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("inbox")
                    .col(string("consumer"))
                    .col(uuid("event_id"))
                    .col(timestamp_with_time_zone("handled_at"))
                    .primary_key(Index::create().name("inbox_key").col("consumer").col("event_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("positions")
                    .col(string("consumer"))
                    .col(string("aggregate"))
                    .col(big_integer("version"))
                    .primary_key(
                        Index::create()
                            .name("positions_key")
                            .col("consumer")
                            .col("aggregate"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("deadlines")
                    .col(uuid("id").primary_key())
                    .col(string("kind"))
                    .col(string("aggregate"))
                    .col(timestamp_with_time_zone("due_at"))
                    .col(text_null("trace_parent"))
                    .col(timestamp_with_time_zone_null("claimed_until"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone_null("done_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX deadlines_waiting ON deadlines (due_at) WHERE done_at IS NULL")
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("leases")
                    .col(string("name").primary_key())
                    .col(uuid("holder"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("dead_letters")
                    .col(uuid("id").primary_key())
                    .col(string("reaction"))
                    .col(uuid("event_id"))
                    .col(string("kind"))
                    .col(string("source"))
                    .col(string("aggregate"))
                    .col(big_integer("version"))
                    .col(timestamp_with_time_zone("happened_at"))
                    .col(text_null("trace_parent"))
                    .col(text("body"))
                    .col(string("reason"))
                    .col(text("report"))
                    .col(big_integer("attempts"))
                    .col(timestamp_with_time_zone("died_at"))
                    .col(timestamp_with_time_zone_null("replay_at"))
                    .col(timestamp_with_time_zone_null("resolved_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("dead_letters_event_key")
                    .table("dead_letters")
                    .col("reaction")
                    .col("event_id")
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "dead_letters",
            "leases",
            "deadlines",
            "positions",
            "inbox",
            "outbox",
            "commands",
        ] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
