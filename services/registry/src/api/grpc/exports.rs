//! Files of the registers.

use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use proto::common::v1::FileChunk;
use proto::registry::v1 as pb;
use proto::registry::v1::export_service_server::{ExportService, ExportServiceServer};
use rpc::CallContext;
use rpc::client::MESSAGE_BYTES_MAX;
use tonic::{Request, Response, Status};

use crate::app::App;
use crate::app::exports::FileStream;

/// The service, with the platform's message limits.
pub(super) fn server(app: App) -> ExportServiceServer<ExportApi> {
    ExportServiceServer::new(ExportApi { app })
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX)
}

pub(super) struct ExportApi {
    app: App,
}

pub(super) type Chunks = BoxStream<'static, Result<FileChunk, Status>>;

/// The pieces of a file as messages.
pub(super) fn chunks(pieces: FileStream) -> Response<Chunks> {
    Response::new(pieces.map_ok(Into::into).map_err(Status::from).boxed())
}

#[tonic::async_trait]
impl ExportService for ExportApi {
    type ExportTableStream = Chunks;
    type ExportAreaStream = Chunks;
    type GetTemplateStream = Chunks;

    async fn export_table(
        &self,
        request: Request<pb::ExportTableRequest>,
    ) -> Result<Response<Chunks>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let query = request.into_inner().try_into()?;
        Ok(chunks(self.app.export_table(&ctx, query).await?))
    }

    async fn export_area(&self, request: Request<pb::ExportAreaRequest>) -> Result<Response<Chunks>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let query = request.into_inner().try_into()?;
        Ok(chunks(self.app.export_area(&ctx, query).await?))
    }

    async fn get_template(
        &self,
        request: Request<pb::GetTemplateRequest>,
    ) -> Result<Response<Chunks>, Status> {
        let ctx = CallContext::from_request(&request)?;
        let query = request.into_inner().try_into()?;
        Ok(chunks(self.app.get_template(&ctx, query).await?))
    }
}
