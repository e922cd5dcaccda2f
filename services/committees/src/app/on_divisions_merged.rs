//! Divisions were merged: their ballots are the surviving division's as well, from a day on.

use chrono::NaiveDate;
use ids::DivisionCode;
use rpc::CallContext;

use super::App;
use crate::error::AppError;

impl App {
    /// Remembers that divisions end in another from a day on, past or to come. No ballot is changed: each keeps the code
    /// it was made under.
    ///
    /// # Errors
    /// Where the store does not answer; the event is then delivered again.
    pub async fn on_divisions_merged(
        &self,
        ctx: &CallContext,
        into: DivisionCode,
        from: &[DivisionCode],
        on: NaiveDate,
    ) -> Result<(), AppError> {
        let tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        tx.put_mergers(into, from, on).await?;
        Ok(tx.commit().await?)
    }
}
