//! A ballot is announced: its roll is frozen, and its window is fixed.

use chrono::{DateTime, Utc};
use ids::BallotId;
use rpc::CallContext;
use serde::Serialize;

use super::{App, CLOSE_BALLOT, resource};
use crate::domain::{Ballot, Refusal};
use crate::error::AppError;
use crate::store::Tx;

/// When a ballot is announced for.
#[derive(Clone, Debug, Serialize)]
pub struct AnnounceBallot {
    /// The ballot.
    pub ballot_id: BallotId,
    /// Votes are taken from here.
    pub opens_at: DateTime<Utc>,
    /// Votes are taken before this.
    pub closes_at: DateTime<Utc>,
}

impl App {
    /// Announces a ballot: freezes the roll of its scope as of now, and sets the time of the count.
    ///
    /// Registry is asked before anything is written. A repeat is answered before registry is asked, so that it does
    /// not depend on what has become of the roll.
    ///
    /// # Errors
    /// `BALLOT_NOT_FOUND`, `NOT_ALLOWED`, `BALLOT_WRONG_STATE`, `NOTICE_TOO_SHORT`, `WINDOW_TOO_SHORT`,
    /// `WINDOW_TOO_LONG`, `ROLL_EMPTY`, `ROLL_NOT_READY`.
    pub async fn announce_ballot(
        &self,
        ctx: &CallContext,
        command: AnnounceBallot,
    ) -> Result<Ballot, AppError> {
        let AnnounceBallot {
            ballot_id,
            opens_at,
            closes_at,
        } = command;
        let now = self.clock.now();
        let rules = self.vote_rules(now)?;
        let seen = {
            let tx = self.store.begin_write().await?;
            if let Some(first) = tx.replay(ctx, &command).await? {
                return Ok(first);
            }
            let seen = self.ballot_to_change(ctx, &tx, ballot_id).await?;
            seen.check_announcement(opens_at, closes_at, now, &rules)?;
            seen
            // The transaction ends here: registry is never asked inside one.
        };
        let roll = self
            .registry
            .roll(ctx, &seen.scope, now, rules.count_parking.value)
            .await?;

        let mut tx = self.store.begin_write().await?;
        // The same request may have come twice at one moment.
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let before = self.ballot_to_change(ctx, &tx, ballot_id).await?;
        let (after, events) = before.announce(roll.tally(), opens_at, closes_at, now, &rules)?;
        tx.save_ballot(&after).await?;
        tx.insert_roll(ballot_id, &roll).await?;
        tx.schedule(ctx, CLOSE_BALLOT, ballot_id, closes_at).await?;
        tx.publish(ctx, &events).await?;
        tx.remember(ctx, &command, ballot_id, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// The ballot, held for a change that the caller may make.
    pub(super) async fn ballot_to_change(
        &self,
        ctx: &CallContext,
        tx: &Tx,
        ballot_id: BallotId,
    ) -> Result<Ballot, AppError> {
        let not_found = || Refusal::BallotNotFound { ballot_id };
        let ballot = tx.ballot_for_change(ballot_id).await?.ok_or_else(not_found)?;
        let area_id = ballot.scope.area_id;
        let sight = tx
            .sight(area_id, Some(ballot_id), ctx.actor.owner_id, ctx.actor.firm_id())
            .await?;
        let resource = resource::ballot(&ballot.poll(), sight);
        let resource = self.in_present_place(&tx.mergers().await?, resource);
        ctx.permit(&self.access, &resource, not_found)?;
        Ok(ballot)
    }
}
