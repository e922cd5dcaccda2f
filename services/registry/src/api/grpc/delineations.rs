//! Delineations and service rooms.

use proto::registry::v1 as pb;
use proto::registry::v1::delineation_service_server::{DelineationService, DelineationServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, Page, field};
use tonic::{Request, Response, Status};

use crate::api::convert::delineation_answer::optional_state;
use crate::api::convert::optional_date;
use crate::app::App;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> DelineationServiceServer<DelineationApi> {
    DelineationServiceServer::new(DelineationApi { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct DelineationApi {
    app: App,
}

#[tonic::async_trait]
impl DelineationService for DelineationApi {
    async fn consult_on_design(
        &self,
        request: Request<pb::ConsultOnDesignRequest>,
    ) -> Result<Response<pb::Delineation>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(
            self.app.consult_on_design(&ctx, command).await?.into(),
        ))
    }

    async fn answer_design(
        &self,
        request: Request<pb::AnswerDesignRequest>,
    ) -> Result<Response<pb::Delineation>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(self.app.answer_design(&ctx, command).await?.into()))
    }

    async fn apply_for_delineation(
        &self,
        request: Request<pb::ApplyForDelineationRequest>,
    ) -> Result<Response<pb::Delineation>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(
            self.app.apply_for_delineation(&ctx, command).await?.into(),
        ))
    }

    async fn give_delineation_opinion(
        &self,
        request: Request<pb::GiveDelineationOpinionRequest>,
    ) -> Result<Response<pb::Delineation>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(
            self.app.give_delineation_opinion(&ctx, command).await?.into(),
        ))
    }

    async fn decide_delineation(
        &self,
        request: Request<pb::DecideDelineationRequest>,
    ) -> Result<Response<pb::Delineation>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(
            self.app.decide_delineation(&ctx, command).await?.into(),
        ))
    }

    async fn get_delineation(
        &self,
        request: Request<pb::GetDelineationRequest>,
    ) -> Result<Response<pb::Delineation>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let id = field::id("delineationId", &request.into_inner().delineation_id)?;
        Ok(Response::new(self.app.get_delineation(&ctx, id).await?.into()))
    }

    async fn list_delineations(
        &self,
        request: Request<pb::ListDelineationsRequest>,
    ) -> Result<Response<pb::ListDelineationsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let state = optional_state(request.state)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (delineations, next_page_token) = self.app.list_delineations(&ctx, state, page).await?;
        let delineations = delineations.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListDelineationsResponse {
            delineations,
            next_page_token,
        }))
    }

    async fn check_service_rooms(
        &self,
        request: Request<pb::CheckServiceRoomsRequest>,
    ) -> Result<Response<pb::ServiceRooms>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(
            self.app.check_service_rooms(&ctx, command).await?.into(),
        ))
    }

    async fn get_service_rooms(
        &self,
        request: Request<pb::GetServiceRoomsRequest>,
    ) -> Result<Response<pb::ServiceRooms>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let area_id = field::id("areaId", &request.area_id)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let rooms = self.app.get_service_rooms(&ctx, area_id, as_of).await?;
        Ok(Response::new(rooms.into()))
    }
}
