//! The committee published audit and plan (公示).

use chrono::NaiveDate;
use ids::PriceAdjustmentId;
use rpc::{CallContext, General};
use serde::Serialize;

use super::App;
use crate::domain::price::Adjustment;
use crate::error::AppError;

/// A publication.
#[derive(Debug, Clone, Serialize)]
pub struct PublishPriceAdjustment {
    /// The adjustment.
    pub adjustment_id: PriceAdjustmentId,
    /// Day of the publication.
    pub on: NaiveDate,
}

impl App {
    /// Records the publication; its end is a deadline.
    ///
    /// # Errors
    /// `ADJUSTMENT_NOT_FOUND`, `NOT_ALLOWED`, `ADJUSTMENT_FIRM_REPLACED`, `ADJUSTMENT_WRONG_STATE`,
    /// `ADJUSTMENT_DAY_TO_COME`, `PUBLISHED_BEFORE_PROPOSAL`, `CONFLICT`.
    pub async fn publish_price_adjustment(
        &self,
        ctx: &CallContext,
        command: PublishPriceAdjustment,
    ) -> Result<Adjustment, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let held = self.held_adjustment_of_manager(&tx, ctx, command.adjustment_id);
        let (_, before) = held.await?;
        let changed = before.publish(command.on, self.today(), self.fee_publicity_days()?)?;
        let after = self.save_changed(&mut tx, ctx, changed).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// For how many days audit and plan are public, by the rules of today.
    fn fee_publicity_days(&self) -> Result<u32, AppError> {
        let read = || {
            let rules = self.rules.at(self.today())?;
            let days = rules.parameter("fee_publicity_days")?.value;
            Ok::<_, rules::RuleError>(u32::try_from(days).unwrap_or(u32::MAX))
        };
        read().map_err(|error| {
            General::Internal {
                source: Box::new(error),
            }
            .into()
        })
    }
}
