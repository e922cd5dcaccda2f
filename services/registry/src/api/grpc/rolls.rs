//! Rolls before and after they are used: what stands in their way, their public masked form, objections.

use ids::{AreaId, OwnerId, RollId};
use proto::registry::v1 as pb;
use proto::registry::v1::roll_service_server::{RollService, RollServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, Page, field};
use tonic::{Request, Response, Status};

use crate::api::convert::rolls::readiness;
use crate::app::App;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> RollServiceServer<RollApi> {
    RollServiceServer::new(RollApi { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct RollApi {
    app: App,
}

#[tonic::async_trait]
impl RollService for RollApi {
    async fn check_readiness(
        &self,
        request: Request<pb::CheckReadinessRequest>,
    ) -> Result<Response<pb::Readiness>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let area_id = request.area_id.trim().to_owned();
        let report = self.app.check_readiness(&ctx, request.try_into()?).await?;
        Ok(Response::new(readiness(area_id, report)))
    }

    async fn publish_roll(
        &self,
        request: Request<pb::PublishRollRequest>,
    ) -> Result<Response<pb::PublishedRoll>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(self.app.publish_roll(&ctx, command).await?.into()))
    }

    async fn withdraw_roll(
        &self,
        request: Request<pb::WithdrawRollRequest>,
    ) -> Result<Response<pb::PublishedRoll>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(self.app.withdraw_roll(&ctx, command).await?.into()))
    }

    async fn list_published_rolls(
        &self,
        request: Request<pb::ListPublishedRollsRequest>,
    ) -> Result<Response<pb::ListPublishedRollsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let area_id: AreaId = field::id("areaId", &request.area_id)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (rolls, next_page_token) = self.app.list_published_rolls(&ctx, area_id, page).await?;
        let rolls = rolls.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListPublishedRollsResponse {
            rolls,
            next_page_token,
        }))
    }

    async fn get_published_roll(
        &self,
        request: Request<pb::GetPublishedRollRequest>,
    ) -> Result<Response<pb::GetPublishedRollResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let roll_id: RollId = field::id("rollId", &request.roll_id)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (roll, lines, next_page_token) = self.app.get_published_roll(&ctx, roll_id, page).await?;
        Ok(Response::new(pb::GetPublishedRollResponse {
            roll: Some(roll.into()),
            lines: lines.into_iter().map(Into::into).collect(),
            next_page_token,
        }))
    }

    async fn find_own_line(
        &self,
        request: Request<pb::FindOwnLineRequest>,
    ) -> Result<Response<pb::FindOwnLineResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let roll_id: RollId = field::id("rollId", &request.roll_id)?;
        let (roll, lines) = self.app.find_own_line(&ctx, roll_id, &request.code).await?;
        Ok(Response::new(pb::FindOwnLineResponse {
            roll: Some(roll.into()),
            lines: lines.into_iter().map(Into::into).collect(),
        }))
    }

    async fn get_roll_code(
        &self,
        request: Request<pb::GetRollCodeRequest>,
    ) -> Result<Response<pb::RollCode>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let roll_id: RollId = field::id("rollId", &request.roll_id)?;
        let owner_id: OwnerId = field::id("ownerId", &request.owner_id)?;
        let code = self.app.get_roll_code(&ctx, roll_id, owner_id).await?;
        Ok(Response::new(pb::RollCode { code: code.printed() }))
    }

    async fn raise_objection(
        &self,
        request: Request<pb::RaiseObjectionRequest>,
    ) -> Result<Response<pb::Objection>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(
            self.app.raise_objection(&ctx, command).await?.into(),
        ))
    }

    async fn answer_objection(
        &self,
        request: Request<pb::AnswerObjectionRequest>,
    ) -> Result<Response<pb::Objection>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(
            self.app.answer_objection(&ctx, command).await?.into(),
        ))
    }

    async fn list_objections(
        &self,
        request: Request<pb::ListObjectionsRequest>,
    ) -> Result<Response<pb::ListObjectionsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let roll_id: RollId = field::id("rollId", &request.roll_id)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (objections, next_page_token) = self.app.list_objections(&ctx, roll_id, page).await?;
        let objections = objections.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListObjectionsResponse {
            objections,
            next_page_token,
        }))
    }
}
