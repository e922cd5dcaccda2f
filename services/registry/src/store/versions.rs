//! What every aggregate with a version and every list by id have in common.

use db::StoreError;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

/// Saves a row that was one version lower when it was read.
///
/// # Errors
/// `Conflict` where somebody else changed it since.
pub(super) async fn save<A>(
    connection: &impl ConnectionTrait,
    row: A,
    (id_column, id): (<A::Entity as EntityTrait>::Column, Uuid),
    (version_column, version): (<A::Entity as EntityTrait>::Column, i64),
) -> Result<(), StoreError>
where
    A: ActiveModelTrait,
{
    let saved = A::Entity::update_many()
        .set(row)
        .filter(id_column.eq(id))
        .filter(version_column.eq(version - 1))
        .exec(connection)
        .await?;
    if saved.rows_affected == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict)
    }
}

/// In which order a list goes: ids made by us order by time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    OldestFirst,
    NewestFirst,
}

/// A page of rows by id.
///
/// # Errors
/// As the statement.
pub(super) async fn page<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    select: Select<E>,
    id_column: E::Column,
    order: Order,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<E::Model>, StoreError> {
    let select = match (order, after) {
        (_, None) => select,
        (Order::OldestFirst, Some(after)) => select.filter(id_column.gt(after)),
        (Order::NewestFirst, Some(after)) => select.filter(id_column.lt(after)),
    };
    let select = match order {
        Order::OldestFirst => select.order_by_asc(id_column),
        Order::NewestFirst => select.order_by_desc(id_column),
    };
    Ok(select.limit(limit).all(connection).await?)
}
