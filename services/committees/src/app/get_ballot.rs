//! Reading a ballot.

use ids::BallotId;
use rpc::CallContext;

use super::{App, resource};
use crate::domain::Refusal;
use crate::error::AppError;
use crate::store::BallotView;

impl App {
    /// A ballot with its roll, its turnout, and, once decided, its result.
    ///
    /// # Errors
    /// `BALLOT_NOT_FOUND` also where the caller may not know of it.
    pub async fn get_ballot(&self, ctx: &CallContext, ballot_id: BallotId) -> Result<BallotView, AppError> {
        let tx = self.store.begin_read().await?;
        let not_found = || Refusal::BallotNotFound { ballot_id };
        let ballot = tx.ballot(ballot_id).await?.ok_or_else(not_found)?;
        let area_id = ballot.scope.area_id;
        let sight = tx
            .sight(area_id, Some(ballot_id), ctx.actor.owner_id, ctx.actor.firm_id())
            .await?;
        let resource = resource::ballot(&ballot.poll(), sight);
        let resource = self.in_present_place(&tx.mergers().await?, resource);
        ctx.permit(&self.access, &resource, not_found)?;
        Ok(tx.view(ballot).await?)
    }
}
