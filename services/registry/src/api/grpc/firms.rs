//! Firms in full, their certificates and people, and what the association keeps of them.

use proto::registry::v1 as pb;
use proto::registry::v1::firm_service_server::{FirmService, FirmServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, Page, field};
use tonic::{Request, Response, Status};

use crate::api::convert::firms::project_manager;
use crate::api::convert::optional_date;
use crate::app::App;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> FirmServiceServer<Api> {
    FirmServiceServer::new(Api { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct Api {
    app: App,
}

#[tonic::async_trait]
impl FirmService for Api {
    async fn get_firm(
        &self,
        request: Request<pb::GetFirmRequest>,
    ) -> Result<Response<pb::FirmRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let firm_id = field::id("firmId", &request.firm_id)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let firm = self.app.get_firm(&ctx, firm_id, as_of).await?;
        Ok(Response::new(firm.into()))
    }

    async fn list_firm_records(
        &self,
        request: Request<pb::ListFirmRecordsRequest>,
    ) -> Result<Response<pb::ListFirmRecordsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let filter = request.try_into()?;
        let (found, next_page_token) = self.app.list_firm_records(&ctx, filter, as_of, page).await?;
        let firms = found.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListFirmRecordsResponse {
            firms,
            next_page_token,
        }))
    }

    async fn file_firm(
        &self,
        request: Request<pb::FileFirmRequest>,
    ) -> Result<Response<pb::FirmRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.file_firm(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn change_firm(
        &self,
        request: Request<pb::ChangeFirmRequest>,
    ) -> Result<Response<pb::FirmRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.change_firm(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn rename_firm(
        &self,
        request: Request<pb::RenameFirmRequest>,
    ) -> Result<Response<pb::FirmRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.rename_firm(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn revoke_firm(
        &self,
        request: Request<pb::RevokeFirmRequest>,
    ) -> Result<Response<pb::FirmRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.revoke_firm(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn join_association(
        &self,
        request: Request<pb::JoinAssociationRequest>,
    ) -> Result<Response<pb::FirmRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.change_membership(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn leave_association(
        &self,
        request: Request<pb::LeaveAssociationRequest>,
    ) -> Result<Response<pb::FirmRecord>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.change_membership(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn record_certificate(
        &self,
        request: Request<pb::RecordCertificateRequest>,
    ) -> Result<Response<pb::Certificate>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.record_certificate(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn renew_certificate(
        &self,
        request: Request<pb::RenewCertificateRequest>,
    ) -> Result<Response<pb::Certificate>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.change_certificate(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn withdraw_certificate(
        &self,
        request: Request<pb::WithdrawCertificateRequest>,
    ) -> Result<Response<pb::Certificate>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.change_certificate(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn list_certificates(
        &self,
        request: Request<pb::ListCertificatesRequest>,
    ) -> Result<Response<pb::ListCertificatesResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token)?;
        let firm_id = field::id("firmId", &request.firm_id)?;
        let ending_by = optional_date("endingByOn", &request.ending_by_on)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let (found, next_page_token) = self
            .app
            .list_certificates(&ctx, firm_id, ending_by, as_of, page)
            .await?;
        let certificates = found.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListCertificatesResponse {
            certificates,
            next_page_token,
        }))
    }

    async fn employ_staff(
        &self,
        request: Request<pb::EmployStaffRequest>,
    ) -> Result<Response<pb::StaffMember>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.employ_staff(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn end_employment(
        &self,
        request: Request<pb::EndEmploymentRequest>,
    ) -> Result<Response<pb::StaffMember>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.end_employment(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn assign_manager(
        &self,
        request: Request<pb::AssignManagerRequest>,
    ) -> Result<Response<pb::StaffMember>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.assign_manager(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn list_staff(
        &self,
        request: Request<pb::ListStaffRequest>,
    ) -> Result<Response<pb::ListStaffResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token)?;
        let filter = request.try_into()?;
        let (found, next_page_token) = self.app.list_staff(&ctx, filter, page).await?;
        let staff = found.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListStaffResponse {
            staff,
            next_page_token,
        }))
    }

    async fn reveal_staff(
        &self,
        request: Request<pb::RevealStaffRequest>,
    ) -> Result<Response<pb::RevealedStaff>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let command = request.into_inner().try_into()?;
        Ok(Response::new(self.app.reveal_staff(&ctx, command).await?.into()))
    }

    async fn list_staff_looks(
        &self,
        request: Request<pb::ListStaffLooksRequest>,
    ) -> Result<Response<pb::ListStaffLooksResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let staff_id = field::id("staffId", &request.staff_id)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (looks, next_page_token) = self.app.list_staff_looks(&ctx, staff_id, page).await?;
        let looks = looks.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListStaffLooksResponse {
            looks,
            next_page_token,
        }))
    }

    async fn list_project_managers(
        &self,
        request: Request<pb::ListProjectManagersRequest>,
    ) -> Result<Response<pb::ListProjectManagersResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token)?;
        let area_id = field::id("areaId", &request.area_id)?;
        let on = optional_date("on", &request.on)?;
        let (found, next_page_token) = self.app.list_project_managers(&ctx, area_id, on, page).await?;
        let project_managers = found.into_iter().map(project_manager).collect();
        Ok(Response::new(pb::ListProjectManagersResponse {
            project_managers,
            next_page_token,
        }))
    }

    async fn record_training(
        &self,
        request: Request<pb::RecordTrainingRequest>,
    ) -> Result<Response<pb::Training>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.record_training(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn list_trainings(
        &self,
        request: Request<pb::ListTrainingsRequest>,
    ) -> Result<Response<pb::ListTrainingsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token)?;
        let firm_id = field::id("firmId", &request.firm_id)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let (found, next_page_token) = self.app.list_trainings(&ctx, firm_id, as_of, page).await?;
        let trainings = found.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListTrainingsResponse {
            trainings,
            next_page_token,
        }))
    }

    async fn record_conduct(
        &self,
        request: Request<pb::RecordConductRequest>,
    ) -> Result<Response<pb::Conduct>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let answer = self.app.record_conduct(&ctx, request.try_into()?).await?;
        Ok(Response::new(answer.into()))
    }

    async fn list_conduct(
        &self,
        request: Request<pb::ListConductRequest>,
    ) -> Result<Response<pb::ListConductResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token)?;
        let firm_id = field::id("firmId", &request.firm_id)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let (found, next_page_token) = self.app.list_conduct(&ctx, firm_id, as_of, page).await?;
        let conduct = found.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListConductResponse {
            conduct,
            next_page_token,
        }))
    }
}
