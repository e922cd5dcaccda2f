//! From the transcoder to the services: each gRPC path goes to the service it names.

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::{BodyStream, StreamBody};
use hyper::body::Frame;
use rpc::Peer;
use tonic::body::Body;
use tonic::{Code, Status};
use tower::{BoxError, Service, ServiceExt};

/// How long a service may take to be ready for a call: past it, it is down.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// The ways to all services, as one gRPC service.
#[derive(Clone)]
pub(crate) struct Peers {
    by_service: Arc<HashMap<String, Peer>>,
    timeout: Duration,
}

impl Peers {
    /// Peers by service name; a call may take `timeout`.
    pub(crate) fn new(by_service: HashMap<String, Peer>, timeout: Duration) -> Self {
        Peers {
            by_service: Arc::new(by_service),
            timeout,
        }
    }

    /// The peer of `/heju.funds.v1.FundsService/PayDraw`.
    fn find(&self, path: &str) -> Option<Peer> {
        let service = path.strip_prefix("/heju.")?.split('.').next()?;
        self.by_service.get(service).cloned()
    }
}

impl Service<Request<Body>> for Peers {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    /// Answers at once and lets the body wait for the service.
    ///
    /// The transcoder gives a service five seconds until its headers come, and no setting changes that;
    /// an import takes longer. So the headers are ours, and the time that counts is the configured one.
    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let peer = self.find(request.uri().path());
        let timeout = self.timeout;
        let headers = request.headers_mut();
        telemetry::inject_http(headers);
        if let Ok(value) = HeaderValue::try_from(format!("{}m", timeout.as_millis())) {
            headers.insert("grpc-timeout", value);
        }
        let answer = async move {
            let Some(peer) = peer else {
                return frames(Err(Status::unavailable("no peer for this service is configured")));
            };
            let answered = tokio::time::timeout(timeout, ask(peer, request)).await;
            frames(
                answered
                    .unwrap_or_else(|_| Err(Status::deadline_exceeded("the service did not answer in time"))),
            )
        };
        let body = Body::new(StreamBody::new(stream::once(answer).flatten()));
        let mut response = Response::new(body);
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        ready(Ok(response))
    }
}

async fn ask(mut peer: Peer, request: Request<Body>) -> Result<Response<Body>, Status> {
    let down = |status: Status| {
        tracing::warn!(error = %status, "a service cannot be reached");
        match status.code() {
            // What tonic makes of its own timeout.
            Code::Cancelled | Code::DeadlineExceeded => {
                Status::deadline_exceeded("the service did not answer in time")
            }
            _ => Status::unavailable("the service cannot be reached"),
        }
    };
    let ready = tokio::time::timeout(READY_WITHIN, peer.ready()).await;
    let peer = ready
        .map_err(|_| Status::unavailable("the service is not ready"))?
        .map_err(down)?;
    peer.call(request).await.map_err(down)
}

/// The frames of an answer; one that has only trailers, or that never came, becomes trailers.
fn frames(answer: Result<Response<Body>, Status>) -> BoxStream<'static, Result<Frame<Bytes>, Status>> {
    let trailers = |headers: HeaderMap| stream::iter([Ok(Frame::trailers(headers))]).boxed();
    match answer {
        Ok(response) if response.headers().contains_key("grpc-status") => {
            let mut headers = response.into_parts().0.headers;
            headers.remove(CONTENT_TYPE);
            trailers(headers)
        }
        Ok(response) => BodyStream::new(response.into_body()).boxed(),
        Err(status) => trailers(status.into_http::<Body>().into_parts().0.headers),
    }
}
