//! The authority approves a regrouping, which carries it out, or refuses.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ids::RegroupingId;
use rpc::CallContext;
use serde::Serialize;

use super::record;
use crate::app::App;
use crate::domain::regrouping::Regrouping;
use crate::error::AppError;

/// A decision.
#[derive(Debug, Clone, Serialize)]
pub struct DecideRegrouping {
    /// The regrouping.
    pub regrouping_id: RegroupingId,
    /// Whether it is approved as proposed.
    pub approve: bool,
    /// Remarks, or the reasons of a refusal.
    pub reasons: String,
    /// First day on which the buildings belong to the other area; today where absent.
    pub effective_on: Option<NaiveDate>,
}

impl App {
    /// Records the decision. An approval moves buildings, registers the new area and ends merged ones in the same
    /// transaction.
    ///
    /// # Errors
    /// `REGROUPING_NOT_FOUND`, `NOT_ALLOWED`, `REGROUPING_WRONG_STATE`, `REFUSAL_REASONS_MISSING`, `CONFLICT`, and as
    /// [`Regrouping::approve`] and what stands in the way of carrying it out.
    pub async fn decide_regrouping(
        &self,
        ctx: &CallContext,
        command: DecideRegrouping,
    ) -> Result<Regrouping, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (before, resources) = self
            .regrouping_for(tx.connection(), ctx, command.regrouping_id)
            .await?;
        // Not only one of the areas: who decides is responsible for all of them.
        for area_id in resources.iter().filter_map(|resource| resource.area) {
            self.permit_for(ctx, &resources, area_id)?;
        }
        let reasons = command.reasons.clone();
        let after = if command.approve {
            self.carry_out(&mut tx, ctx, before, command.effective_on, reasons)
                .await?
        } else {
            let (after, event) = before.refuse(reasons, self.today())?;
            record(&mut tx, ctx, event, &BTreeMap::new()).await?;
            after
        };
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
