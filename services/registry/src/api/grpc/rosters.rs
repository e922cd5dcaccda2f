//! Rosters of mediators and experts.

use proto::registry::v1 as pb;
use proto::registry::v1::roster_service_server::{RosterService, RosterServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, Page, field};
use tonic::{Request, Response, Status};

use crate::app::App;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> RosterServiceServer<Api> {
    RosterServiceServer::new(Api { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct Api {
    app: App,
}

#[tonic::async_trait]
impl RosterService for Api {
    async fn enrol_roster_member(
        &self,
        request: Request<pb::EnrolRosterMemberRequest>,
    ) -> Result<Response<pb::RosterMember>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.enrol_roster_member(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn change_roster_member(
        &self,
        request: Request<pb::ChangeRosterMemberRequest>,
    ) -> Result<Response<pb::RosterMember>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.change_roster_member(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn suspend_roster_member(
        &self,
        request: Request<pb::SuspendRosterMemberRequest>,
    ) -> Result<Response<pb::RosterMember>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.change_standing(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn reinstate_roster_member(
        &self,
        request: Request<pb::ReinstateRosterMemberRequest>,
    ) -> Result<Response<pb::RosterMember>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.change_standing(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn remove_roster_member(
        &self,
        request: Request<pb::RemoveRosterMemberRequest>,
    ) -> Result<Response<pb::RosterMember>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.change_standing(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn get_roster_member(
        &self,
        request: Request<pb::GetRosterMemberRequest>,
    ) -> Result<Response<pb::RosterMember>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let id = field::id("rosterMemberId", &request.roster_member_id)?;
        Ok(Response::new(self.app.get_roster_member(&ctx, id).await?.into()))
    }

    async fn list_roster(
        &self,
        request: Request<pb::ListRosterRequest>,
    ) -> Result<Response<pb::ListRosterResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token)?;
        let filter = request.try_into()?;
        let (found, next_page_token) = self.app.list_roster(&ctx, filter, page).await?;
        let members = found.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListRosterResponse {
            members,
            next_page_token,
        }))
    }
}
