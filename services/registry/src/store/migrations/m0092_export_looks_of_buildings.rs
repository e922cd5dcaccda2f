//! Of which building alone the owners of an area were taken away in clear.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::uuid_null;

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0092"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Where it was not kept, every owner of the area is told: too much is better than too little.
        let building = Table::alter()
            .table("export_looks")
            .add_column(uuid_null("building_id"))
            .to_owned();
        manager.alter_table(building).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let building = Table::alter()
            .table("export_looks")
            .drop_column("building_id")
            .to_owned();
        manager.alter_table(building).await
    }
}
