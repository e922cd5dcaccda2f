//! A ballot is withdrawn before a count.

use ids::BallotId;
use rpc::CallContext;
use serde::Serialize;

use super::{App, CLOSE_BALLOT};
use crate::domain::Ballot;
use crate::error::AppError;

/// A ballot to withdraw.
#[derive(Clone, Debug, Serialize)]
pub struct WithdrawBallot {
    /// The ballot.
    pub ballot_id: BallotId,
    /// Why, for the owners to read.
    pub reason: String,
}

impl App {
    /// Withdraws a ballot on which no vote was counted yet.
    ///
    /// # Errors
    /// `BALLOT_NOT_FOUND`, `NOT_ALLOWED`, `BALLOT_WRONG_STATE`.
    pub async fn withdraw_ballot(
        &self,
        ctx: &CallContext,
        command: WithdrawBallot,
    ) -> Result<Ballot, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let before = self.ballot_to_change(ctx, &tx, command.ballot_id).await?;
        let (after, events) = before.withdraw(command.reason.clone(), self.clock.now())?;
        tx.save_ballot(&after).await?;
        tx.unschedule(CLOSE_BALLOT, after.id).await?;
        tx.publish(ctx, &events).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
