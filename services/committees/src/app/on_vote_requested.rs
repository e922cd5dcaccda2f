//! Funds asks for the owners' vote on a draw: a ballot is prepared.

use rpc::CallContext;

use super::App;
use crate::domain::DrawRequest;
use crate::error::AppError;

impl App {
    /// Prepares the ballot of a draw, once; none where the draw was withdrawn meanwhile.
    ///
    /// # Errors
    /// Where the store does not answer; the event is then delivered again.
    pub async fn on_vote_requested(&self, ctx: &CallContext, request: DrawRequest) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        let withdrawn = tx.take_draw(request.draw_id).await?;
        let known = tx
            .ballot_for_change(DrawRequest::ballot_id(request.draw_id))
            .await?;
        if !withdrawn && known.is_none() {
            let numbers = tx.buildings(&request.scope.building_ids).await?;
            let numbers: Vec<String> = numbers.into_iter().map(|building| building.number).collect();
            let (after, events) = request.prepare(&numbers, self.clock.now());
            tx.insert_ballot(&after).await?;
            tx.publish(ctx, &events).await?;
        }
        Ok(tx.commit().await?)
    }
}
