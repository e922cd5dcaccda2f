//! Migrations run once, however often and from however many processes they are asked for.

use db::{Config, Database, StoreError};
use sea_orm::{EntityTrait, PaginatorTrait};
use testkit::{Backend, postgres};

use crate::setting::{Migrator, Setting, home, row};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_time_changes_nothing() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend).await;
        row::Entity::insert(home(1, "101"))
            .exec(setting.database.writer())
            .await
            .unwrap();
        db::migrate::<Migrator>(&setting.database, &setting.config)
            .await
            .unwrap();
        assert_eq!(
            row::Entity::find()
                .count(setting.database.reader())
                .await
                .unwrap(),
            1
        );
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_together_migrate_once() {
    for backend in testkit::backends().await {
        let setting = Setting::empty(backend).await;
        let mut processes = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let config = setting.config.clone();
            processes.spawn(async move {
                let database = Database::connect(&config).await.unwrap();
                let result = db::migrate::<Migrator>(&database, &config).await;
                database.close().await;
                result
            });
        }
        for result in processes.join_all().await {
            result.unwrap();
        }
        row::Entity::insert(home(1, "101"))
            .exec(setting.database.writer())
            .await
            .unwrap();
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_missing_is_created_once() {
    if !testkit::backends().await.contains(&Backend::Postgres) {
        return;
    }
    let server = postgres::server().await.unwrap();
    let name = format!("heju_new_{}", std::process::id());
    let config = Config {
        url: server.url(&name),
        connections_max: 2,
        ..Config::default()
    };
    let mut processes = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let config = config.clone();
        processes.spawn(async move { Database::connect(&config).await.map(drop) });
    }
    for result in processes.join_all().await {
        result.unwrap();
    }
    postgres::drop_database(&server, &config.url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_a_name_that_needs_quotes_is_left_to_an_administrator() {
    if !testkit::backends().await.contains(&Backend::Postgres) {
        return;
    }
    let server = postgres::server().await.unwrap();
    let config = Config {
        url: server.url("no;such"),
        ..Config::default()
    };
    let refused = Database::connect(&config).await.unwrap_err();
    assert!(
        matches!(&refused, StoreError::Misconfigured(text) if text.contains("no;such")),
        "{refused:?}"
    );
    let unreadable = Config {
        url: "mysql://somewhere".into(),
        ..Config::default()
    };
    let refused = Database::connect(&unreadable).await.unwrap_err();
    assert!(matches!(refused, StoreError::Misconfigured(_)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_folder_and_file_of_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/new.db", folder.path().display());
    let database = Database::connect(&Config {
        url,
        ..Config::default()
    })
    .await
    .unwrap();
    database.close().await;
    assert!(folder.path().join("new.db").exists(), "the file is created");
    let url = format!("sqlite://{}/missing/new.db", folder.path().display());
    let refused = Database::connect(&Config {
        url,
        acquire_timeout_ms: 300,
        ..Config::default()
    })
    .await;
    assert!(refused.is_err(), "a folder is not");
}
