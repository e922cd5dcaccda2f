//! The registers: divisions, areas, buildings, homes, owners and firms.

use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use proto::registry::v1 as pb;
use proto::registry::v1::registry_service_server::{RegistryService, RegistryServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, Page, field};
use tonic::{Request, Response, Status};

use crate::api::convert::division::optional_date;
use crate::api::convert::{optional_division, optional_firm_kind};
use crate::app::App;
use crate::app::list_firms::ListFirms;

/// Longest text that is searched for.
const QUERY_LENGTH_MAX: usize = 100;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> RegistryServiceServer<RegistryApi> {
    RegistryServiceServer::new(RegistryApi { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct RegistryApi {
    app: App,
}

#[tonic::async_trait]
impl RegistryService for RegistryApi {
    type StreamRollStream = BoxStream<'static, Result<pb::RollEntry, Status>>;

    async fn list_divisions(
        &self,
        request: Request<pb::ListDivisionsRequest>,
    ) -> Result<Response<pb::ListDivisionsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let parent = optional_division("parentCode", &request.parent_code)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (divisions, next_page_token) = self.app.list_divisions(&ctx, parent, as_of, page).await?;
        let divisions = divisions.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListDivisionsResponse {
            divisions,
            next_page_token,
        }))
    }

    async fn list_areas(
        &self,
        request: Request<pb::ListAreasRequest>,
    ) -> Result<Response<pb::ListAreasResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let (areas, next_page_token) = self
            .app
            .list_areas(&ctx, request.into_inner().try_into()?)
            .await?;
        let areas = areas.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListAreasResponse {
            areas,
            next_page_token,
        }))
    }

    async fn get_area(&self, request: Request<pb::GetAreaRequest>) -> Result<Response<pb::Area>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let area_id = field::id("areaId", &request.area_id)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        Ok(Response::new(
            self.app.get_area(&ctx, area_id, as_of).await?.into(),
        ))
    }

    async fn get_set_up(&self, request: Request<pb::GetSetUpRequest>) -> Result<Response<pb::SetUp>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let area_id = field::id("areaId", &request.area_id)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        Ok(Response::new(
            self.app.get_set_up(&ctx, area_id, as_of).await?.into(),
        ))
    }

    async fn list_buildings(
        &self,
        request: Request<pb::ListBuildingsRequest>,
    ) -> Result<Response<pb::ListBuildingsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let area_id = field::id("areaId", &request.area_id)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (buildings, next_page_token) = self.app.list_buildings(&ctx, area_id, as_of, page).await?;
        let buildings = buildings.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListBuildingsResponse {
            buildings,
            next_page_token,
        }))
    }

    async fn list_homes(
        &self,
        request: Request<pb::ListHomesRequest>,
    ) -> Result<Response<pb::ListHomesResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let (homes, next_page_token) = self
            .app
            .list_homes(&ctx, request.into_inner().try_into()?)
            .await?;
        let homes = homes.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListHomesResponse {
            homes,
            next_page_token,
        }))
    }

    async fn get_home(&self, request: Request<pb::GetHomeRequest>) -> Result<Response<pb::Home>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let home_id = field::id("homeId", &request.home_id)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        Ok(Response::new(
            self.app.get_home(&ctx, home_id, as_of).await?.into(),
        ))
    }

    async fn get_owner(&self, request: Request<pb::GetOwnerRequest>) -> Result<Response<pb::Owner>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let owner_id = field::id("ownerId", &request.into_inner().owner_id)?;
        Ok(Response::new(self.app.get_owner(&ctx, owner_id).await?.into()))
    }

    async fn list_firms(
        &self,
        request: Request<pb::ListFirmsRequest>,
    ) -> Result<Response<pb::ListFirmsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let kind = optional_firm_kind(request.kind)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let query = ListFirms {
            kind,
            query: field::optional_text("query", &request.query, QUERY_LENGTH_MAX)?,
            as_of: optional_date("asOfOn", &request.as_of_on)?,
            page,
        };
        let (firms, next_page_token) = self.app.list_firms(&ctx, query).await?;
        let firms = firms.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListFirmsResponse {
            firms,
            next_page_token,
        }))
    }

    async fn transfer_home(
        &self,
        request: Request<pb::TransferHomeRequest>,
    ) -> Result<Response<pb::Home>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let home = self
            .app
            .transfer_home(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(home.into()))
    }

    async fn deliver_homes(
        &self,
        request: Request<pb::DeliverHomesRequest>,
    ) -> Result<Response<pb::DeliverHomesResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let homes = self
            .app
            .deliver_homes(&ctx, request.into_inner().try_into()?)
            .await?;
        let homes = homes.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::DeliverHomesResponse { homes }))
    }

    async fn import_table(
        &self,
        request: Request<pb::ImportTableRequest>,
    ) -> Result<Response<pb::ImportReport>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let report = self
            .app
            .import_table(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(report.into()))
    }

    async fn stream_roll(
        &self,
        request: Request<pb::StreamRollRequest>,
    ) -> Result<Response<Self::StreamRollStream>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let entries = self
            .app
            .stream_roll(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(
            entries.map_ok(Into::into).map_err(Status::from).boxed(),
        ))
    }
}
