//! A head votes: the hot path, with as few statements as it can do with.

use ids::{BallotId, HomeId, VoteId};
use rpc::CallContext;
use serde::Serialize;

use super::{App, resource};
use crate::domain::{BallotEvent, Choice, Poll, Refusal, Vote};
use crate::error::AppError;
use crate::store::Tx;

/// A vote to cast.
#[derive(Clone, Debug, Serialize)]
pub struct CastVote {
    /// The ballot.
    pub ballot_id: BallotId,
    /// A home of the head that votes.
    pub home_id: HomeId,
    /// What is said.
    pub choice: Choice,
}

impl App {
    /// Casts the vote of the head that a home belongs to, once, for all homes of that head in the ballot's scope.
    ///
    /// The ballot's row is shared with other votes and kept from being counted meanwhile: every vote accepted is
    /// counted, and none is accepted after the count.
    ///
    /// # Errors
    /// `BALLOT_NOT_FOUND`, `NOT_ALLOWED`, `BALLOT_WRONG_STATE`, `VOTING_NOT_OPEN`, `VOTING_CLOSED`, `ALREADY_VOTED`;
    /// `NOT_ON_ROLL` for a home that is not on the roll and for one that is not the caller's alike; `CAST_BY_ANOTHER` for
    /// one of the caller's for which somebody acts in the caller's place.
    pub async fn cast_vote(&self, ctx: &CallContext, command: CastVote) -> Result<Vote, AppError> {
        let mut tx = self.store.begin_write().await?;
        if let Some(first) = tx.replay(ctx, &command).await? {
            return Ok(first);
        }
        let CastVote {
            ballot_id,
            home_id,
            choice,
        } = command;
        let poll = tx
            .poll(ballot_id)
            .await?
            .ok_or(Refusal::BallotNotFound { ballot_id })?;
        let Some(head) = tx.head_of_home(ballot_id, home_id).await? else {
            return Err(self
                .no_vote(ctx, &tx, &poll, Refusal::NotOnRoll { home_id })
                .await);
        };
        let voter = head.voter(ctx.actor.owner_id, ctx.actor.firm_id()).filter(|_| {
            self.access
                .allows(&ctx.actor, ctx.action, &resource::vote_of(&poll, &head))
        });
        let Some(voter) = voter else {
            let is_own = ctx.actor.owner_id.is_some_and(|id| head.owner_ids.contains(&id));
            let refusal = match is_own {
                true => Refusal::CastByAnother { home_id },
                false => Refusal::NotOnRoll { home_id },
            };
            return Err(self.no_vote(ctx, &tx, &poll, refusal).await);
        };
        // The time is read after the row is held: what was in time then is counted.
        let (vote, told) = poll.cast(&head, voter, choice, VoteId::generate(), self.clock.now())?;
        if !tx.insert_vote(&vote, voter, &ctx.actor.subject).await? {
            // The other one may have been this very request, sent twice at one moment.
            return match tx.replay(ctx, &command).await? {
                Some(first) => Ok(first),
                None => Err(Refusal::AlreadyVoted { home_id }.into()),
            };
        }
        tx.publish(ctx, [&BallotEvent::VoteCast(told)]).await?;
        tx.remember(ctx, &command, vote.id, &vote).await?;
        tx.commit().await?;
        Ok(vote)
    }

    /// Why the caller has no vote for this home: `otherwise` where nothing else stands in the way, saying no more than
    /// the caller may know.
    async fn no_vote(&self, ctx: &CallContext, tx: &Tx, poll: &Poll, otherwise: Refusal) -> AppError {
        match self.check_no_vote(ctx, tx, poll).await {
            Ok(()) => otherwise.into(),
            Err(refused) => refused,
        }
    }

    async fn check_no_vote(&self, ctx: &CallContext, tx: &Tx, poll: &Poll) -> Result<(), AppError> {
        let (owner_id, firm_id) = (ctx.actor.owner_id, ctx.actor.firm_id());
        let sight = tx
            .sight(poll.area_id, Some(poll.ballot_id), owner_id, firm_id)
            .await?;
        let ballot_id = poll.ballot_id;
        let mergers = tx.mergers().await?;
        let known = self.in_present_place(&mergers, resource::ballot(poll, sight));
        resource::require_known(ctx, &self.access, ballot_id, &known)?;
        let voting = self.in_present_place(&mergers, resource::as_if_on_roll(poll, &ctx.actor));
        ctx.permit(&self.access, &voting, || Refusal::BallotNotFound { ballot_id })?;
        Ok(poll.check_open(self.clock.now())?)
    }
}
