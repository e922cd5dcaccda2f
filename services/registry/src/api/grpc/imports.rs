//! Loading whole files.

use proto::registry::v1 as pb;
use proto::registry::v1::import_service_server::{ImportService, ImportServiceServer};
use rpc::client::MESSAGE_BYTES_MAX;
use rpc::{CallContext, Page, field};
use tonic::{Request, Response, Status};

use super::exports::{Chunks, chunks};
use crate::app::App;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> ImportServiceServer<ImportApi> {
    ImportServiceServer::new(ImportApi { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct ImportApi {
    app: App,
}

#[tonic::async_trait]
impl ImportService for ImportApi {
    type DownloadImportReportStream = Chunks;

    async fn begin_import(
        &self,
        request: Request<pb::BeginImportRequest>,
    ) -> Result<Response<pb::Import>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let import = self
            .app
            .begin_import(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(import.into()))
    }

    async fn upload_part(
        &self,
        request: Request<pb::UploadPartRequest>,
    ) -> Result<Response<pb::Import>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let import = self
            .app
            .upload_part(&ctx, request.into_inner().try_into()?)
            .await?;
        Ok(Response::new(import.into()))
    }

    async fn cancel_import(
        &self,
        request: Request<pb::CancelImportRequest>,
    ) -> Result<Response<pb::Import>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let import_id = field::id("importId", &request.into_inner().import_id)?;
        Ok(Response::new(
            self.app.cancel_import(&ctx, import_id).await?.into(),
        ))
    }

    async fn get_import(
        &self,
        request: Request<pb::GetImportRequest>,
    ) -> Result<Response<pb::Import>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let import_id = field::id("importId", &request.into_inner().import_id)?;
        Ok(Response::new(self.app.get_import(&ctx, import_id).await?.into()))
    }

    async fn list_imports(
        &self,
        request: Request<pb::ListImportsRequest>,
    ) -> Result<Response<pb::ListImportsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (imports, next_page_token) = self.app.list_imports(&ctx, page).await?;
        let imports = imports.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListImportsResponse {
            imports,
            next_page_token,
        }))
    }

    async fn list_import_errors(
        &self,
        request: Request<pb::ListImportErrorsRequest>,
    ) -> Result<Response<pb::ListImportErrorsResponse>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let request = request.into_inner();
        let import_id = field::id("importId", &request.import_id)?;
        let page = Page::parse(request.page_size, &request.page_token)?;
        let (errors, next_page_token) = self.app.list_import_errors(&ctx, import_id, page).await?;
        let errors = errors.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListImportErrorsResponse {
            errors,
            next_page_token,
        }))
    }

    async fn download_import_report(
        &self,
        request: Request<pb::DownloadImportReportRequest>,
    ) -> Result<Response<Chunks>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let query = request.into_inner().try_into()?;
        Ok(chunks(self.app.download_import_report(&ctx, query).await?))
    }
}
