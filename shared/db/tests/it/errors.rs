//! Errors by what the caller can do about them.

use std::time::{Duration, Instant};

use db::{Config, Database, StoreError};
use rpc::{General, Kind};
use sea_orm::{ConnectionTrait, EntityTrait};
use testkit::Backend;

use crate::setting::{Setting, home, row};

#[tokio::test(flavor = "multi_thread")]
async fn a_unique_key_is_named_on_both_databases() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend).await;
        let writer = setting.database.writer();
        row::Entity::insert(home(1, "101")).exec(writer).await.unwrap();
        let number = row::Entity::insert(home(2, "101"))
            .exec(writer)
            .await
            .map_err(StoreError::from)
            .unwrap_err();
        assert!(
            number.violates("homes_number_key", "homes.building, homes.number"),
            "{number:?}"
        );
        assert!(!number.violates("homes_pkey", "homes.id"), "{number:?}");
        let id = row::Entity::insert(home(1, "102"))
            .exec(writer)
            .await
            .map_err(StoreError::from)
            .unwrap_err();
        assert!(id.violates("homes_pkey", "homes.id"), "{id:?}");
        assert!(
            !id.violates("homes_number_key", "homes.building, homes.number"),
            "{id:?}"
        );
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_statement_is_a_bug() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend).await;
        let missing = setting
            .database
            .writer()
            .execute_unprepared("SELECT nothing FROM nowhere")
            .await;
        let error = missing.map_err(StoreError::from).unwrap_err();
        assert!(matches!(error, StoreError::Bug(_)), "{error:?}");
        assert!(
            !error.to_string().contains("nowhere"),
            "no database text in what a client may see"
        );
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_not_there_to_update_is_a_conflict() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend).await;
        let update = row::Entity::update(home(7, "101"))
            .exec(setting.database.writer())
            .await;
        let error = update.map_err(StoreError::from).unwrap_err();
        assert!(matches!(error, StoreError::Conflict), "{error:?}");
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_that_does_not_end_in_time_is_an_outage_for_the_next() {
    let setting = Setting::new(Backend::Sqlite).await;
    let impatient = Config {
        busy_timeout_ms: 100,
        acquire_timeout_ms: 200,
        ..setting.config.clone()
    };
    let other = Database::connect(&impatient).await.unwrap();
    let writing = setting.database.begin_write().await.unwrap();
    let started = Instant::now();
    let busy = other.begin_write().await.unwrap_err();
    assert!(matches!(busy, StoreError::Unavailable(_)), "{busy:?}");
    assert!(started.elapsed() < Duration::from_secs(3));
    writing.commit().await.unwrap();
    let tx = other.begin_write().await.unwrap();
    // The one connection that writes is taken: whoever waits for it in vain is told the same.
    let waiting = other.begin_write().await.unwrap_err();
    assert!(matches!(waiting, StoreError::Unavailable(_)), "{waiting:?}");
    tx.commit().await.unwrap();
    other.close().await;
    setting.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_on_postgres_is_a_conflict_for_one_of_the_two() {
    if !testkit::backends().await.contains(&Backend::Postgres) {
        return;
    }
    let setting = Setting::new(Backend::Postgres).await;
    for id in 1..=2 {
        row::Entity::insert(home(id, &id.to_string()))
            .exec(setting.database.writer())
            .await
            .unwrap();
    }
    let meet = tokio::sync::Barrier::new(2);
    let write = async |first: i64, second: i64| {
        let tx = setting.database.begin_write().await?;
        tx.execute_unprepared(&format!("UPDATE homes SET area = 1 WHERE id = {first}"))
            .await?;
        meet.wait().await;
        tx.execute_unprepared(&format!("UPDATE homes SET area = 2 WHERE id = {second}"))
            .await?;
        Ok::<_, StoreError>(tx.commit().await?)
    };
    let (one, two) = tokio::join!(write(1, 2), write(2, 1));
    let lost = one.err().xor(two.err()).expect("one of the two loses");
    assert!(matches!(lost, StoreError::Conflict), "{lost:?}");
    setting.end().await;
}

#[test]
fn each_class_becomes_the_kind_that_a_caller_understands() {
    let kind = |error: StoreError| rpc::Refusal::kind(&General::from(error));
    let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let io = sea_orm::RuntimeErr::SqlxError(sea_orm::sqlx::Error::Io(reset).into());
    assert_eq!(
        kind(StoreError::from(sea_orm::DbErr::Query(io))),
        Kind::Unavailable
    );
    assert_eq!(kind(StoreError::Conflict), Kind::Conflict);
    assert_eq!(
        kind(StoreError::OutOfOrder {
            aggregate: "a".into(),
            expected: 1,
            found: 3
        }),
        Kind::Conflict
    );
    assert_eq!(kind(StoreError::KeyMissing), Kind::Invalid);
    assert_eq!(kind(StoreError::KeyReused), Kind::Invalid);
    assert_eq!(kind(StoreError::Duplicate("homes.id".into())), Kind::Bug);
    assert_eq!(kind(StoreError::Corrupt("a row".into())), Kind::Bug);
}
