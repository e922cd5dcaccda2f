//! A regrouping is taken back before the decision.

use std::collections::BTreeMap;

use ids::RegroupingId;
use rpc::CallContext;
use serde::Serialize;

use super::record;
use crate::app::App;
use crate::domain::regrouping::Regrouping;
use crate::error::AppError;

/// A withdrawal.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawRegrouping {
    /// The regrouping.
    pub regrouping_id: RegroupingId,
    /// Why.
    pub reason: String,
}

impl App {
    /// Takes a regrouping back: whoever acts for the area it was proposed for, or the authority. The other areas have their
    /// say by not agreeing.
    ///
    /// # Errors
    /// `REGROUPING_NOT_FOUND`, `NOT_ALLOWED`, `REGROUPING_WRONG_STATE`, `CONFLICT`.
    pub async fn withdraw_regrouping(
        &self,
        ctx: &CallContext,
        command: WithdrawRegrouping,
    ) -> Result<Regrouping, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (before, resources) = self
            .regrouping_for(tx.connection(), ctx, command.regrouping_id)
            .await?;
        self.permit_for(ctx, &resources, before.proposed_for)?;
        let (after, event) = before.withdraw(command.reason.clone())?;
        record(&mut tx, ctx, event, &BTreeMap::new()).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
