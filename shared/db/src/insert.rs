//! Inserting many rows in few statements.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, Iterable};

use crate::StoreError;

/// Bind values that a statement may hold on every database that we support (SQLite: 32,766).
const BINDS_MAX: usize = 32_000;
/// Rows a statement: beyond this a longer statement is no faster.
const ROWS_MAX: usize = 1_000;

/// Inserts rows in chunks that every database takes; returns how many rows were inserted.
/// With `on_conflict` rows that stand already are treated as it says.
///
/// # Errors
/// As the statements; what was inserted before an error is undone with the transaction.
pub async fn insert_chunked<A, I>(
    connection: &impl ConnectionTrait,
    rows: I,
    on_conflict: Option<OnConflict>,
) -> Result<u64, StoreError>
where
    A: ActiveModelTrait + Send,
    I: IntoIterator<Item = A>,
{
    let columns = <A::Entity as EntityTrait>::Column::iter().count().max(1);
    let size = (BINDS_MAX / columns).clamp(1, ROWS_MAX);
    let mut inserted = 0;
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<A> = rows.by_ref().take(size).collect();
        if chunk.is_empty() {
            return Ok(inserted);
        }
        let mut statement = A::Entity::insert_many(chunk);
        if let Some(on_conflict) = &on_conflict {
            statement = statement.on_conflict(on_conflict.clone());
        }
        inserted += statement.exec_without_returning(connection).await?;
    }
}
