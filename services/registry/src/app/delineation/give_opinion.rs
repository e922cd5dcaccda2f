//! Street and community say what they think of an application.

use access::Role;
use ids::DelineationId;
use rpc::{CallContext, General};
use serde::Serialize;

use super::record;
use crate::app::App;
use crate::domain::delineation::Delineation;
use crate::domain::delineation::application::{Opinion, OpinionGiver};
use crate::domain::delineation::refusal::Refusal;
use crate::domain::refusal::Refusal as AnyRefusal;
use crate::error::AppError;

/// An opinion; whose it is follows from the caller's role.
#[derive(Debug, Clone, Serialize)]
pub struct GiveDelineationOpinion {
    /// The delineation.
    pub delineation_id: DelineationId,
    /// Whether the office agrees.
    pub agrees: bool,
    /// What it says.
    pub text: String,
}

impl App {
    /// Records the opinion, in place of an earlier one of the same office.
    ///
    /// # Errors
    /// `DELINEATION_NOT_FOUND`, `NOT_ALLOWED`, `DELINEATION_WRONG_STATE`, `CONFLICT`.
    pub async fn give_delineation_opinion(
        &self,
        ctx: &CallContext,
        command: GiveDelineationOpinion,
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
        let giver = match self.access.acting_role(&ctx.actor, ctx.action, &resource) {
            Some(Role::Street) => OpinionGiver::Street,
            Some(Role::Community) => OpinionGiver::Community,
            _ => {
                return Err(General::NotAllowed {
                    action: ctx.action.to_owned(),
                }
                .into());
            }
        };
        let (after, event) = before.hear(Opinion {
            giver,
            agrees: command.agrees,
            text: command.text.clone(),
            on: self.today(),
        })?;
        record(&mut tx, ctx, event).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
