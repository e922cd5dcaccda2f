//! A draw is withdrawn: so is its ballot, where no vote was counted yet.

use ids::DrawId;
use rpc::CallContext;

use super::{App, CLOSE_BALLOT};
use crate::domain::{BallotState, DrawRequest};
use crate::error::AppError;

impl App {
    /// Withdraws the ballot of a draw with the draw's own reason. Does nothing to a ballot that is decided; remembers
    /// the draw, should the request for its vote still be on its way.
    ///
    /// # Errors
    /// Where the store does not answer; the event is then delivered again.
    pub async fn on_draw_withdrawn(
        &self,
        ctx: &CallContext,
        draw_id: DrawId,
        reason: String,
    ) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        tx.take_draw(draw_id).await?;
        tx.mark_draw_withdrawn(draw_id).await?;
        if let Some(before) = tx.ballot_for_change(DrawRequest::ballot_id(draw_id)).await? {
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
