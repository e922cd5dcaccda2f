//! Who managed areas through time, and since when areas are registered.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, date_null, uuid, uuid_null};

/// The migration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "registry_m0090"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let managers = Table::create()
            .table("area_managers")
            .col(uuid("area_id"))
            .col(big_integer("version"))
            .col(uuid_null("manager_id"))
            .col(date_null("since"))
            .primary_key(
                Index::create()
                    .name("area_managers_key")
                    .col("area_id")
                    .col("version"),
            )
            .to_owned();
        manager.create_table(managers).await?;
        let registered_on = Table::alter()
            .table("areas")
            .add_column(date_null("registered_on"))
            .to_owned();
        manager.alter_table(registered_on).await?;
        let connection = manager.get_connection();
        // A manager that is bound by a contract is known since its first day, any other for as long as anything is.
        connection
            .execute_unprepared(
                "INSERT INTO area_managers (area_id, version, manager_id, since) \
                 SELECT id, version, manager_id, \
                 (SELECT MAX(from_on) FROM contracts WHERE contracts.area_id = areas.id \
                 AND contracts.firm_id = areas.manager_id \
                 AND contracts.state IN ('effective', 'continuing', 'notice_given')) \
                 FROM areas",
            )
            .await?;
        let approved = Query::select()
            .columns(["area_id", "detail"])
            .from("delineations")
            .and_where(Expr::col("area_id").is_not_null())
            .to_owned();
        for row in connection.query_all(&approved).await? {
            let area_id: uuid::Uuid = row.try_get("", "area_id")?;
            let detail: String = row.try_get("", "detail")?;
            let Some(on) = approved_on(&detail) else {
                continue;
            };
            let known = Query::update()
                .table("areas")
                .value("registered_on", on)
                .and_where(Expr::col("id").eq(area_id))
                .to_owned();
            connection.execute(&known).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let registered_on = Table::alter()
            .table("areas")
            .drop_column("registered_on")
            .to_owned();
        manager.alter_table(registered_on).await?;
        manager
            .drop_table(Table::drop().table("area_managers").to_owned())
            .await
    }
}

/// The day of the approval that a delineation tells.
fn approved_on(detail: &str) -> Option<chrono::NaiveDate> {
    let detail: serde_json::Value = serde_json::from_str(detail).ok()?;
    detail.pointer("/stage/approved/on")?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_day_of_an_approval_is_read() {
        let detail = "{\"stage\":{\"approved\":{\"on\":\"2026-03-02\",\"number\":\"1\"}}}";
        assert_eq!(approved_on(detail), Some("2026-03-02".parse().unwrap()));
        assert_eq!(approved_on("{\"stage\":\"advised\"}"), None);
    }
}
