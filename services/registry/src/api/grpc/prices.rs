//! Prices of property service.

use proto::registry::v1 as pb;
use proto::registry::v1::price_service_server::{PriceService, PriceServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, Page, field};
use tonic::{Request, Response, Status};

use crate::api::convert::price::{optional_date, price_rules};
use crate::app::App;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> PriceServiceServer<PriceApi> {
    PriceServiceServer::new(PriceApi { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct PriceApi {
    app: App,
}

#[tonic::async_trait]
impl PriceService for PriceApi {
    async fn record_fee_standard(
        &self,
        request: Request<pb::RecordFeeStandardRequest>,
    ) -> Result<Response<pb::FeeStandard>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .record_fee_standard(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn propose_price_adjustment(
        &self,
        request: Request<pb::ProposePriceAdjustmentRequest>,
    ) -> Result<Response<pb::PriceAdjustment>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .propose_price_adjustment(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn publish_price_adjustment(
        &self,
        request: Request<pb::PublishPriceAdjustmentRequest>,
    ) -> Result<Response<pb::PriceAdjustment>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .publish_price_adjustment(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn request_price_ballot(
        &self,
        request: Request<pb::RequestPriceBallotRequest>,
    ) -> Result<Response<pb::PriceAdjustment>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .request_price_ballot(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn decide_price_adjustment(
        &self,
        request: Request<pb::DecidePriceAdjustmentRequest>,
    ) -> Result<Response<pb::PriceAdjustment>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .decide_price_adjustment(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn withdraw_price_adjustment(
        &self,
        request: Request<pb::WithdrawPriceAdjustmentRequest>,
    ) -> Result<Response<pb::PriceAdjustment>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .withdraw_price_adjustment(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn record_satisfaction(
        &self,
        request: Request<pb::RecordSatisfactionRequest>,
    ) -> Result<Response<pb::Satisfaction>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .record_satisfaction(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn get_price_index(
        &self,
        request: Request<pb::GetPriceIndexRequest>,
    ) -> Result<Response<pb::PriceIndex>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .get_price_index(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn list_fee_standards(
        &self,
        request: Request<pb::ListFeeStandardsRequest>,
    ) -> Result<Response<pb::ListFeeStandardsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let query = request.into_inner().try_into()?;
        let (standards, next_page_token) = self.app.list_fee_standards(&ctx, query).await?;
        let standards = standards.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListFeeStandardsResponse {
            standards,
            next_page_token,
        }))
    }

    async fn get_price_rules(
        &self,
        request: Request<pb::GetPriceRulesRequest>,
    ) -> Result<Response<pb::PriceRules>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let on = optional_date("on", &request.into_inner().on)?;
        Ok(Response::new(price_rules(self.app.get_price_rules(&ctx, on)?)))
    }

    async fn get_price_adjustment(
        &self,
        request: Request<pb::GetPriceAdjustmentRequest>,
    ) -> Result<Response<pb::PriceAdjustment>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let id = field::id("adjustmentId", &request.into_inner().adjustment_id)?;
        Ok(Response::new(
            self.app.get_price_adjustment(&ctx, id).await?.into(),
        ))
    }

    async fn list_price_adjustments(
        &self,
        request: Request<pb::ListPriceAdjustmentsRequest>,
    ) -> Result<Response<pb::ListPriceAdjustmentsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let area_id = field::id("areaId", &request.area_id)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (adjustments, next_page_token) = self.app.list_price_adjustments(&ctx, area_id, page).await?;
        let adjustments = adjustments.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListPriceAdjustmentsResponse {
            adjustments,
            next_page_token,
        }))
    }
}
