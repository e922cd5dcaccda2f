//! Firms in full, their certificates and people, and what the association keeps of them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, date, date_null, integer, string, string_null, text, text_null, uuid, uuid_null,
};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0040"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A column a statement: SQLite takes no more.
        for column in columns() {
            let table = Table::alter().table("firms").add_column(column).to_owned();
            manager.alter_table(table).await?;
        }
        for table in tables() {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        // An area has one project manager at a time: two assignments at the same moment cannot both win.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX staff_assignments_lasting_key ON staff_assignments (area_id) \
                 WHERE until_on IS NULL",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "conducts",
            "trainings",
            "staff_assignments",
            "staff",
            "certificates",
        ] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        manager
            .drop_index(Index::drop().name("firms_parent_id").table("firms").to_owned())
            .await?;
        for name in COLUMNS {
            let table = Table::alter().table("firms").drop_column(*name).to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}

const COLUMNS: &[&str] = &[
    "version",
    "parent_id",
    "head_sealed",
    "head_masked",
    "address",
    "phone",
    "filing_number",
    "filed_on",
    "named_since",
    "former_names",
    "revoked_on",
    "revoke_reason",
    "member_since",
    "membership_ended_on",
];

fn columns() -> Vec<ColumnDef> {
    vec![
        big_integer("version").default(1).take(),
        uuid_null("parent_id").take(),
        text_null("head_sealed").take(),
        string("head_masked").default("").take(),
        string("address").default("").take(),
        string("phone").default("").take(),
        string_null("filing_number").take(),
        date_null("filed_on").take(),
        date_null("named_since").take(),
        text("former_names").default("[]").take(),
        date_null("revoked_on").take(),
        text_null("revoke_reason").take(),
        date_null("member_since").take(),
        date_null("membership_ended_on").take(),
    ]
}

fn tables() -> [TableCreateStatement; 5] {
    [
        Table::create()
            .table("certificates")
            .col(uuid("id").primary_key())
            .col(uuid("firm_id"))
            .col(uuid_null("staff_id"))
            // The firm or the person: one column for a key that holds for both.
            .col(uuid("holder_id"))
            .col(string("kind"))
            .col(text("number_sealed"))
            .col(string("number_index"))
            .col(string("number_shown"))
            .col(string("issued_by"))
            .col(date("valid_from"))
            .col(date("valid_until"))
            .col(string("standing"))
            .col(text_null("withdrawal_reason"))
            .col(big_integer("version"))
            .to_owned(),
        Table::create()
            .table("staff")
            .col(uuid("id").primary_key())
            .col(uuid("firm_id"))
            .col(text("name_sealed"))
            .col(string("name_masked"))
            .col(string("role"))
            .col(text_null("mobile_sealed"))
            .col(string_null("mobile_index"))
            .col(string("mobile_masked"))
            .col(date("employed_on"))
            .col(date_null("left_on"))
            .col(text("area_ids"))
            .col(big_integer("version"))
            .to_owned(),
        Table::create()
            .table("staff_assignments")
            .col(uuid("id").primary_key())
            .col(uuid("staff_id"))
            .col(uuid("firm_id"))
            .col(uuid("area_id"))
            .col(date("from_on"))
            .col(date_null("until_on"))
            .to_owned(),
        Table::create()
            .table("trainings")
            .col(uuid("id").primary_key())
            .col(uuid("firm_id"))
            .col(string("course"))
            .col(string("organiser"))
            .col(date("held_on"))
            .col(integer("hours"))
            .col(text("staff_ids"))
            .to_owned(),
        Table::create()
            .table("conducts")
            .col(uuid("id").primary_key())
            .col(uuid("firm_id"))
            .col(string("kind"))
            .col(text("reason"))
            .col(date("recorded_on"))
            .col(string("organiser"))
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
        index("firms_parent_id", "firms", &["parent_id"]),
        index("certificates_firm_id", "certificates", &["firm_id", "id"]),
        index(
            "certificates_number_key",
            "certificates",
            &["holder_id", "kind", "number_index"],
        )
        .unique()
        .to_owned(),
        index("staff_firm_id", "staff", &["firm_id", "id"]),
        index(
            "staff_assignments_area_id",
            "staff_assignments",
            &["area_id", "id"],
        ),
        index("staff_assignments_staff_id", "staff_assignments", &["staff_id"]),
        index("trainings_firm_id", "trainings", &["firm_id", "id"]),
        index("conducts_firm_id", "conducts", &["firm_id", "id"]),
    ]
}
