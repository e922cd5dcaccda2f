//! What versions of firms, certificates and parking lots held: one opening row for each that stands.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, date, date_null, integer, string, uuid};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0091"
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
        // What stood before is known to hold for as long as anything is; particulars of a filed firm since its filing.
        for opening in [
            "INSERT INTO firm_versions (firm_id, version, since, head_masked, address, phone, member_since, \
             membership_ended_on) \
             SELECT id, version, filed_on, head_masked, address, phone, member_since, membership_ended_on FROM firms",
            "INSERT INTO certificate_versions (certificate_id, version, valid_until, is_withdrawn) \
             SELECT id, version, valid_until, standing = 'withdrawn' FROM certificates",
            "INSERT INTO parking_versions (parking_id, version, spaces, leased, numbers) \
             SELECT id, version, spaces, leased, numbers FROM parking_lots",
        ] {
            manager.get_connection().execute_unprepared(opening).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["parking_versions", "certificate_versions", "firm_versions"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn tables() -> [TableCreateStatement; 3] {
    [
        Table::create()
            .table("firm_versions")
            .col(uuid("firm_id"))
            .col(big_integer("version"))
            .col(date_null("since"))
            .col(string("head_masked"))
            .col(string("address"))
            .col(string("phone"))
            .col(date_null("member_since"))
            .col(date_null("membership_ended_on"))
            .primary_key(&mut key("firm_versions_key", "firm_id"))
            .to_owned(),
        Table::create()
            .table("certificate_versions")
            .col(uuid("certificate_id"))
            .col(big_integer("version"))
            .col(date_null("since"))
            .col(date("valid_until"))
            .col(boolean("is_withdrawn"))
            .primary_key(&mut key("certificate_versions_key", "certificate_id"))
            .to_owned(),
        Table::create()
            .table("parking_versions")
            .col(uuid("parking_id"))
            .col(big_integer("version"))
            .col(date_null("since"))
            .col(integer("spaces"))
            .col(integer("leased"))
            .col(string("numbers"))
            .primary_key(&mut key("parking_versions_key", "parking_id"))
            .to_owned(),
    ]
}

fn key(name: &str, id: &'static str) -> IndexCreateStatement {
    Index::create().name(name).col(id).col("version").to_owned()
}
