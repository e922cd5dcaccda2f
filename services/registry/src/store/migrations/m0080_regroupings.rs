//! Regroupings of areas, the areas of buildings through time, and how areas end.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, date_null, integer, string, text, uuid, uuid_null};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0080"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A column a statement: SQLite takes no more.
        for column in [date_null("ended_on"), uuid_null("successor_id")] {
            let table = Table::alter().table("areas").add_column(column).to_owned();
            manager.alter_table(table).await?;
        }
        for table in tables() {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["building_areas", "regrouping_areas", "regroupings"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        for column in ["ended_on", "successor_id"] {
            let table = Table::alter().table("areas").drop_column(column).to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}

fn tables() -> [TableCreateStatement; 3] {
    [
        Table::create()
            .table("regroupings")
            .col(uuid("id").primary_key())
            .col(big_integer("version"))
            .col(string("kind"))
            .col(string("state"))
            .col(text("detail"))
            .to_owned(),
        Table::create()
            .table("regrouping_areas")
            .col(uuid("regrouping_id"))
            .col(uuid("area_id"))
            .col(string("division_code"))
            .col(boolean("is_open"))
            .primary_key(
                Index::create()
                    .name("regrouping_areas_key")
                    .col("regrouping_id")
                    .col("area_id"),
            )
            .to_owned(),
        Table::create()
            .table("building_areas")
            .col(uuid("building_id"))
            .col(integer("place"))
            .col(uuid("area_id"))
            .col(string("number"))
            .col(date_null("since"))
            .col(uuid_null("regrouping_id"))
            .primary_key(
                Index::create()
                    .name("building_areas_key")
                    .col("building_id")
                    .col("place"),
            )
            .to_owned(),
    ]
}

fn indexes() -> [IndexCreateStatement; 3] {
    [
        // An area takes part in one open regrouping at a time: whatever the code does.
        Index::create()
            .name("regrouping_areas_open_key")
            .table("regrouping_areas")
            .col("area_id")
            .unique()
            .and_where(Expr::col("is_open"))
            .to_owned(),
        Index::create()
            .name("regrouping_areas_division_code")
            .table("regrouping_areas")
            .col("division_code")
            .col("regrouping_id")
            .to_owned(),
        Index::create()
            .name("building_areas_area_id")
            .table("building_areas")
            .col("area_id")
            .to_owned(),
    ]
}
