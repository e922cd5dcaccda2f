//! Reading one price adjustment.

use ids::PriceAdjustmentId;
use rpc::CallContext;

use super::App;
use crate::domain::price::{Adjustment, Refusal};
use crate::error::AppError;

impl App {
    /// The adjustment as it stands.
    ///
    /// # Errors
    /// `ADJUSTMENT_NOT_FOUND` also where the caller may not know of it.
    pub async fn get_price_adjustment(
        &self,
        ctx: &CallContext,
        id: PriceAdjustmentId,
    ) -> Result<Adjustment, AppError> {
        let snapshot = self.store.begin_read().await?;
        let (adjustment, resource) = self.adjustment_for(&snapshot, ctx, id).await?;
        ctx.permit(&self.access, &resource, || Refusal::AdjustmentNotFound.into())?;
        Ok(adjustment)
    }
}
