//! Keeps what contracts need to know of decided ballots.

use rpc::CallContext;

use super::App;
use crate::domain::contract::DecidedBallot;
use crate::error::AppError;

impl App {
    /// Remembers a decided ballot, once. It changes nothing by itself: who acts for the owners carries it out.
    ///
    /// # Errors
    /// Where the store does not answer; the event is then delivered again.
    pub async fn on_ballot_decided(&self, ctx: &CallContext, ballot: DecidedBallot) -> Result<(), AppError> {
        let tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        tx.put_ballot(&ballot).await?;
        Ok(tx.commit().await?)
    }
}
