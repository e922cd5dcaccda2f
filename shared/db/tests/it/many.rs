//! Reading and changing by many ids at once.

use std::collections::BTreeSet;

use db::{insert_chunked, one_of};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::setting::Setting;

mod thing {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "things")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub count: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number << 64)
}

#[tokio::test(flavor = "multi_thread")]
async fn those_of_many_ids_that_stand_are_found_and_changed() {
    for backend in testkit::backends().await {
        let setting = Setting::empty(backend).await;
        let tx = setting.database.begin_write().await.unwrap();
        tx.execute_unprepared("CREATE TABLE things (id uuid PRIMARY KEY, count bigint NOT NULL)")
            .await
            .unwrap();
        let things = (0..3_000).map(|number| thing::ActiveModel {
            id: Set(id(number)),
            count: Set(1),
        });
        insert_chunked(&tx, things, None).await.unwrap();

        // More than any list of parameters takes, most of them unknown, one of them twice.
        let asked = || (500..40_500).chain([600]).map(id);
        let among = one_of(tx.get_database_backend(), thing::Column::Id, asked());
        let found = thing::Entity::find().filter(among).all(&tx).await.unwrap();
        let found_ids: BTreeSet<Uuid> = found.iter().map(|thing| thing.id).collect();
        assert_eq!(found.len(), 2_500, "on {backend:?}");
        assert_eq!(found_ids, (500..3_000).map(id).collect());

        let none = one_of(tx.get_database_backend(), thing::Column::Id, []);
        assert!(
            thing::Entity::find()
                .filter(none)
                .all(&tx)
                .await
                .unwrap()
                .is_empty()
        );

        let among = one_of(tx.get_database_backend(), thing::Column::Id, [id(7), id(9)]);
        let changed = thing::Entity::update_many()
            .col_expr(thing::Column::Count, Expr::value(2_i64))
            .filter(among)
            .filter(thing::Column::Count.eq(1))
            .exec(&tx)
            .await
            .unwrap();
        assert_eq!(changed.rows_affected, 2, "on {backend:?}");
        tx.commit().await.unwrap();
        setting.end().await;
    }
}
