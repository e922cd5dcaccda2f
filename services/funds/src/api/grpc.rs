//! The rpcs: decode, call the use case, encode.

use proto::funds::v1 as pb;
use proto::funds::v1::funds_service_server::{FundsService, FundsServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, Page, field};
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use crate::app::{AcceptWork, App, CheckDraw, ImportDeposits, ListDraws, PayDraw, ProposeDraw, WithdrawDraw};

/// The service over its use cases.
pub struct FundsApi {
    app: App,
}

/// The routes, with equal message limits both ways.
pub fn routes(app: App) -> Routes {
    let server = FundsServiceServer::new(FundsApi { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX);
    Routes::new(server)
}

#[tonic::async_trait]
impl FundsService for FundsApi {
    async fn propose_draw(
        &self,
        request: Request<pb::ProposeDrawRequest>,
    ) -> Result<Response<pb::Draw>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = ProposeDraw::try_from(request.into_inner())?;
        let draw = self.app.propose_draw(&ctx, command).await?;
        Ok(Response::new(draw.into()))
    }

    async fn check_draw(&self, request: Request<pb::CheckDrawRequest>) -> Result<Response<pb::Draw>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = CheckDraw::try_from(request.into_inner())?;
        let draw = self.app.check_draw(&ctx, command).await?;
        Ok(Response::new(draw.into()))
    }

    async fn withdraw_draw(
        &self,
        request: Request<pb::WithdrawDrawRequest>,
    ) -> Result<Response<pb::Draw>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = WithdrawDraw::try_from(request.into_inner())?;
        let draw = self.app.withdraw_draw(&ctx, command).await?;
        Ok(Response::new(draw.into()))
    }

    async fn accept_work(
        &self,
        request: Request<pb::AcceptWorkRequest>,
    ) -> Result<Response<pb::Draw>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = AcceptWork::try_from(request.into_inner())?;
        let draw = self.app.accept_work(&ctx, command).await?;
        Ok(Response::new(draw.into()))
    }

    async fn pay_draw(&self, request: Request<pb::PayDrawRequest>) -> Result<Response<pb::Draw>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = PayDraw::try_from(request.into_inner())?;
        let draw = self.app.pay_draw(&ctx, command).await?;
        Ok(Response::new(draw.into()))
    }

    async fn get_draw(&self, request: Request<pb::GetDrawRequest>) -> Result<Response<pb::Draw>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let draw_id = field::id("drawId", &request.get_ref().draw_id)?;
        let draw = self.app.get_draw(&ctx, draw_id).await?;
        Ok(Response::new(draw.into()))
    }

    async fn list_draws(
        &self,
        request: Request<pb::ListDrawsRequest>,
    ) -> Result<Response<pb::ListDrawsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let query = ListDraws::try_from(request.into_inner())?;
        let (draws, next_page_token) = self.app.list_draws(&ctx, query).await?;
        let draws = draws.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListDrawsResponse {
            draws,
            next_page_token,
        }))
    }

    async fn list_shares(
        &self,
        request: Request<pb::ListSharesRequest>,
    ) -> Result<Response<pb::ListSharesResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.get_ref();
        let draw_id = field::id("drawId", &request.draw_id)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (shares, next_page_token) = self.app.list_shares(&ctx, draw_id, page).await?;
        let shares = shares.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListSharesResponse {
            shares,
            next_page_token,
        }))
    }

    async fn get_statement(
        &self,
        request: Request<pb::GetStatementRequest>,
    ) -> Result<Response<pb::Statement>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let home_id = field::id("homeId", &request.get_ref().home_id)?;
        let statement = self.app.get_statement(&ctx, home_id).await?;
        Ok(Response::new(statement.into()))
    }

    async fn import_deposits(
        &self,
        request: Request<pb::ImportDepositsRequest>,
    ) -> Result<Response<pb::DepositReport>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let command = ImportDeposits {
            content: request.content,
            dry_run: request.dry_run,
        };
        let report = self.app.import_deposits(&ctx, command).await?;
        Ok(Response::new(report.into()))
    }

    async fn get_trial_balance(
        &self,
        request: Request<pb::GetTrialBalanceRequest>,
    ) -> Result<Response<pb::TrialBalance>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let area_id = field::id("areaId", &request.get_ref().area_id)?;
        let balance = self.app.get_trial_balance(&ctx, area_id).await?;
        Ok(Response::new(balance.into()))
    }
}
