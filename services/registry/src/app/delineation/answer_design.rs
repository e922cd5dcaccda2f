//! The property authority answers at design review.

use ids::DelineationId;
use rpc::CallContext;
use serde::Serialize;

use super::record;
use crate::app::App;
use crate::domain::delineation::Delineation;
use crate::domain::delineation::refusal::Refusal;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;

/// An answer.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerDesign {
    /// The delineation.
    pub delineation_id: DelineationId,
    /// What it says.
    pub answer: String,
}

impl App {
    /// Records the answer; a late one too.
    ///
    /// # Errors
    /// `DELINEATION_NOT_FOUND`, `NOT_ALLOWED`, `DELINEATION_WRONG_STATE`, `CONFLICT`.
    pub async fn answer_design(
        &self,
        ctx: &CallContext,
        command: AnswerDesign,
    ) -> Result<Delineation, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (before, resource) = self
            .delineation_for(tx.connection(), command.delineation_id)
            .await?;
        ctx.permit(&self.access, &resource, || {
            AnyRefusal::from(Refusal::DelineationNotFound)
        })?;
        let (after, event) = before.answer(command.answer.clone(), self.today())?;
        record(&mut tx, ctx, event).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
