//! A database of one's own with one table.

use std::sync::Arc;

use db::{Config, Database};
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, Index, MigrationTrait, MigratorTrait, SchemaManager, Table,
};
use sea_orm_migration::schema::{big_integer, string};
use testkit::{Backend, postgres};

pub mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "homes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub building: String,
        pub number: String,
        pub area: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(DeriveMigrationName)]
struct M0001Homes;

#[async_trait::async_trait]
impl MigrationTrait for M0001Homes {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("homes")
            .col(big_integer("id").primary_key())
            .col(string("building"))
            .col(string("number"))
            .col(big_integer("area"))
            .to_owned();
        manager.create_table(table).await?;
        let mut key = Index::create();
        let key = key
            .name("homes_number_key")
            .table("homes")
            .col("building")
            .col("number")
            .unique();
        manager.create_index(key.to_owned()).await
    }
}

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(M0001Homes)]
    }
}

pub struct Setting {
    pub database: Database,
    pub config: Config,
    _folder: tempfile::TempDir,
    server: Option<Arc<postgres::Server>>,
}

impl Setting {
    /// An empty database, not migrated.
    pub async fn empty(backend: Backend) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (url, server) = match backend {
            Backend::Sqlite => (format!("sqlite://{}/test.db", folder.path().display()), None),
            Backend::Postgres => {
                let server = postgres::server().await.unwrap();
                (postgres::create_database(&server).await.unwrap(), Some(server))
            }
        };
        let config = Config {
            url,
            connections_max: 4,
            ..Config::default()
        };
        let database = Database::connect(&config).await.unwrap();
        Setting {
            database,
            config,
            _folder: folder,
            server,
        }
    }

    /// A database with the table.
    pub async fn new(backend: Backend) -> Self {
        let setting = Self::empty(backend).await;
        db::migrate::<Migrator>(&setting.database, &setting.config)
            .await
            .unwrap();
        setting
    }

    /// Closes the connections, so that the database can be dropped.
    pub async fn end(self) {
        self.database.close().await;
        if let Some(server) = &self.server {
            postgres::drop_database(server, &self.config.url).await;
        }
    }
}

/// A home in building `b`.
pub fn home(id: i64, number: &str) -> row::ActiveModel {
    use sea_orm::ActiveValue::Set;
    row::ActiveModel {
        id: Set(id),
        building: Set("b".into()),
        number: Set(number.into()),
        area: Set(8937),
    }
}
