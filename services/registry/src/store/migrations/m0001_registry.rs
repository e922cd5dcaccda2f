//! Divisions, firms, areas, buildings, homes, owners and ownerships.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, date, date_null, integer, string, string_null, text, uuid, uuid_null,
};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0001"
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
        // Of a home at most one ownership lasts: two transfers at the same moment cannot both win.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX ownerships_lasting_key ON ownerships (home_id) WHERE valid_to IS NULL",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "ownership_owners",
            "ownerships",
            "owners",
            "homes",
            "buildings",
            "areas",
            "firms",
            "divisions",
        ] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn tables() -> [TableCreateStatement; 8] {
    [
        Table::create()
            .table("divisions")
            .col(string("code").primary_key())
            .col(string("name"))
            .col(string("level"))
            .col(string_null("parent_code"))
            .to_owned(),
        Table::create()
            .table("firms")
            .col(uuid("id").primary_key())
            .col(string("credit_code"))
            .col(string("name"))
            .col(string("kind"))
            .to_owned(),
        Table::create()
            .table("areas")
            .col(uuid("id").primary_key())
            .col(string("number"))
            .col(string("name"))
            .col(string("division_code"))
            .col(uuid_null("developer_id"))
            .col(uuid_null("manager_id"))
            .col(big_integer("version"))
            .to_owned(),
        Table::create()
            .table("buildings")
            .col(uuid("id").primary_key())
            .col(uuid("area_id"))
            .col(string("number"))
            .col(integer("floors"))
            .col(big_integer("version"))
            .to_owned(),
        Table::create()
            .table("homes")
            .col(uuid("id").primary_key())
            .col(uuid("area_id"))
            .col(uuid("building_id"))
            .col(string("stairwell"))
            .col(string("room"))
            .col(string("unit_number"))
            .col(big_integer("exclusive_area"))
            .col(string("usage"))
            .col(string("sale_state"))
            .col(date_null("delivered_on"))
            .to_owned(),
        Table::create()
            .table("owners")
            .col(uuid("id").primary_key())
            .col(text("name_sealed"))
            .col(text("document_sealed"))
            .col(string("document_index"))
            .col(string("name_masked"))
            .col(string("document_masked"))
            .col(boolean("legal_person"))
            .to_owned(),
        Table::create()
            .table("ownerships")
            .col(uuid("id").primary_key())
            .col(uuid("home_id"))
            .col(text("owner_ids"))
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .to_owned(),
        Table::create()
            .table("ownership_owners")
            .col(uuid("ownership_id"))
            .col(uuid("owner_id"))
            .primary_key(
                Index::create()
                    .name("ownership_owners_key")
                    .col("ownership_id")
                    .col("owner_id"),
            )
            .to_owned(),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    let unique = |name: &str, table: &'static str, columns: &[&'static str]| {
        let mut index = index(name, table, columns);
        index.unique().to_owned()
    };
    vec![
        index("divisions_parent_code", "divisions", &["parent_code", "code"]),
        unique("firms_credit_code_key", "firms", &["credit_code"]),
        unique("areas_number_key", "areas", &["number"]),
        index("areas_division_code", "areas", &["division_code"]),
        index("areas_manager_id", "areas", &["manager_id"]),
        index("areas_developer_id", "areas", &["developer_id"]),
        unique("buildings_number_key", "buildings", &["area_id", "number"]),
        unique("homes_unit_number_key", "homes", &["unit_number"]),
        // Lists and rolls walk through an area or a building by unit number.
        index("homes_area_id", "homes", &["area_id", "unit_number"]),
        index("homes_building_id", "homes", &["building_id", "unit_number"]),
        unique("owners_document_index_key", "owners", &["document_index"]),
        index("ownerships_home_id", "ownerships", &["home_id", "valid_from"]),
        index("ownership_owners_owner_id", "ownership_owners", &["owner_id"]),
    ]
}

fn index(name: &str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(table).to_owned();
    for column in columns {
        index.col(*column);
    }
    index
}
