//! Contracts of property service and how areas are managed.

use proto::registry::v1 as pb;
use proto::registry::v1::contract_service_server::{ContractService, ContractServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, field};
use tonic::{Request, Response, Status};

use crate::api::convert::optional_date;
use crate::app::App;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> ContractServiceServer<ContractApi> {
    ContractServiceServer::new(ContractApi { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct ContractApi {
    app: App,
}

#[tonic::async_trait]
impl ContractService for ContractApi {
    async fn record_contract(
        &self,
        request: Request<pb::RecordContractRequest>,
    ) -> Result<Response<pb::Contract>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .record_contract(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn record_early_contract(
        &self,
        request: Request<pb::RecordEarlyContractRequest>,
    ) -> Result<Response<pb::Contract>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .record_early_contract(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn renew_contract(
        &self,
        request: Request<pb::RenewContractRequest>,
    ) -> Result<Response<pb::Contract>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .renew_contract(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn appoint_temporary_firm(
        &self,
        request: Request<pb::AppointTemporaryFirmRequest>,
    ) -> Result<Response<pb::Contract>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .appoint_temporary_firm(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn file_contract(
        &self,
        request: Request<pb::FileContractRequest>,
    ) -> Result<Response<pb::Contract>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .file_contract(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn dismiss_firm(
        &self,
        request: Request<pb::DismissFirmRequest>,
    ) -> Result<Response<pb::Contract>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .dismiss_firm(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn decline_renewal(
        &self,
        request: Request<pb::DeclineRenewalRequest>,
    ) -> Result<Response<pb::Contract>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .decline_renewal(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn end_indefinite(
        &self,
        request: Request<pb::EndIndefiniteRequest>,
    ) -> Result<Response<pb::Contract>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .end_indefinite(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn confirm_hand_back(
        &self,
        request: Request<pb::ConfirmHandBackRequest>,
    ) -> Result<Response<pb::Contract>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .confirm_hand_back(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn record_subcontract(
        &self,
        request: Request<pb::RecordSubcontractRequest>,
    ) -> Result<Response<pb::Contract>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .record_subcontract(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn change_management_mode(
        &self,
        request: Request<pb::ChangeManagementModeRequest>,
    ) -> Result<Response<pb::ManagementMode>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let answer = self
            .app
            .change_management_mode(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(answer.into()))
    }

    async fn get_contract(
        &self,
        request: Request<pb::GetContractRequest>,
    ) -> Result<Response<pb::Contract>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let contract_id = field::id("contractId", &request.contract_id)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let contract = self.app.get_contract(&ctx, contract_id, as_of).await?;
        Ok(Response::new(contract.into()))
    }

    async fn list_contracts(
        &self,
        request: Request<pb::ListContractsRequest>,
    ) -> Result<Response<pb::ListContractsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let (contracts, next_page_token) = self
            .app
            .list_contracts(&ctx, request.into_inner().try_into()?)
            .await?;
        let contracts = contracts.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListContractsResponse {
            contracts,
            next_page_token,
        }))
    }

    async fn get_management_mode(
        &self,
        request: Request<pb::GetManagementModeRequest>,
    ) -> Result<Response<pb::ManagementMode>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let area_id = field::id("areaId", &request.area_id)?;
        let as_of = optional_date("asOfOn", &request.as_of_on)?;
        let mode = self.app.get_management_mode(&ctx, area_id, as_of).await?;
        Ok(Response::new(mode.into()))
    }
}
