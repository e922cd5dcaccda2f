//! Owners in full: mobile and verification, looks, agents, how homes are held, who votes for several.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, date, date_null, integer, string, string_null, text, text_null, timestamp_with_time_zone,
    uuid,
};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0030"
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
        for (name, table, columns) in INDEXES {
            let mut index = Index::create().name(*name).table(*table).to_owned();
            for column in *columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        // Two choices at the same moment cannot both be the next one.
        let choices = Index::create()
            .name("representations_version_key")
            .table("representations")
            .col("id")
            .col("version")
            .unique()
            .to_owned();
        manager.create_index(choices).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "representations",
            "holdings",
            "agents",
            "looks",
            "owner_twins",
            "owner_records",
        ] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// Name, table and columns of each index.
type IndexOf = (&'static str, &'static str, &'static [&'static str]);

const INDEXES: &[IndexOf] = &[
    ("owner_records_mobile_index", "owner_records", &["mobile_index"]),
    ("looks_owner_id", "looks", &["owner_id", "id"]),
    ("holdings_home_id", "holdings", &["home_id"]),
    (
        "representations_area_id",
        "representations",
        &["area_id", "from_on"],
    ),
];

fn tables() -> [TableCreateStatement; 6] {
    [
        Table::create()
            .table("owner_records")
            .col(uuid("owner_id").primary_key())
            .col(text_null("mobile_sealed"))
            .col(string_null("mobile_masked"))
            .col(string_null("mobile_index"))
            .col(string("verification"))
            .col(date_null("verified_on"))
            .col(string_null("mismatch"))
            .col(big_integer("version"))
            .to_owned(),
        Table::create()
            .table("owner_twins")
            .col(uuid("owner_id"))
            .col(uuid("twin_id"))
            .primary_key(
                Index::create()
                    .name("owner_twins_key")
                    .col("owner_id")
                    .col("twin_id"),
            )
            .to_owned(),
        Table::create()
            .table("looks")
            .col(uuid("id").primary_key())
            .col(uuid("owner_id"))
            .col(string("kind"))
            .col(string("account"))
            .col(string("role"))
            .col(string("division_code"))
            .col(text("reason_sealed"))
            .col(string("fields"))
            .col(timestamp_with_time_zone("looked_at"))
            .col(integer("times"))
            .col(timestamp_with_time_zone("last_at"))
            .to_owned(),
        Table::create()
            .table("agents")
            .col(uuid("owner_id"))
            .col(date("from_on"))
            .col(uuid("agent_id"))
            .col(string("ground"))
            .col(date_null("until_on"))
            .col(string("document_digest"))
            .primary_key(Index::create().name("agents_key").col("owner_id").col("from_on"))
            .to_owned(),
        Table::create()
            .table("holdings")
            .col(uuid("id").primary_key())
            .col(uuid("home_id"))
            .col(date("since"))
            .col(text_null("shares"))
            .col(string("title"))
            .col(date_null("registered_on"))
            .col(big_integer("version"))
            .to_owned(),
        Table::create()
            .table("representations")
            .col(uuid("id"))
            .col(date("from_on"))
            .col(uuid("area_id"))
            .col(string("head_key"))
            .col(uuid("owner_id"))
            .col(string("document_digest"))
            .col(big_integer("version"))
            .primary_key(
                Index::create()
                    .name("representations_key")
                    .col("id")
                    .col("from_on"),
            )
            .to_owned(),
    ]
}
