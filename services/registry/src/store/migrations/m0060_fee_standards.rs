//! Prices of property service: fee standards, how they are changed, and scores of satisfaction.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, date, date_null, small_integer, string, text, uuid};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0060"
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
        for table in ["satisfactions", "price_adjustments", "fee_standards"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn tables() -> [TableCreateStatement; 3] {
    [
        Table::create()
            .table("fee_standards")
            .col(uuid("id").primary_key())
            .col(big_integer("version"))
            .col(uuid("area_id"))
            .col(string("division_code"))
            .col(string("homes"))
            .col(small_integer("grade"))
            .col(date("effective_from"))
            .col(date_null("effective_until"))
            .col(text("detail"))
            .to_owned(),
        Table::create()
            .table("price_adjustments")
            .col(uuid("id").primary_key())
            .col(big_integer("version"))
            .col(uuid("area_id"))
            .col(string("state"))
            .col(text("detail"))
            .to_owned(),
        Table::create()
            .table("satisfactions")
            .col(uuid("id").primary_key())
            .col(big_integer("version"))
            .col(uuid("area_id"))
            .col(string("division_code"))
            .col(string("source"))
            .col(date("from_on"))
            .col(date("until_on"))
            .col(small_integer("per_mille"))
            .to_owned(),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    let index = |name: &str, table: &'static str, columns: &[&'static str]| {
        let mut index = Index::create().name(name).table(table).to_owned();
        for column in columns {
            index.col(*column);
        }
        index
    };
    vec![
        // Homes have one price a day, and one that is the last: whatever the code does.
        index(
            "fee_standards_from_key",
            "fee_standards",
            &["area_id", "homes", "effective_from"],
        )
        .unique()
        .to_owned(),
        index("fee_standards_last_key", "fee_standards", &["area_id", "homes"])
            .unique()
            .and_where(Expr::col("effective_until").is_null())
            .to_owned(),
        index(
            "fee_standards_homes",
            "fee_standards",
            &["homes", "division_code"],
        ),
        index(
            "fee_standards_division_code",
            "fee_standards",
            &["division_code", "id"],
        ),
        // One adjustment of an area is under way at a time.
        index("price_adjustments_open_key", "price_adjustments", &["area_id"])
            .unique()
            .and_where(Expr::col("state").is_in(["proposed", "published", "ballot_requested"]))
            .to_owned(),
        index(
            "price_adjustments_area_id",
            "price_adjustments",
            &["area_id", "id"],
        ),
        index("satisfactions_area_id", "satisfactions", &["area_id", "until_on"]),
    ]
}
