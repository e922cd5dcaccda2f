//! Divisions: duties, departments, names, mergers and boundaries.

use proto::registry::v1 as pb;
use proto::registry::v1::division_service_server::{DivisionService, DivisionServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, Page, field};
use tonic::{Request, Response, Status};

use super::exports::{Chunks, chunks};
use crate::api::convert::division::{division, optional_date, optional_level, record};
use crate::app::App;
use crate::domain::division::boundary::Place;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> DivisionServiceServer<DivisionApi> {
    DivisionServiceServer::new(DivisionApi { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct DivisionApi {
    app: App,
}

#[tonic::async_trait]
impl DivisionService for DivisionApi {
    type ExportBoundariesStream = Chunks;

    async fn list_duties(
        &self,
        request: Request<pb::ListDutiesRequest>,
    ) -> Result<Response<pb::ListDutiesResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token)?;
        let level = optional_level(request.level());
        let (duties, next_page_token) = self.app.list_duties(&ctx, level, page).await?;
        let duties = duties.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListDutiesResponse {
            duties,
            next_page_token,
        }))
    }

    async fn list_departments(
        &self,
        request: Request<pb::ListDepartmentsRequest>,
    ) -> Result<Response<pb::ListDepartmentsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (departments, next_page_token) = self.app.list_departments(&ctx, page).await?;
        let departments = departments.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListDepartmentsResponse {
            departments,
            next_page_token,
        }))
    }

    async fn rename_division(
        &self,
        request: Request<pb::RenameDivisionRequest>,
    ) -> Result<Response<pb::DivisionRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        let after = self.app.rename_division(&ctx, command).await?;
        Ok(Response::new(record(after, self.app.today())))
    }

    async fn merge_divisions(
        &self,
        request: Request<pb::MergeDivisionsRequest>,
    ) -> Result<Response<pb::DivisionRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        let after = self.app.merge_divisions(&ctx, command).await?;
        Ok(Response::new(record(after, self.app.today())))
    }

    async fn get_division(
        &self,
        request: Request<pb::GetDivisionRequest>,
    ) -> Result<Response<pb::DivisionRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let code = division("code", &request.into_inner().code)?;
        let found = self.app.get_division(&ctx, code).await?;
        Ok(Response::new(record(found, self.app.today())))
    }

    async fn set_division_boundary(
        &self,
        request: Request<pb::SetDivisionBoundaryRequest>,
    ) -> Result<Response<pb::Boundary>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(self.app.set_boundary(&ctx, command).await?.into()))
    }

    async fn get_division_boundary(
        &self,
        request: Request<pb::GetDivisionBoundaryRequest>,
    ) -> Result<Response<pb::Boundary>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let place = Place::Division(division("code", &request.code)?);
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let found = self.app.get_boundary(&ctx, place, as_of).await?;
        Ok(Response::new(found.into()))
    }

    async fn set_area_boundary(
        &self,
        request: Request<pb::SetAreaBoundaryRequest>,
    ) -> Result<Response<pb::Boundary>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(self.app.set_boundary(&ctx, command).await?.into()))
    }

    async fn get_area_boundary(
        &self,
        request: Request<pb::GetAreaBoundaryRequest>,
    ) -> Result<Response<pb::Boundary>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let place = Place::Area(field::id("areaId", &request.area_id)?);
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let found = self.app.get_boundary(&ctx, place, as_of).await?;
        Ok(Response::new(found.into()))
    }

    async fn import_boundaries(
        &self,
        request: Request<pb::ImportBoundariesRequest>,
    ) -> Result<Response<pb::BoundariesReport>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(
            self.app.import_boundaries(&ctx, command).await?.into(),
        ))
    }

    async fn export_boundaries(
        &self,
        request: Request<pb::ExportBoundariesRequest>,
    ) -> Result<Response<Chunks>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let query = request.into_inner().try_into()?;
        Ok(chunks(self.app.export_boundaries(&ctx, query).await?))
    }

    async fn locate_point(
        &self,
        request: Request<pb::LocatePointRequest>,
    ) -> Result<Response<pb::LocatePointResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let found = self
            .app
            .locate_point(&ctx, request.into_inner().try_into()?)
            .await?;
        let divisions = found.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::LocatePointResponse { divisions }))
    }
}
