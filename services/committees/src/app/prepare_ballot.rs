//! A committee, a community or a street prepares a ballot.

use ids::BallotId;
use rpc::CallContext;
use serde::Serialize;

use super::{App, resource};
use crate::domain::{Ballot, Matter, Refusal, Scope};
use crate::error::AppError;

/// A ballot to prepare.
#[derive(Clone, Debug, Serialize)]
pub struct PrepareBallot {
    /// Whose homes vote.
    pub scope: Scope,
    /// What is decided.
    pub matter: Matter,
    /// A line that says it.
    pub title: String,
    /// The whole proposal.
    pub text: String,
}

impl App {
    /// Prepares a ballot on one of the nine matters of Civil Code article 278.
    ///
    /// # Errors
    /// `AREA_NOT_FOUND` also where the caller may not know of the area; `BUILDING_NOT_IN_AREA`; `NOT_ALLOWED`.
    pub async fn prepare_ballot(
        &self,
        ctx: &CallContext,
        command: PrepareBallot,
    ) -> Result<Ballot, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let area_id = command.scope.area_id;
        let not_found = || Refusal::AreaNotFound { area_id };
        let Some(area) = tx.area(area_id).await? else {
            // Who may not prepare ballots anywhere gets the same answer as for an area that is there.
            ctx.permit(&self.access, &resource::unknown_area(area_id), not_found)?;
            return Err(not_found().into());
        };
        let sight = tx
            .sight(area_id, None, ctx.actor.owner_id, ctx.actor.firm_id())
            .await?;
        let resource = self.in_present_place(&tx.mergers().await?, resource::area(&area, sight));
        ctx.permit(&self.access, &resource, not_found)?;
        let known = tx.buildings(&command.scope.building_ids).await?;
        for building_id in command.scope.building_ids.iter().copied() {
            if !known
                .iter()
                .any(|building| building.building_id == building_id && building.area_id == area_id)
            {
                return Err(Refusal::BuildingNotInArea { building_id, area_id }.into());
            }
        }
        let PrepareBallot {
            scope,
            matter,
            title,
            text,
        } = command.clone();
        let now = self.clock.now();
        let id = BallotId::generate();
        let (after, events) = Ballot::prepare(id, scope, area.division, matter, title, text, None, now);
        tx.insert_ballot(&after).await?;
        tx.publish(ctx, &events).await?;
        tx.remember(ctx, &command, after.id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }
}
