//! Areas and ballots as the policies see them.

use access::{Access, Principal, Resource, ResourceKind};
use ids::{AreaId, BallotId};
use rpc::CallContext;

use crate::domain::{Head, Poll, Refusal};
use crate::error::AppError;
use crate::store::{AreaRecord, Sight};

/// An area, for a caller who stands to it like this.
pub(super) fn area(record: &AreaRecord, sight: Sight) -> Resource {
    Resource::area(record.area_id, record.division)
        .with_manager(sight.manager)
        .with_developer(sight.developer)
        .with_owners(sight.owner)
}

/// An area that nobody told of, so that nobody may act on it.
pub(super) fn unknown_area(area_id: AreaId) -> Resource {
    Resource::new(ResourceKind::Area, area_id)
}

/// A ballot, for a caller who stands to it like this.
pub(super) fn ballot(poll: &Poll, sight: Sight) -> Resource {
    bare(poll)
        .with_manager(sight.manager)
        .with_developer(sight.developer)
        .with_owners(sight.owner)
}

/// A ballot as the place where this one head votes: its `owners` are those who may cast the vote.
pub(super) fn vote_of(poll: &Poll, head: &Head) -> Resource {
    bare(poll)
        .with_developer(head.developer_id)
        .with_owners(head.voters.iter().map(|voter| voter.id))
}

/// A ballot as it would be if the caller had a head on its roll: tells a voter with the wrong home from somebody who
/// could never vote.
pub(super) fn as_if_on_roll(poll: &Poll, actor: &Principal) -> Resource {
    bare(poll)
        .with_developer(actor.firm_id())
        .with_owners(actor.owner_id)
}

/// Refuses with `BALLOT_NOT_FOUND` unless the caller may know of the ballot, which the policies see like this.
pub(super) fn require_known(
    ctx: &CallContext,
    access: &Access,
    ballot_id: BallotId,
    ballot: &Resource,
) -> Result<(), AppError> {
    if ctx.actor.is_service() {
        return Ok(());
    }
    access
        .require_known(&ctx.actor, ballot)
        .map_err(|_| Refusal::BallotNotFound { ballot_id }.into())
}

fn bare(poll: &Poll) -> Resource {
    Resource::new(ResourceKind::Ballot, poll.ballot_id)
        .with_area(poll.area_id)
        .with_division(poll.division)
}
