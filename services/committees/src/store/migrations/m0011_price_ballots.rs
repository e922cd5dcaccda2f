//! Ballots that price adjustments ask for.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, uuid, uuid_null};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "committees_m0011_price_ballots"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_ballots = Table::alter()
            .table("ballots")
            .add_column(uuid_null("adjustment_id"))
            .to_owned();
        manager.alter_table(of_ballots).await?;
        // One ballot an adjustment, whoever asks how often.
        let one_each = Index::create()
            .name("ballots_adjustment_key")
            .table("ballots")
            .col("adjustment_id")
            .unique()
            .to_owned();
        manager.create_index(one_each).await?;
        let adjustments = Table::create()
            .table("adjustments")
            .col(uuid("adjustment_id").primary_key())
            .col(boolean("is_over"))
            .to_owned();
        manager.create_table(adjustments).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("adjustments").to_owned())
            .await?;
        let index = Index::drop()
            .name("ballots_adjustment_key")
            .table("ballots")
            .to_owned();
        manager.drop_index(index).await?;
        let without = Table::alter()
            .table("ballots")
            .drop_column("adjustment_id")
            .to_owned();
        manager.alter_table(without).await
    }
}
