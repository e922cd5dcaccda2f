//! The records of owners, who looked at them, who acts for them, and how homes are held.

use ids::{AreaId, HomeId, OwnerId};
use proto::registry::v1 as pb;
use proto::registry::v1::owner_service_server::{OwnerService, OwnerServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, Page, field};
use tonic::{Request, Response, Status};

use crate::api::convert::optional_date;
use crate::api::convert::owners::unverified;
use crate::app::App;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> OwnerServiceServer<OwnerApi> {
    OwnerServiceServer::new(OwnerApi { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct OwnerApi {
    app: App,
}

#[tonic::async_trait]
impl OwnerService for OwnerApi {
    async fn reveal_owner(
        &self,
        request: Request<pb::RevealOwnerRequest>,
    ) -> Result<Response<pb::RevealedOwner>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(self.app.reveal_owner(&ctx, command).await?.into()))
    }

    async fn list_looks(
        &self,
        request: Request<pb::ListLooksRequest>,
    ) -> Result<Response<pb::ListLooksResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let owner_id: OwnerId = field::id("ownerId", &request.owner_id)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (looks, next_page_token) = self.app.list_looks(&ctx, owner_id, page).await?;
        let looks = looks.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListLooksResponse {
            looks,
            next_page_token,
        }))
    }

    async fn find_owner(
        &self,
        request: Request<pb::FindOwnerRequest>,
    ) -> Result<Response<pb::FindOwnerResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let owner = self
            .app
            .find_owner(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(pb::FindOwnerResponse {
            owner: owner.map(Into::into),
        }))
    }

    async fn get_owner_record(
        &self,
        request: Request<pb::GetOwnerRecordRequest>,
    ) -> Result<Response<pb::OwnerRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let owner_id: OwnerId = field::id("ownerId", &request.into_inner().owner_id)?;
        let record = self.app.get_owner_record(&ctx, owner_id).await?;
        Ok(Response::new(record.into()))
    }

    async fn set_mobile(
        &self,
        request: Request<pb::SetMobileRequest>,
    ) -> Result<Response<pb::OwnerRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(self.app.set_mobile(&ctx, command).await?.into()))
    }

    async fn verify_owner(
        &self,
        request: Request<pb::VerifyOwnerRequest>,
    ) -> Result<Response<pb::OwnerRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(self.app.verify_owner(&ctx, command).await?.into()))
    }

    async fn list_unverified_owners(
        &self,
        request: Request<pb::ListUnverifiedOwnersRequest>,
    ) -> Result<Response<pb::ListUnverifiedOwnersResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let area_id: AreaId = field::id("areaId", &request.area_id)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (owners, next_page_token) = self.app.list_unverified_owners(&ctx, area_id, page).await?;
        let owners = owners.into_iter().map(unverified).collect();
        Ok(Response::new(pb::ListUnverifiedOwnersResponse {
            owners,
            next_page_token,
        }))
    }

    async fn name_agent(
        &self,
        request: Request<pb::NameAgentRequest>,
    ) -> Result<Response<pb::OwnerRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(self.app.name_agent(&ctx, command).await?.into()))
    }

    async fn end_agent(
        &self,
        request: Request<pb::EndAgentRequest>,
    ) -> Result<Response<pb::OwnerRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(self.app.end_agent(&ctx, command).await?.into()))
    }

    async fn get_holding(
        &self,
        request: Request<pb::GetHoldingRequest>,
    ) -> Result<Response<pb::Holding>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let home_id: HomeId = field::id("homeId", &request.home_id)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let held = self.app.get_holding(&ctx, home_id, as_of).await?;
        Ok(Response::new(held.into()))
    }

    async fn set_shares(
        &self,
        request: Request<pb::SetSharesRequest>,
    ) -> Result<Response<pb::Holding>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(self.app.set_shares(&ctx, command).await?.into()))
    }

    async fn record_title(
        &self,
        request: Request<pb::RecordTitleRequest>,
    ) -> Result<Response<pb::Holding>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(self.app.record_title(&ctx, command).await?.into()))
    }

    async fn choose_representative(
        &self,
        request: Request<pb::ChooseRepresentativeRequest>,
    ) -> Result<Response<pb::Representation>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        let chosen = self.app.choose_representative(&ctx, command).await?;
        Ok(Response::new(chosen.into()))
    }
}
