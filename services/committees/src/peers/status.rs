//! A peer whose error has a type of its own.
//!
//! A peer's error is boxed, and with it the compiler cannot show that a call is `Send` within a handler
//! (rust-lang/rust#100013); a status can, and is what the error becomes anyway.

use std::task::{Context, Poll};

use futures::future::BoxFuture;
use http::{Request, Response};
use rpc::Peer;
use tonic::Status;
use tonic::body::Body;
use tower::Service;

/// A peer that answers with statuses. Cheap to clone.
#[derive(Clone)]
pub(super) struct StatusPeer(Peer);

impl StatusPeer {
    /// By this peer.
    pub(super) fn new(peer: Peer) -> Self {
        StatusPeer(peer)
    }
}

impl Service<Request<Body>> for StatusPeer {
    type Response = Response<Body>;
    type Error = Status;
    type Future = BoxFuture<'static, Result<Response<Body>, Status>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Status>> {
        self.0.poll_ready(context).map_err(Status::from_error)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let answer = self.0.call(request);
        Box::pin(async move { answer.await.map_err(Status::from_error) })
    }
}
