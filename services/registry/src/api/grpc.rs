//! The rpcs: read the request, run the use case, write the answer. One file for each gRPC service of the contract.

use tonic::service::Routes;

use crate::app::App;

mod buildings;
mod contracts;
mod delineations;
mod divisions;
mod exports;
mod firms;
mod imports;
mod owners;
mod prices;
mod registers;
mod regroupings;
mod rolls;
mod rosters;
mod search;

/// The rpcs of the registry.
pub fn routes(app: App) -> Routes {
    Routes::new(registers::server(app.clone()))
        .add_service(firms::server(app.clone()))
        .add_service(rosters::server(app.clone()))
        .add_service(buildings::server(app.clone()))
        .add_service(imports::server(app.clone()))
        .add_service(contracts::server(app.clone()))
        .add_service(owners::server(app.clone()))
        .add_service(rolls::server(app.clone()))
        .add_service(divisions::server(app.clone()))
        .add_service(delineations::server(app.clone()))
        .add_service(exports::server(app.clone()))
        .add_service(prices::server(app.clone()))
        .add_service(regroupings::server(app.clone()))
        .add_service(search::server(app))
}
