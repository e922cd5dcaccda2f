//! What the databases hold, read beside the services: for what no call of the API tells.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult, Statement};

/// The databases of all services.
#[derive(Debug, Clone)]
pub struct Books {
    urls: Vec<(&'static str, String)>,
}

/// Tables that change without anything having been done.
const RESTLESS: [&str; 1] = ["leases"];

impl Books {
    /// The database of each service.
    pub fn new(urls: Vec<(&'static str, String)>) -> Self {
        Books { urls }
    }

    /// Every row that a query gives, read by `read`.
    ///
    /// # Errors
    /// As the query.
    pub async fn rows<T>(
        &self,
        service: &str,
        sql: &str,
        read: impl Fn(&QueryResult) -> Result<T, sea_orm::DbErr>,
    ) -> Result<Vec<T>> {
        let database = self.open(service).await?;
        let statement = Statement::from_string(database.get_database_backend(), sql);
        let rows = database
            .query_all_raw(statement)
            .await
            .with_context(|| format!("{service}: {sql}"))?;
        let rows = rows.iter().map(read).collect::<Result<Vec<T>, _>>()?;
        database.close().await?;
        Ok(rows)
    }

    /// The one whole number that a query gives.
    ///
    /// # Errors
    /// As the query, or where it gives no number.
    pub async fn number(&self, service: &str, sql: &str) -> Result<i64> {
        let rows = self
            .rows(service, sql, |row| row.try_get_by_index::<i64>(0))
            .await?;
        rows.first()
            .copied()
            .with_context(|| format!("{service}: {sql} gave nothing"))
    }

    /// How many rows every table of every service has: the same before and after where nothing was changed.
    ///
    /// # Errors
    /// As the queries.
    pub async fn fingerprint(&self) -> Result<BTreeMap<String, i64>> {
        let mut counts = BTreeMap::new();
        for (service, _) in &self.urls {
            let database = self.open(service).await?;
            let backend = database.get_database_backend();
            let tables = match backend {
                DbBackend::Postgres => "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
                _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            };
            for row in database
                .query_all_raw(Statement::from_string(backend, tables))
                .await?
            {
                let table: String = row.try_get_by_index(0)?;
                if RESTLESS.contains(&table.as_str()) {
                    continue;
                }
                let count = Statement::from_string(backend, format!("SELECT count(*) FROM {table}"));
                let count = database
                    .query_one_raw(count)
                    .await?
                    .context("a count without a row")?;
                counts.insert(format!("{service}.{table}"), count.try_get_by_index(0)?);
            }
            database.close().await?;
        }
        Ok(counts)
    }

    async fn open(&self, service: &str) -> Result<DatabaseConnection> {
        let (_, url) = self
            .urls
            .iter()
            .find(|(name, _)| *name == service)
            .context("no such service")?;
        Database::connect(url)
            .await
            .with_context(|| format!("opening the database of {service}"))
    }
}
