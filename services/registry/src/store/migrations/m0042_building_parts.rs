//! Exclusive areas through time, sales, buildings' facts, equipment with its inspections, and parking.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, date, date_null, integer, integer_null, string, string_null, text_null, uuid, uuid_null,
};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0042"
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
        for table in [
            "parking_lots",
            "inspections",
            "equipment",
            "building_facts",
            "home_sales",
            "home_areas",
        ] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn tables() -> [TableCreateStatement; 6] {
    [
        // The area a home was recorded with is its first row, written with its first correction.
        Table::create()
            .table("home_areas")
            .col(uuid("home_id"))
            .col(integer("place"))
            .col(big_integer("exclusive_area"))
            .col(string("source"))
            .col(date_null("since"))
            .col(string_null("document_digest"))
            .col(text_null("reason"))
            .primary_key(Index::create().name("home_areas_key").col("home_id").col("place"))
            .to_owned(),
        Table::create()
            .table("home_sales")
            .col(uuid("home_id").primary_key())
            .col(date("sold_on"))
            .to_owned(),
        Table::create()
            .table("building_facts")
            .col(uuid("building_id").primary_key())
            .col(date_null("completed_on"))
            .col(integer_null("design_life_years"))
            .to_owned(),
        Table::create()
            .table("equipment")
            .col(uuid("id").primary_key())
            .col(uuid("area_id"))
            .col(uuid_null("building_id"))
            .col(string("kind"))
            .col(string("code"))
            .col(string("location"))
            .col(date("installed_on"))
            .col(date("next_inspection_on"))
            .col(date_null("last_inspected_on"))
            .col(string_null("last_result"))
            .col(date_null("retired_on"))
            .col(big_integer("version"))
            .to_owned(),
        Table::create()
            .table("inspections")
            .col(uuid("id").primary_key())
            .col(uuid("equipment_id"))
            .col(date("inspected_on"))
            .col(string("inspector"))
            .col(string("result"))
            .col(date_null("valid_until"))
            .to_owned(),
        Table::create()
            .table("parking_lots")
            .col(uuid("id").primary_key())
            .col(uuid("area_id"))
            .col(string("kind"))
            .col(string("name"))
            .col(integer("spaces"))
            .col(integer("leased"))
            .col(string("numbers"))
            .col(big_integer("version"))
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
        index("equipment_area_id", "equipment", &["area_id", "id"]),
        index("equipment_code_key", "equipment", &["area_id", "kind", "code"])
            .unique()
            .to_owned(),
        index("inspections_equipment_id", "inspections", &["equipment_id", "id"]),
        index(
            "parking_lots_name_key",
            "parking_lots",
            &["area_id", "kind", "name"],
        )
        .unique()
        .to_owned(),
        index("parking_lots_area_id", "parking_lots", &["area_id", "id"]),
    ]
}
