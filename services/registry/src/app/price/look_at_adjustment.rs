//! The deadline of an adjustment: its publicity ends, or its prices begin.

use ids::PriceAdjustmentId;
use rpc::CallContext;

use super::App;
use crate::error::AppError;
use crate::store::price_adjustments;

/// Name of the deadline on which an adjustment is looked at.
pub const LOOK_AT_ADJUSTMENT: &str = "look_at_adjustment";

impl App {
    /// Does what the calendar has done to an adjustment by today, once.
    ///
    /// # Errors
    /// Where the store does not answer; the deadline is then tried again.
    pub async fn look_at_adjustment(&self, ctx: &CallContext, id: PriceAdjustmentId) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        if !tx.first_time(ctx).await? {
            return Ok(());
        }
        if let Some(unheld) = price_adjustments::find(tx.connection(), id).await? {
            tx.hold_area(unheld.area_id).await?;
            let held = price_adjustments::find(tx.connection(), id).await?;
            if let Some(changed) = held.and_then(|adjustment| adjustment.pass(self.today())) {
                self.save_changed(&mut tx, ctx, changed).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}
