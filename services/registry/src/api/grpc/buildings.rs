//! Buildings' parts, equipment and parking.

use proto::registry::v1 as pb;
use proto::registry::v1::building_service_server::{BuildingService, BuildingServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, Page, field};
use tonic::{Request, Response, Status};

use crate::api::convert::optional_date;
use crate::app::App;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> BuildingServiceServer<Api> {
    BuildingServiceServer::new(Api { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct Api {
    app: App,
}

#[tonic::async_trait]
impl BuildingService for Api {
    async fn correct_exclusive_area(
        &self,
        request: Request<pb::CorrectExclusiveAreaRequest>,
    ) -> Result<Response<pb::HomeFacts>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.correct_exclusive_area(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn sell_homes(
        &self,
        request: Request<pb::SellHomesRequest>,
    ) -> Result<Response<pb::SellHomesResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let homes = self.app.sell_homes(&ctx, request.try_into()?).await?;
        let homes = homes.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::SellHomesResponse { homes }))
    }

    async fn get_home_facts(
        &self,
        request: Request<pb::GetHomeFactsRequest>,
    ) -> Result<Response<pb::HomeFacts>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let home_id = field::id("homeId", &request.home_id)?;
        Ok(Response::new(
            self.app.get_home_facts(&ctx, home_id).await?.into(),
        ))
    }

    async fn record_building_facts(
        &self,
        request: Request<pb::RecordBuildingFactsRequest>,
    ) -> Result<Response<pb::BuildingFacts>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.record_building_facts(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn get_warranties(
        &self,
        request: Request<pb::GetWarrantiesRequest>,
    ) -> Result<Response<pb::Warranties>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let building_id = field::id("buildingId", &request.building_id)?;
        let warranties = self.app.get_warranties(&ctx, building_id).await?;
        Ok(Response::new(warranties.into()))
    }

    async fn register_equipment(
        &self,
        request: Request<pb::RegisterEquipmentRequest>,
    ) -> Result<Response<pb::Equipment>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.register_equipment(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn record_inspection(
        &self,
        request: Request<pb::RecordInspectionRequest>,
    ) -> Result<Response<pb::Equipment>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.record_inspection(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn retire_equipment(
        &self,
        request: Request<pb::RetireEquipmentRequest>,
    ) -> Result<Response<pb::Equipment>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.retire_equipment(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn list_equipment(
        &self,
        request: Request<pb::ListEquipmentRequest>,
    ) -> Result<Response<pb::ListEquipmentResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (found, next_page_token) = self.app.list_equipment(&ctx, request.try_into()?, page).await?;
        let equipment = found.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListEquipmentResponse {
            equipment,
            next_page_token,
        }))
    }

    async fn list_inspections(
        &self,
        request: Request<pb::ListInspectionsRequest>,
    ) -> Result<Response<pb::ListInspectionsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token)?;
        let equipment_id = field::id("equipmentId", &request.equipment_id)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let (found, next_page_token) = self.app.list_inspections(&ctx, equipment_id, as_of, page).await?;
        let inspections = found.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListInspectionsResponse {
            inspections,
            next_page_token,
        }))
    }

    async fn record_parking(
        &self,
        request: Request<pb::RecordParkingRequest>,
    ) -> Result<Response<pb::Parking>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.record_parking(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn list_parking(
        &self,
        request: Request<pb::ListParkingRequest>,
    ) -> Result<Response<pb::ListParkingResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token)?;
        let area_id = field::id("areaId", &request.area_id)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let found = self.app.list_parking(&ctx, area_id, as_of, page).await?;
        Ok(Response::new(found.into()))
    }
}
