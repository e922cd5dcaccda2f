//! The rpcs: read the request, run the use case, write the answer. One file for each gRPC service of the contract.

use tonic::service::Routes;

use crate::app::App;

mod exports;
mod imports;
mod registers;

/// The rpcs of the registry.
pub fn routes(app: App) -> Routes {
    Routes::new(registers::server(app.clone()))
        .add_service(imports::server(app.clone()))
        .add_service(exports::server(app))
}
