//! Contracts of property service, the decided ballots they hang on, and how areas are managed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, date, date_null, small_integer, string, text, uuid};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0010"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["management_modes", "ballot_uses", "decided_ballots", "contracts"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("contracts")
            .col(uuid("id").primary_key())
            .col(big_integer("version"))
            .col(uuid("area_id"))
            .col(string("division_code"))
            .col(uuid("firm_id"))
            .col(string("kind"))
            .col(string("state"))
            .col(date("from_on"))
            .col(date_null("ends_on"))
            .col(text("detail"))
            .to_owned(),
        Table::create()
            .table("decided_ballots")
            .col(uuid("id").primary_key())
            .col(uuid("area_id"))
            .col(boolean("of_whole_area"))
            .col(small_integer("item"))
            .col(boolean("passed"))
            .col(date("decided_on"))
            .to_owned(),
        Table::create()
            .table("ballot_uses")
            .col(uuid("ballot_id"))
            .col(string("purpose"))
            .col(string("used_by"))
            .primary_key(
                Index::create()
                    .name("ballot_uses_key")
                    .col("ballot_id")
                    .col("purpose"),
            )
            .to_owned(),
        Table::create()
            .table("management_modes")
            .col(uuid("area_id"))
            .col(big_integer("version"))
            .col(string("mode"))
            .col(date("since"))
            .col(uuid("ballot_id"))
            .primary_key(
                Index::create()
                    .name("management_modes_key")
                    .col("area_id")
                    .col("version"),
            )
            .to_owned(),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    let index = |name: &str, columns: &[&'static str]| {
        let mut index = Index::create().name(name).table("contracts").to_owned();
        for column in columns {
            index.col(*column);
        }
        index
    };
    vec![
        // One firm serves an area at a time, and one contract waits for its term: whatever the code does.
        index("contracts_binding_key", &["area_id"])
            .unique()
            .and_where(Expr::col("state").is_in(["effective", "continuing", "notice_given"]))
            .to_owned(),
        index("contracts_signed_key", &["area_id"])
            .unique()
            .and_where(Expr::col("state").eq("signed"))
            // A stopgap may stand beside the contract that the owners signed for later.
            .and_where(Expr::col("kind").ne("temporary"))
            .to_owned(),
        index("contracts_area_id", &["area_id", "id"]),
        index("contracts_firm_id", &["firm_id", "id"]),
        index("contracts_division_code", &["division_code", "id"]),
        index("contracts_ends_on", &["ends_on"]),
    ]
}
