//! Pinyin of the names of areas and firms, of those that stand already too.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string, uuid};

use crate::store::spellings;

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0070"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("spellings")
            .col(uuid("id").primary_key())
            .col(string("pinyin"))
            .col(string("initials"))
            .to_owned();
        manager.create_table(table).await?;
        let connection = manager.get_connection();
        // A raw read of two columns: the entities may have more by now than the tables had then.
        for table in ["areas", "firms"] {
            let rows = connection
                .query_all(Query::select().columns(["id", "name"]).from(table))
                .await?;
            let names = rows
                .iter()
                .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "name")?)))
                .collect::<Result<Vec<(uuid::Uuid, String)>, DbErr>>()?;
            spellings::put(connection, names.iter().map(|(id, name)| (*id, name.as_str())))
                .await
                .map_err(|error| DbErr::Custom(format!("names cannot be spelt: {error}")))?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("spellings").to_owned())
            .await
    }
}
