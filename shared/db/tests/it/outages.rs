//! A server that dies is an outage, not a bug.

use std::process::Command;
use std::time::{Duration, Instant};

use db::{Config, Database, StoreError};
use sea_orm::{EntityTrait, PaginatorTrait};
use servers::postgres::Durability;

use crate::setting::{Migrator, home, row};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_is_an_outage_at_every_step() {
    let Some(programs) = servers::postgres::find() else {
        return testkit::skip::report("killing PostgreSQL", "there is no PostgreSQL on this machine");
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_path_buf();
    let server = tokio::task::spawn_blocking(move || {
        servers::PostgresServer::start(&programs, &path, Durability::None).unwrap()
    })
    .await
    .unwrap();
    let config = Config {
        url: server.url("heju"),
        acquire_timeout_ms: 1_000,
        ..Config::default()
    };
    let database = Database::connect(&config).await.unwrap();
    db::migrate::<Migrator>(&database, &config).await.unwrap();
    let tx = database.begin_write().await.unwrap();
    row::Entity::insert(home(1, "101")).exec(&tx).await.unwrap();

    let killed = Command::new("kill")
        .args(["-s", "KILL", &server.pid().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    tokio::task::spawn_blocking(move || drop(server)).await.unwrap();
    // Its children notice that it is gone within moments, and end their sessions.
    let started = Instant::now();
    let unavailable = |error: StoreError| assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    loop {
        match row::Entity::find().count(&tx).await.map_err(StoreError::from) {
            Ok(_) => assert!(
                started.elapsed() < Duration::from_secs(20),
                "the sessions never ended"
            ),
            Err(error) => break unavailable(error),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    unavailable(tx.commit().await.map_err(StoreError::from).unwrap_err());
    unavailable(database.begin_write().await.unwrap_err());
    unavailable(
        row::Entity::find()
            .count(database.reader())
            .await
            .map_err(StoreError::from)
            .unwrap_err(),
    );
    unavailable(Database::connect(&config).await.unwrap_err());
    unavailable(db::migrate::<Migrator>(&database, &config).await.unwrap_err());
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "each is told in time"
    );
}
