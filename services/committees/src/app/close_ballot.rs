//! The closing time of a ballot: it is counted, once.

use ids::BallotId;
use rpc::CallContext;

use super::App;
use crate::domain::Closing;
use crate::error::AppError;

impl App {
    /// Counts a ballot whose window is over and publishes the result. Does nothing for one that was counted or
    /// withdrawn before; before its time it stays as it is, and is asked again later.
    ///
    /// # Errors
    /// Where the store does not answer; the deadline is then tried again.
    pub async fn close_ballot(&self, ctx: &CallContext, ballot_id: BallotId) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        // Waits for the votes that are being cast; later ones wait for the count and see it.
        let Some(before) = tx.ballot_for_change(ballot_id).await? else {
            tx.commit().await?;
            return Ok(());
        };
        let now = self.clock.now();
        let rules = self.vote_rules(before.announcement().map_or(now, |it| it.closes_at))?;
        let counts = tx.count_votes(ballot_id).await?;
        match before.close(counts, now, &rules) {
            // Not committed: the deadline is not done.
            Closing::NotDue => Ok(()),
            Closing::NothingToClose => Ok(tx.commit().await?),
            Closing::Decided(decided) => {
                let (after, events) = *decided;
                tx.save_ballot(&after).await?;
                tx.publish(ctx, &events).await?;
                Ok(tx.commit().await?)
            }
        }
    }
}
