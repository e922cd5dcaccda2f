//! Published rolls: their masked lines, the codes that find them, and objections.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, boolean_null, date, integer, string, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid,
};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0031"
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
        // Of an area at most one roll is published: two publications at the same moment cannot both win.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX published_rolls_open_key ON published_rolls (area_id) WHERE state = 'published'",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["objections", "roll_codes", "roll_lines", "published_rolls"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// Name, table and columns of each index.
type IndexOf = (&'static str, &'static str, &'static [&'static str]);

const INDEXES: &[IndexOf] = &[
    ("published_rolls_area_id", "published_rolls", &["area_id", "id"]),
    ("objections_roll_id", "objections", &["roll_id", "id"]),
];

fn tables() -> [TableCreateStatement; 4] {
    [
        Table::create()
            .table("published_rolls")
            .col(uuid("id").primary_key())
            .col(uuid("area_id"))
            .col(string("division_code"))
            .col(date("as_of_on"))
            .col(date("from_on"))
            .col(date("until_on"))
            .col(string("state"))
            .col(big_integer("homes"))
            .col(big_integer("heads"))
            .col(big_integer("exclusive_area"))
            .col(boolean("shows_rooms"))
            .col(string("article"))
            .col(big_integer("version"))
            .to_owned(),
        Table::create()
            .table("roll_lines")
            .col(uuid("roll_id"))
            .col(integer("line"))
            .col(string("building_number"))
            .col(string("stairwell"))
            .col(string("room"))
            .col(text("names"))
            .col(big_integer("exclusive_area"))
            .primary_key(Index::create().name("roll_lines_key").col("roll_id").col("line"))
            .to_owned(),
        Table::create()
            .table("roll_codes")
            .col(uuid("roll_id"))
            .col(string("code_index"))
            .col(integer("line"))
            .primary_key(
                Index::create()
                    .name("roll_codes_key")
                    .col("roll_id")
                    .col("code_index")
                    .col("line"),
            )
            .to_owned(),
        Table::create()
            .table("objections")
            .col(uuid("id").primary_key())
            .col(uuid("roll_id"))
            .col(uuid("owner_id"))
            .col(text("text_sealed"))
            .col(timestamp_with_time_zone("raised_at"))
            .col(boolean_null("upheld"))
            .col(text_null("answer_sealed"))
            .col(timestamp_with_time_zone_null("answered_at"))
            .to_owned(),
    ]
}
