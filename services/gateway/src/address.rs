//! Whose request it is, as far as the network tells.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;

/// The client's address; put into every request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// Finds the client's address: the connecting one, or, behind trusted proxies, the last that none of them has.
pub(crate) async fn find(
    State(trusted): State<std::sync::Arc<[IpAddr]>>,
    mut request: Request,
    next: Next,
) -> Response {
    let connected = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip().to_canonical());
    // Without a connection (a test that calls the router) everybody is the same.
    let mut address = connected.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    if trusted.contains(&address) {
        let forwarded = request.headers().get_all("x-forwarded-for");
        let listed = forwarded
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect::<Vec<_>>()
            .join(",");
        for hop in listed.rsplit(',') {
            // Something that is no address ends what can be believed.
            let Ok(hop) = hop.trim().parse::<IpAddr>() else {
                break;
            };
            address = hop.to_canonical();
            if !trusted.contains(&address) {
                break;
            }
        }
    }
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}
