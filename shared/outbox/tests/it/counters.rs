//! A service in little: counters with a version, changed by one use case and one reaction.

use db::StoreError;
use events::Envelope;
use ids::EventId;
use outbox::{Message, Store, Tx};
use proto::committees::v1::VoteCast;
use rpc::{AppError, CallContext, Kind};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, Table};
use sea_orm_migration::schema::{big_integer, string};
use serde::{Deserialize, Serialize};

/// The service that owns counters and publishes their events.
pub const SERVICE: &str = "committees";

pub mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "counters")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub value: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Rows of the outbox, as a test looks at them.
pub mod outbox_row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub seq: i64,
        pub id: Uuid,
        pub kind: String,
        pub address: String,
        pub aggregate: String,
        pub version: i64,
        pub happened_at: DateTimeUtc,
        pub trace_parent: Option<String>,
        pub body: String,
        pub published_at: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(DeriveMigrationName)]
struct M0001Counters;

#[async_trait::async_trait]
impl MigrationTrait for M0001Counters {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("counters")
            .col(string("id").primary_key())
            .col(big_integer("value"))
            .col(big_integer("version"))
            .to_owned();
        manager.create_table(table).await
    }
}

pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(M0001Counters)]
}

#[derive(Debug, thiserror::Error)]
#[error("It is refused.")]
pub struct Refused;

impl rpc::Refusal for Refused {
    fn kind(&self) -> Kind {
        Kind::WrongState
    }
    fn reason(&self) -> &'static str {
        "COUNTER_REFUSED"
    }
    fn zh(&self) -> String {
        "已拒绝".into()
    }
}

pub type Result<T, E = AppError<Refused>> = std::result::Result<T, E>;

/// Adds to a counter.
#[derive(Debug, Clone, Serialize)]
pub struct Add {
    pub id: String,
    pub amount: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    pub id: String,
    pub value: i64,
    pub version: i64,
}

pub fn command(id: &str, amount: i64) -> Add {
    Add {
        id: id.into(),
        amount,
    }
}

pub fn call(key: &str) -> CallContext {
    CallContext::of_call(testkit::people::administrator(), "committees.Add", key)
}

/// The same call, changed.
pub fn call_with(key: &str, change: impl FnOnce(&mut CallContext)) -> CallContext {
    let mut ctx = call(key);
    change(&mut ctx);
    ctx
}

/// The use case, in the shape that every service gives it.
pub async fn add(store: &Store, ctx: &CallContext, command: Add) -> Result<Counter, StoreError> {
    let mut tx = store.begin_write().await?;
    if let Some(first) = tx.replay(ctx, &command).await? {
        return Ok(first);
    }
    let before = load(&tx, &command.id).await?;
    let after = change(&mut tx, ctx, before, command.amount).await?;
    tx.remember(ctx, &command, &after.id, &after).await?;
    tx.commit().await?;
    Ok(after)
}

pub async fn load(tx: &Tx, id: &str) -> Result<Counter, StoreError> {
    let found = row::Entity::find_by_id(id).one(tx.connection()).await?;
    Ok(found.map_or(
        Counter {
            id: id.into(),
            value: 0,
            version: 0,
        },
        |row| Counter {
            id: row.id,
            value: row.value,
            version: row.version,
        },
    ))
}

/// Saves with the version check and publishes.
pub async fn change(tx: &mut Tx, ctx: &CallContext, before: Counter, by: i64) -> Result<Counter, StoreError> {
    let after = Counter {
        value: before.value + by,
        version: before.version + 1,
        ..before
    };
    save(tx, &after).await?;
    let event = VoteCast {
        vote_id: after.id.clone(),
        area: by,
        ..VoteCast::default()
    };
    let place = "330783004015".parse().unwrap();
    tx.publish(ctx, [Message::of(&event, &after.id, after.version, &place)])
        .await?;
    Ok(after)
}

