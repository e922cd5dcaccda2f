//! The owners are to decide on new prices.

use ids::PriceAdjustmentId;
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::price::Adjustment;
use crate::error::AppError;

/// A request.
#[derive(Debug, Clone, Serialize)]
pub struct RequestPriceBallot {
    /// The adjustment.
    pub adjustment_id: PriceAdjustmentId,
    /// Objections that came in while it was public, where somebody counted.
    pub objections: Option<u32>,
}

impl App {
    /// Asks for the owners' decision; who prepares ballots follows the event.
    ///
    /// # Errors
    /// `ADJUSTMENT_NOT_FOUND`, `NOT_ALLOWED`, `ADJUSTMENT_FIRM_REPLACED`, `ADJUSTMENT_WRONG_STATE`, `PUBLICITY_RUNNING`,
    /// `CONFLICT`.
    pub async fn request_price_ballot(
        &self,
        ctx: &CallContext,
        command: RequestPriceBallot,
    ) -> Result<Adjustment, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let held = self.held_adjustment_of_manager(&tx, ctx, command.adjustment_id);
        let (_, before) = held.await?;
        let changed = before.request_ballot(command.objections, self.today())?;
        let after = self.save_changed(&mut tx, ctx, changed).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
