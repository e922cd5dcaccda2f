//! Many rows in few statements.

use db::insert_chunked;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::setting::{Setting, home, row};

#[tokio::test(flavor = "multi_thread")]
async fn more_rows_than_a_statement_takes_are_inserted() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend).await;
        let rows = |range: std::ops::Range<i64>| range.map(|id| home(id, &id.to_string()));
        let tx = setting.database.begin_write().await.unwrap();
        assert_eq!(insert_chunked(&tx, rows(0..20_500), None).await.unwrap(), 20_500);
        assert_eq!(insert_chunked(&tx, rows(0..0), None).await.unwrap(), 0);
        tx.commit().await.unwrap();

        let keep = OnConflict::new().do_nothing().to_owned();
        let tx = setting.database.begin_write().await.unwrap();
        assert_eq!(
            insert_chunked(&tx, rows(19_000..22_000), Some(keep.clone()))
                .await
                .unwrap(),
            1_500
        );
        assert_eq!(
            insert_chunked(&tx, rows(0..1_200), Some(keep)).await.unwrap(),
            0,
            "all of them stand already"
        );
        tx.commit().await.unwrap();
        assert_eq!(
            row::Entity::find()
                .count(setting.database.reader())
                .await
                .unwrap(),
            22_000
        );
        setting.end().await;
    }
}
