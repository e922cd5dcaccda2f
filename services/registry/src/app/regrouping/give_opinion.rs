//! Street and community say what they think of a regrouping.

use std::collections::BTreeMap;

use access::Role;
use ids::RegroupingId;
use rpc::{CallContext, General};
use serde::Serialize;

use super::{not_found, record};
use crate::app::App;
use crate::domain::delineation::application::OpinionGiver;
use crate::domain::regrouping::{Opinion, Regrouping};
use crate::error::AppError;

/// An opinion; whose it is follows from the caller's role and territory.
#[derive(Debug, Clone, Serialize)]
pub struct GiveRegroupingOpinion {
    /// The regrouping.
    pub regrouping_id: RegroupingId,
    /// Whether the office agrees.
    pub agrees: bool,
    /// What it says.
    pub text: String,
}

impl App {
    /// Records the opinion, in place of an earlier one of the same office.
    ///
    /// # Errors
    /// `REGROUPING_NOT_FOUND`, `NOT_ALLOWED`, `REGROUPING_WRONG_STATE`, `CONFLICT`.
    pub async fn give_regrouping_opinion(
        &self,
        ctx: &CallContext,
        command: GiveRegroupingOpinion,
    ) -> Result<Regrouping, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let (before, resources) = self
            .regrouping_for(tx.connection(), ctx, command.regrouping_id)
            .await?;
        let through = self.permit_through(ctx, &resources, not_found)?;
        let role = self.access.acting_role(&ctx.actor, ctx.action, through);
        let (giver, division) = match (role, ctx.actor.jurisdiction) {
            (Some(Role::Street), Some(division)) => (OpinionGiver::Street, division),
            (Some(Role::Community), Some(division)) => (OpinionGiver::Community, division),
            _ => {
                return Err(General::NotAllowed {
                    action: ctx.action.to_owned(),
                }
                .into());
            }
        };
        let (after, event) = before.hear(Opinion {
            giver,
            division,
            agrees: command.agrees,
            text: command.text.clone(),
            on: self.today(),
        })?;
        record(&mut tx, ctx, event, &BTreeMap::new()).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
