//! The edge: messages of the contract to commands and back. Nothing below it sees a message.

mod convert;
mod events;
mod grpc;
mod reactions;

use outbox::Deadlines;
use proto::committees::v1::committees_service_server::CommitteesServiceServer;
use rpc::client::MESSAGE_BYTES_MAX;
use tonic::service::Routes;

use crate::app::{App, CLOSE_BALLOT};

pub use reactions::reactions;

/// The service's rpcs.
pub fn routes(app: App) -> Routes {
    let server = CommitteesServiceServer::new(grpc::CommitteesApi::new(app))
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX);
    Routes::new(server)
}

/// The use cases that the service's deadlines lead to.
pub fn deadlines(app: App) -> Deadlines {
    Deadlines::new().on(CLOSE_BALLOT, move |ctx, ballot_id| {
        let app = app.clone();
        async move {
            app.close_ballot(&ctx, rpc::field::id("ballotId", &ballot_id)?)
                .await
        }
    })
}
