//! The ballot of a draw was withdrawn: the draw goes with it.

use rpc::CallContext;

use super::App;
use crate::domain::ballot::BallotWithdrawal;
use crate::domain::refusal::Refusal;
use crate::error::AppError;

impl App {
    /// Follows a withdrawn ballot, once; a draw that was withdrawn before stays as it is.
    ///
    /// # Errors
    /// `DRAW_NOT_FOUND`, and `DRAW_WRONG_STATE` where the draw is not before the owners.
    pub async fn on_ballot_withdrawn(
        &self,
        ctx: &CallContext,
        ballot: BallotWithdrawal,
    ) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        let draw_id = ballot.draw_id;
        let before = tx.draw(draw_id).await?.ok_or(Refusal::DrawNotFound { draw_id })?;
        if before.is_done_with(ballot.ballot_id) {
            tx.commit().await?;
            return Ok(());
        }
        let (after, event) = before.follow_withdrawal(&ballot)?;
        tx.save_draw(&before, &after).await?;
        tx.publish(ctx, [&event]).await?;
        tx.commit().await?;
        Ok(())
    }
}
