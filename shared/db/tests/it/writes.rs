//! Write transactions: writers take turns, what is dropped never happened, whoever leaves leaves nothing behind.

use std::time::Duration;

use db::{Database, StoreError};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use testkit::Backend;

use crate::setting::{Setting, home, row};

/// Reads the area, then writes one more: what fails half way in a transaction that did not begin as a writer.
async fn read_then_write(database: &Database) -> Result<(), StoreError> {
    let tx = database.begin_write().await?;
    let before = row::Entity::find_by_id(1).one(&tx).await?.unwrap();
    tokio::task::yield_now().await;
    let saved = row::Entity::update_many()
        .col_expr(row::Column::Area, Expr::value(before.area + 1))
        .filter(row::Column::Id.eq(1))
        .filter(row::Column::Area.eq(before.area))
        .exec(&tx)
        .await?;
    if saved.rows_affected == 0 {
        return Err(StoreError::Conflict);
    }
    Ok(tx.commit().await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_that_read_first_take_turns_on_sqlite_and_conflict_cleanly_on_postgres() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend).await;
        row::Entity::insert(home(1, "101"))
            .exec(setting.database.writer())
            .await
            .unwrap();
        // A second process with connections of its own, so that the file's lock counts and not only our pool.
        let other = Database::connect(&setting.config).await.unwrap();
        let mut writers = tokio::task::JoinSet::new();
        for index in 0..8 {
            let database = if index % 2 == 0 {
                setting.database.clone()
            } else {
                other.clone()
            };
            writers.spawn(async move {
                let mut conflicts = 0;
                for _ in 0..10 {
                    loop {
                        match read_then_write(&database).await {
                            Ok(()) => break,
                            Err(StoreError::Conflict) => conflicts += 1,
                            Err(error) => panic!("{error:?}"),
                        }
                    }
                }
                conflicts
            });
        }
        let conflicts: i32 = writers.join_all().await.into_iter().sum();
        if backend == Backend::Sqlite {
            assert_eq!(
                conflicts, 0,
                "who waits for the writer before it reads what that one wrote"
            );
        }
        let after = row::Entity::find_by_id(1)
            .one(setting.database.reader())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(after.area, 8937 + 80);
        other.close().await;
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_read_does_not_stop_a_write_and_does_not_see_it() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend).await;
        let reading = setting.database.begin_read().await.unwrap();
        assert_eq!(row::Entity::find().count(&reading).await.unwrap(), 0);
        let tx = setting.database.begin_write().await.unwrap();
        row::Entity::insert(home(1, "101")).exec(&tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            row::Entity::find().count(&reading).await.unwrap(),
            0,
            "several reads agree"
        );
        assert_eq!(
            row::Entity::find()
                .count(setting.database.reader())
                .await
                .unwrap(),
            1
        );
        drop(reading);
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_transaction_never_happened() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend).await;
        let tx = setting.database.begin_write().await.unwrap();
        row::Entity::insert(home(1, "101")).exec(&tx).await.unwrap();
        drop(tx);
        let tx = setting.database.begin_write().await.unwrap();
        assert_eq!(row::Entity::find().count(&tx).await.unwrap(), 0);
        row::Entity::insert(home(1, "101")).exec(&tx).await.unwrap();
        tx.commit().await.unwrap();
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_at_any_moment_leaves_the_pool_usable() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend).await;
        for step in 0..300_u64 {
            let id = i64::try_from(step).unwrap();
            let write = async {
                let tx = setting.database.begin_write().await?;
                row::Entity::insert(home(id, &id.to_string())).exec(&tx).await?;
                tx.commit().await?;
                Ok::<_, StoreError>(())
            };
            tokio::select! {
                result = write => result.unwrap(),
                () = tokio::time::sleep(Duration::from_micros(step * 17)) => {}
            }
        }
        let before = row::Entity::find()
            .count(setting.database.reader())
            .await
            .unwrap();
        // More at once than there are connections: one that was lost or left in a transaction would show.
        let mut writers = tokio::task::JoinSet::new();
        for id in 1_000..1_016_i64 {
            let database = setting.database.clone();
            writers.spawn(async move {
                let tx = database.begin_write().await.unwrap();
                row::Entity::insert(home(id, &id.to_string()))
                    .exec(&tx)
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
            });
        }
        writers.join_all().await;
        let other = Database::connect(&setting.config).await.unwrap();
        assert_eq!(
            row::Entity::find().count(other.reader()).await.unwrap(),
            before + 16
        );
        other.close().await;
        setting.end().await;
    }
}
