//! Looks at people whom firms employ stand beside those at owners.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::string;

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0094"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Until now only owners were looked at; a replica of the version before goes on writing such rows.
        let seen = Table::alter()
            .table("looks")
            .add_column(string("seen").default("owner"))
            .to_owned();
        manager.alter_table(seen).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // In the list of nobody's looks they would be looks at owners that do not exist.
        let staff = Query::delete()
            .from_table("looks")
            .and_where(Expr::col("seen").eq("staff"))
            .to_owned();
        manager.execute(staff).await?;
        let seen = Table::alter().table("looks").drop_column("seen").to_owned();
        manager.alter_table(seen).await
    }
}
