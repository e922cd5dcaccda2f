//! A price adjustment was given up, or decided by another ballot: its own ballot has nothing left to decide.

use ids::PriceAdjustmentId;
use rpc::CallContext;

use super::{App, CLOSE_BALLOT};
use crate::domain::{BallotState, PriceRequest};
use crate::error::AppError;

impl App {
    /// Withdraws the ballot of an adjustment that is over. Does nothing to a ballot that is decided, which is the ordinary
    /// end; remembers the adjustment, should the request for its ballot still be on its way.
    ///
    /// # Errors
    /// Where the store does not answer; the event is then delivered again.
    pub async fn on_price_adjustment_over(
        &self,
        ctx: &CallContext,
        adjustment_id: PriceAdjustmentId,
        reason: String,
    ) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        tx.take_adjustment(adjustment_id).await?;
        tx.mark_adjustment_over(adjustment_id).await?;
        let ballot_id = PriceRequest::ballot_id(adjustment_id);
        if let Some(before) = tx.ballot_for_change(ballot_id).await? {
            match before.state {
                BallotState::Prepared | BallotState::Announced { .. } => {
                    let (after, events) = before.withdraw(reason, self.clock.now())?;
                    tx.save_ballot(&after).await?;
                    tx.unschedule(CLOSE_BALLOT, after.id).await?;
                    tx.publish(ctx, &events).await?;
                }
                BallotState::Decided { .. } | BallotState::Withdrawn { .. } => {}
            }
        }
        Ok(tx.commit().await?)
    }
}
