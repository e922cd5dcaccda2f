//! Who may cast the votes of frozen heads, and in which capacity a vote was cast.
//!
//! On rolls that were frozen before, the owners keep their votes, and every vote stands as its owner's or developer's own.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string, text_null, uuid};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "committees_m0010_voters"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let voters = Table::create()
            .table("roll_voters")
            .col(uuid("ballot_id"))
            .col(uuid("voter_id"))
            .col(string("head_key"))
            .col(string("capacity"))
            .primary_key(
                Index::create()
                    .name("roll_voters_key")
                    .col("ballot_id")
                    .col("voter_id")
                    .col("head_key"),
            )
            .to_owned();
        manager.create_table(voters).await?;
        let by_voter = Index::create()
            .name("roll_voters_voter")
            .table("roll_voters")
            .col("voter_id")
            .to_owned();
        manager.create_index(by_voter).await?;
        let of_heads = Table::alter()
            .table("roll_heads")
            .add_column(text_null("voters"))
            .to_owned();
        manager.alter_table(of_heads).await?;
        let of_votes = Table::alter()
            .table("votes")
            .add_column(string("capacity").default("owner").to_owned())
            .to_owned();
        manager.alter_table(of_votes).await?;
        for statement in [
            "INSERT INTO roll_voters (ballot_id, voter_id, head_key, capacity) \
             SELECT ballot_id, owner_id, head_key, 'owner' FROM roll_owners",
            "UPDATE votes SET capacity = 'developer' WHERE voter_owner_id IS NULL",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("votes", "capacity"), ("roll_heads", "voters")] {
            let without = Table::alter().table(table).drop_column(column).to_owned();
            manager.alter_table(without).await?;
        }
        manager
            .drop_table(Table::drop().table("roll_voters").to_owned())
            .await
    }
}
