//! Registry asks for the owners' decision on new prices: a ballot is prepared.

use rpc::CallContext;

use super::App;
use crate::domain::PriceRequest;
use crate::error::AppError;

impl App {
    /// Prepares the ballot of a price adjustment, once; none where the adjustment was given up or decided meanwhile.
    ///
    /// # Errors
    /// Where the store does not answer; the event is then delivered again.
    pub async fn on_price_ballot_requested(
        &self,
        ctx: &CallContext,
        request: PriceRequest,
    ) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        let is_over = tx.take_adjustment(request.adjustment_id).await?;
        let ballot_id = PriceRequest::ballot_id(request.adjustment_id);
        let known = tx.ballot_for_change(ballot_id).await?;
        if !is_over && known.is_none() {
            let (after, events) = request.prepare(self.clock.now());
            tx.insert_ballot(&after).await?;
            tx.publish(ctx, &events).await?;
        }
        Ok(tx.commit().await?)
    }
}