pub async fn save(tx: &Tx, after: &Counter) -> Result<(), StoreError> {
    if after.version == 1 {
        let new = row::ActiveModel {
            id: Set(after.id.clone()),
            value: Set(after.value),
            version: Set(1),
        };
        return match row::Entity::insert(new)
            .exec_without_returning(tx.connection())
            .await
            .map_err(StoreError::from)
        {
            Err(StoreError::Duplicate(_)) => Err(StoreError::Conflict),
            Err(error) => Err(error),
            Ok(_) => Ok(()),
        };
    }
    let saved = row::Entity::update_many()
        .col_expr(row::Column::Value, Expr::value(after.value))
        .col_expr(row::Column::Version, Expr::value(after.version))
        .filter(row::Column::Id.eq(&after.id))
        .filter(row::Column::Version.eq(after.version - 1))
        .exec(tx.connection())
        .await?;
    if saved.rows_affected == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict)
    }
}

/// The effect of a reaction or deadline: one more.
pub async fn bump(tx: &Tx, id: &str) -> Result<(), StoreError> {
    let before = load(tx, id).await?;
    save(
        tx,
        &Counter {
            value: before.value + 1,
            version: before.version + 1,
            ..before
        },
    )
    .await
}

/// The value of a counter; 0 where there is none.
pub async fn value(store: &Store, id: &str) -> i64 {
    row::Entity::find_by_id(id)
        .one(store.reader())
        .await
        .unwrap()
        .map_or(0, |row| row.value)
}

/// The sum of all counters.
pub async fn total(store: &Store) -> i64 {
    row::Entity::find()
        .all(store.reader())
        .await
        .unwrap()
        .iter()
        .map(|row| row.value)
        .sum()
}

/// The outbox in order.
pub async fn outbox(store: &Store) -> Vec<outbox_row::Model> {
    outbox_row::Entity::find()
        .order_by_asc(outbox_row::Column::Seq)
        .all(store.reader())
        .await
        .unwrap()
}

pub async fn unpublished(store: &Store) -> u64 {
    outbox_row::Entity::find()
        .filter(outbox_row::Column::PublishedAt.is_null())
        .count(store.reader())
        .await
        .unwrap()
}

/// Ids of the outbox in order.
pub async fn ids(store: &Store) -> Vec<EventId> {
    let all = outbox_row::Entity::find()
        .order_by_asc(outbox_row::Column::Seq)
        .select_only();
    let ids: Vec<uuid::Uuid> = all
        .column(outbox_row::Column::Id)
        .into_tuple()
        .all(store.reader())
        .await
        .unwrap();
    ids.into_iter().map(EventId::from_uuid).collect()
}

/// Writes `count` events in one transaction, of one counter.
pub async fn write_events(store: &Store, id: &str, count: i64) {
    let mut tx = store.begin_write().await.unwrap();
    let ctx = call("unused");
    let before = load(&tx, id).await.unwrap();
    let place = "330783004015".parse().unwrap();
    let events: Vec<Message> = (1..=count)
        .map(|step| {
            let event = VoteCast {
                vote_id: id.into(),
                area: 1,
                ..VoteCast::default()
            };
            Message::of(&event, id, before.version + step, &place)
        })
        .collect();
    tx.publish(&ctx, events).await.unwrap();
    if before.version == 0 {
        let new = row::ActiveModel {
            id: Set(id.into()),
            value: Set(count),
            version: Set(count),
        };
        row::Entity::insert(new)
            .exec_without_returning(tx.connection())
            .await
            .unwrap();
    } else {
        row::Entity::update_many()
            .col_expr(row::Column::Version, Expr::value(before.version + count))
            .filter(row::Column::Id.eq(id))
            .exec(tx.connection())
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
}

/// The event that the relay would make of a row.
pub fn envelope(row: &outbox_row::Model) -> Envelope {
    Envelope {
        id: EventId::from_uuid(row.id),
        kind: row.kind.clone(),
        source: SERVICE.into(),
        aggregate: row.aggregate.clone(),
        sequence: row.version,
        time: row.happened_at,
        trace_parent: row.trace_parent.clone(),
        body: row.body.clone().into_bytes().into(),
    }
}
