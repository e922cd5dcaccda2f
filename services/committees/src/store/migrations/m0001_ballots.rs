//! Ballots, their frozen rolls and their votes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, string, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "committees_m0001_ballots"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(ballots()).await?;
        for index in [
            Index::create()
                .name("ballots_area")
                .table("ballots")
                .col("area_id")
                .to_owned(),
            // One ballot a draw, whoever asks how often.
            Index::create()
                .name("ballots_draw_key")
                .table("ballots")
                .col("draw_id")
                .unique()
                .to_owned(),
            Index::create()
                .name("ballots_newest")
                .table("ballots")
                .col("prepared_at")
                .col("id")
                .to_owned(),
        ] {
            manager.create_index(index).await?;
        }
        for table in rolls() {
            manager.create_table(table).await?;
        }
        for index in [
            Index::create()
                .name("roll_owners_owner")
                .table("roll_owners")
                .col("owner_id")
                .to_owned(),
            Index::create()
                .name("roll_heads_developer")
                .table("roll_heads")
                .col("developer_id")
                .to_owned(),
        ] {
            manager.create_index(index).await?;
        }
        manager.create_table(votes()).await?;
        // One vote a head; the count of a ballot reads along it.
        let one_a_head = Index::create()
            .name("votes_head_key")
            .table("votes")
            .col("ballot_id")
            .col("head_key")
            .unique()
            .to_owned();
        manager.create_index(one_a_head).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["votes", "roll_homes", "roll_owners", "roll_heads", "ballots"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn ballots() -> TableCreateStatement {
    Table::create()
        .table("ballots")
        .col(uuid("id").primary_key())
        .col(uuid("area_id"))
        .col(text("building_ids"))
        .col(text("stairwells"))
        .col(string("division"))
        .col(string("matter"))
        .col(text("title"))
        .col(text("text"))
        .col(uuid_null("draw_id"))
        .col(timestamp_with_time_zone("prepared_at"))
        .col(string("state"))
        .col(timestamp_with_time_zone_null("announced_at"))
        .col(timestamp_with_time_zone_null("opens_at"))
        .col(timestamp_with_time_zone_null("closes_at"))
        .col(big_integer_null("roll_heads"))
        .col(big_integer_null("roll_area"))
        .col(text_null("outcome"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(timestamp_with_time_zone_null("withdrawn_at"))
        .col(text_null("withdrawal_reason"))
        .col(big_integer("version"))
        .to_owned()
}

fn rolls() -> [TableCreateStatement; 3] {
    [
        Table::create()
            .table("roll_heads")
            .col(uuid("ballot_id"))
            .col(string("head_key"))
            .col(big_integer("area"))
            .col(text("homes"))
            .col(text("owner_ids"))
            .col(uuid_null("developer_id"))
            .primary_key(
                Index::create()
                    .name("roll_heads_key")
                    .col("ballot_id")
                    .col("head_key"),
            )
            .to_owned(),
        Table::create()
            .table("roll_owners")
            .col(uuid("ballot_id"))
            .col(uuid("owner_id"))
            .col(string("head_key"))
            .primary_key(
                Index::create()
                    .name("roll_owners_key")
                    .col("ballot_id")
                    .col("owner_id")
                    .col("head_key"),
            )
            .to_owned(),
        Table::create()
            .table("roll_homes")
            .col(uuid("ballot_id"))
            .col(uuid("home_id"))
            .col(string("head_key"))
            .primary_key(
                Index::create()
                    .name("roll_homes_key")
                    .col("ballot_id")
                    .col("home_id"),
            )
            .to_owned(),
    ]
}

fn votes() -> TableCreateStatement {
    Table::create()
        .table("votes")
        .col(uuid("id").primary_key())
        .col(uuid("ballot_id"))
        .col(string("head_key"))
        .col(string("choice"))
        .col(string("voter"))
        .col(uuid_null("voter_owner_id"))
        .col(big_integer("area"))
        .col(timestamp_with_time_zone("cast_at"))
        .to_owned()
}
