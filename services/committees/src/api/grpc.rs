//! The rpcs: decode, use case, encode.

use proto::committees::v1 as pb;
use proto::committees::v1::committees_service_server::CommitteesService;
use rpc::{CallContext, field};
use tonic::{Request, Response, Status};

use super::convert::own_vote;
use crate::app::{AnnounceBallot, App, CastVote, ListBallots, PrepareBallot, WithdrawBallot};

/// The service on the wire.
pub struct CommitteesApi {
    app: App,
}

impl CommitteesApi {
    /// Over these use cases.
    pub fn new(app: App) -> Self {
        CommitteesApi { app }
    }
}

#[tonic::async_trait]
impl CommitteesService for CommitteesApi {
    async fn prepare_ballot(
        &self,
        request: Request<pb::PrepareBallotRequest>,
    ) -> Result<Response<pb::Ballot>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = PrepareBallot::try_from(request.into_inner())?;
        let ballot = self.app.prepare_ballot(&ctx, command).await?;
        Ok(Response::new(pb::Ballot::from(&ballot)))
    }

    async fn announce_ballot(
        &self,
        request: Request<pb::AnnounceBallotRequest>,
    ) -> Result<Response<pb::Ballot>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = AnnounceBallot::try_from(request.into_inner())?;
        let ballot = self.app.announce_ballot(&ctx, command).await?;
        Ok(Response::new(pb::Ballot::from(&ballot)))
    }

    async fn cast_vote(&self, request: Request<pb::CastVoteRequest>) -> Result<Response<pb::Vote>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = CastVote::try_from(request.into_inner())?;
        let vote = self.app.cast_vote(&ctx, command).await?;
        Ok(Response::new(vote.into()))
    }

    async fn withdraw_ballot(
        &self,
        request: Request<pb::WithdrawBallotRequest>,
    ) -> Result<Response<pb::Ballot>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = WithdrawBallot::try_from(request.into_inner())?;
        let ballot = self.app.withdraw_ballot(&ctx, command).await?;
        Ok(Response::new(pb::Ballot::from(&ballot)))
    }

    async fn get_ballot(
        &self,
        request: Request<pb::GetBallotRequest>,
    ) -> Result<Response<pb::Ballot>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let ballot_id = field::id("ballotId", &request.get_ref().ballot_id)?;
        let view = self.app.get_ballot(&ctx, ballot_id).await?;
        Ok(Response::new(view.into()))
    }

    async fn list_ballots(
        &self,
        request: Request<pb::ListBallotsRequest>,
    ) -> Result<Response<pb::ListBallotsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let query = ListBallots::try_from(request.into_inner())?;
        let (views, next_page_token) = self.app.list_ballots(&ctx, query).await?;
        let ballots = views.into_iter().map(pb::Ballot::from).collect();
        Ok(Response::new(pb::ListBallotsResponse {
            ballots,
            next_page_token,
        }))
    }

    async fn list_own_votes(
        &self,
        request: Request<pb::ListOwnVotesRequest>,
    ) -> Result<Response<pb::ListOwnVotesResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let ballot_id = field::id("ballotId", &request.get_ref().ballot_id)?;
        let votes = self.app.list_own_votes(&ctx, ballot_id).await?;
        let votes = votes.into_iter().map(|own| own_vote(ballot_id, own)).collect();
        Ok(Response::new(pb::ListOwnVotesResponse { votes }))
    }
}
