//! An adjustment is given up.

use ids::PriceAdjustmentId;
use rpc::CallContext;
use serde::Serialize;

use super::App;
use crate::domain::price::Adjustment;
use crate::error::AppError;

/// An end before the decision.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawPriceAdjustment {
    /// The adjustment.
    pub adjustment_id: PriceAdjustmentId,
    /// Why.
    pub reason: String,
}

impl App {
    /// Gives an adjustment up: by its firm, or by the committee.
    ///
    /// # Errors
    /// `ADJUSTMENT_NOT_FOUND`, `NOT_ALLOWED`, `ADJUSTMENT_WRONG_STATE`, `CONFLICT`.
    pub async fn withdraw_price_adjustment(
        &self,
        ctx: &CallContext,
        command: WithdrawPriceAdjustment,
    ) -> Result<Adjustment, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (_, before) = self.held_adjustment(&tx, ctx, command.adjustment_id).await?;
        let changed = before.withdraw(command.reason.clone(), self.today())?;
        let after = self.save_changed(&mut tx, ctx, changed).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
