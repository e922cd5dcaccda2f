//! Reading one's own votes.

use ids::BallotId;
use rpc::CallContext;

use super::{App, resource};
use crate::domain::{Asker, OwnVote, Refusal};
use crate::error::AppError;

impl App {
    /// The heads on a ballot's roll that the caller belongs to or votes for, each with the own vote or none. What somebody
    /// else said for a head is not told.
    ///
    /// # Errors
    /// `BALLOT_NOT_FOUND` also where the caller may not know of it; `NOT_ALLOWED` for somebody who can never vote.
    pub async fn list_own_votes(
        &self,
        ctx: &CallContext,
        ballot_id: BallotId,
    ) -> Result<Vec<OwnVote>, AppError> {
        let tx = self.store.begin_read().await?;
        let not_found = || Refusal::BallotNotFound { ballot_id };
        let ballot = tx.ballot(ballot_id).await?.ok_or_else(not_found)?;
        let (owner_id, firm_id) = (ctx.actor.owner_id, ctx.actor.firm_id());
        let poll = ballot.poll();
        let sight = tx.sight(poll.area_id, Some(ballot_id), owner_id, firm_id).await?;
        let mergers = tx.mergers().await?;
        let known = self.in_present_place(&mergers, resource::ballot(&poll, sight));
        resource::require_known(ctx, &self.access, ballot_id, &known)?;
        let voting = self.in_present_place(&mergers, resource::as_if_on_roll(&poll, &ctx.actor));
        ctx.permit(&self.access, &voting, not_found)?;
        let mut votes = Vec::new();
        for asker in [owner_id.map(Asker::Person), firm_id.map(Asker::Developer)]
            .into_iter()
            .flatten()
        {
            votes.extend(tx.votes_of(ballot_id, asker).await?);
        }
        Ok(votes)
    }
}
