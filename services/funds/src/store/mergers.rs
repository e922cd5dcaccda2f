//! Which division ended in which: facts that the registry tells once, in no order that matters.

use chrono::NaiveDate;
use db::{StoreError, insert_chunked};
use ids::{DivisionCode, Merger, Mergers};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use super::entity::merger;
use super::{Tx, convert};

impl Tx {
    /// Records that divisions ended in another on a day; one that is known to have ended stays as it is, because a
    /// division ends once.
    ///
    /// # Errors
    /// As the statement.
    pub async fn put_mergers(
        &self,
        into: DivisionCode,
        from: &[DivisionCode],
        on: NaiveDate,
    ) -> Result<(), StoreError> {
        let rows = from.iter().map(|from| merger::ActiveModel {
            from_code: Set(from.to_string()),
            into_code: Set(into.to_string()),
            merged_on: Set(on),
        });
        let known = OnConflict::new().do_nothing().to_owned();
        insert_chunked(self.connection(), rows.collect::<Vec<_>>(), Some(known)).await?;
        Ok(())
    }
}

/// All mergers of the city.
pub(super) async fn all(connection: &impl ConnectionTrait) -> Result<Mergers, StoreError> {
    let rows = merger::Entity::find()
        .order_by_asc(merger::Column::FromCode)
        .all(connection)
        .await?;
    let read = |row: merger::Model| {
        Ok(Merger {
            from: convert::division(&row.from_code)?,
            into: convert::division(&row.into_code)?,
            on: row.merged_on,
        })
    };
    rows.into_iter().map(read).collect::<Result<_, _>>().map(Mergers)
}
