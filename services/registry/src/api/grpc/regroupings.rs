//! Regroupings of areas.

use proto::registry::v1 as pb;
use proto::registry::v1::regrouping_service_server::{RegroupingService, RegroupingServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, Page, field};
use tonic::{Request, Response, Status};

use crate::api::convert::regrouping::optional_state;
use crate::app::App;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> RegroupingServiceServer<RegroupingApi> {
    RegroupingServiceServer::new(RegroupingApi { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct RegroupingApi {
    app: App,
}

#[tonic::async_trait]
impl RegroupingService for RegroupingApi {
    async fn propose_regrouping(
        &self,
        request: Request<pb::ProposeRegroupingRequest>,
    ) -> Result<Response<pb::Regrouping>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(
            self.app.propose_regrouping(&ctx, command).await?.into(),
        ))
    }

    async fn record_regrouping_consent(
        &self,
        request: Request<pb::RecordRegroupingConsentRequest>,
    ) -> Result<Response<pb::Regrouping>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(
            self.app.record_regrouping_consent(&ctx, command).await?.into(),
        ))
    }

    async fn give_regrouping_opinion(
        &self,
        request: Request<pb::GiveRegroupingOpinionRequest>,
    ) -> Result<Response<pb::Regrouping>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(
            self.app.give_regrouping_opinion(&ctx, command).await?.into(),
        ))
    }

    async fn decide_regrouping(
        &self,
        request: Request<pb::DecideRegroupingRequest>,
    ) -> Result<Response<pb::Regrouping>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(
            self.app.decide_regrouping(&ctx, command).await?.into(),
        ))
    }

    async fn withdraw_regrouping(
        &self,
        request: Request<pb::WithdrawRegroupingRequest>,
    ) -> Result<Response<pb::Regrouping>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(
            self.app.withdraw_regrouping(&ctx, command).await?.into(),
        ))
    }

    async fn get_regrouping(
        &self,
        request: Request<pb::GetRegroupingRequest>,
    ) -> Result<Response<pb::Regrouping>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let id = field::id("regroupingId", &request.into_inner().regrouping_id)?;
        Ok(Response::new(self.app.get_regrouping(&ctx, id).await?.into()))
    }

    async fn list_regroupings(
        &self,
        request: Request<pb::ListRegroupingsRequest>,
    ) -> Result<Response<pb::ListRegroupingsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let state = optional_state(request.state)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (regroupings, next_page_token) = self.app.list_regroupings(&ctx, state, page).await?;
        let regroupings = regroupings.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListRegroupingsResponse {
            regroupings,
            next_page_token,
        }))
    }
}
