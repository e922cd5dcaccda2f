//! Which division ended in which: facts that registry tells once, in no order that matters.

use chrono::NaiveDate;
use db::{StoreError, insert_chunked};
use ids::{DivisionCode, Merger, Mergers};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use super::ballots::parsed;
use super::entity::merger;
use super::{ReadTx, Store, Tx};

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

    /// As `Store::mergers`, as this transaction sees them.
    ///
    /// # Errors
    /// As the statement.
    pub async fn mergers(&self) -> Result<Mergers, StoreError> {
        mergers(self.connection()).await
    }
}

impl ReadTx {
    /// As `Store::mergers`, as this transaction sees them.
    ///
    /// # Errors
    /// As the statement.
    pub async fn mergers(&self) -> Result<Mergers, StoreError> {
        mergers(self.connection()).await
    }
}

impl Store {
    /// All mergers of the city: few, so they are read whole.
    ///
    /// # Errors
    /// As the statement.
    pub async fn mergers(&self) -> Result<Mergers, StoreError> {
        mergers(self.0.reader()).await
    }
}

async fn mergers(connection: &impl ConnectionTrait) -> Result<Mergers, StoreError> {
    let rows = merger::Entity::find()
        .order_by_asc(merger::Column::FromCode)
        .all(connection)
        .await?;
    let read = |row: merger::Model| {
        Ok(Merger {
            from: parsed("from_code", &row.from_code)?,
            into: parsed("into_code", &row.into_code)?,
            on: row.merged_on,
        })
    };
    rows.into_iter().map(read).collect::<Result<_, _>>().map(Mergers)
}
