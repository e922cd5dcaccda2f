//! Calls whose answer is a file: the pieces that the service streams are the body of the answer.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use http::header::{ALLOW, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use prost_reflect::DynamicMessage;
use proto::catalog::Call;
use proto::common::v1::FileChunk;
use structured_proxy::transcode::request::{self, BodyMapping};
use tonic::client::Grpc;
use tonic::metadata::{AsciiMetadataValue, MetadataMap};
use tonic::{Code, Status, Streaming};
use tonic_prost::ProstCodec;

use super::{FORWARDED, explain};
use crate::peers::Peers;
use crate::problem::Problem;

/// What a file is where its service does not say.
const UNKNOWN_TYPE: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Answers files. Cheap to clone.
#[derive(Clone)]
pub(super) struct Files {
    peers: Peers,
    /// Longest wait for the first piece, and for each that follows.
    patience: Duration,
}

impl Files {
    pub(super) fn new(peers: Peers, patience: Duration) -> Self {
        Files { peers, patience }
    }

    /// Asks for the file of a call and passes it on piece by piece, as fast as the client takes them.
    ///
    /// Until the first piece is here a refusal is a refusal. Later the status is gone already: the connection is cut, so
    /// that half a file never looks like a whole one.
    pub(super) async fn answer(
        &self,
        call: &Call,
        parts: &mut Parts,
        body: &Bytes,
    ) -> Result<Response, Problem> {
        if parts.method == Method::HEAD {
            // The service would make the whole file, and record that it was taken, for nothing.
            let problem = Problem::new(
                Code::InvalidArgument,
                "METHOD_NOT_ALLOWED",
                "This path answers a file and does not take HEAD; the allow header lists what it takes.",
                "该路径返回文件，不支持 HEAD；可用方法见 allow 响应头。",
            );
            let mut response = problem.with_http(StatusCode::METHOD_NOT_ALLOWED).into_response();
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("GET"));
            return Ok(response);
        }
        let message = message(call, parts, body).await?;
        let mut question = tonic::Request::new(message);
        *question.metadata_mut() = metadata(&parts.headers);
        let path = PathAndQuery::try_from(call.grpc_path.as_str());
        let path = path.map_err(|_| Problem::of_grpc(&Status::internal("the path of a call is none")))?;

        let mut client =
            Grpc::new(self.peers.clone()).max_decoding_message_size(rpc::client::MESSAGE_BYTES_MAX);
        let codec = ProstCodec::<DynamicMessage, FileChunk>::default();
        let begin = async {
            client
                .ready()
                .await
                .map_err(|_| Status::unavailable("the service cannot be reached"))?;
            let mut pieces = client.server_streaming(question, path, codec).await?.into_inner();
            let first = pieces.message().await?;
            Ok((first, pieces))
        };
        let begun = tokio::time::timeout(self.patience, begin).await;
        let begun = begun.unwrap_or_else(|_| Err(slow()));
        let (first, pieces) = begun.map_err(|status| Problem::of_grpc(&status))?;
        let first = first.ok_or_else(|| Problem::of_grpc(&Status::internal("a file without a piece")))?;

        let content_type = HeaderValue::try_from(&first.content_type).unwrap_or(UNKNOWN_TYPE);
        let disposition = HeaderValue::try_from(disposition(&first.file_name));
        let mut response = Response::new(self.body(first, pieces));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, content_type);
        if let Ok(disposition) = disposition {
            headers.insert(CONTENT_DISPOSITION, disposition);
        }
        Ok(response)
    }

    fn body(&self, first: FileChunk, pieces: Streaming<FileChunk>) -> Body {
        let patience = self.patience;
        let state = (Some(Bytes::from(first.content)), pieces);
        Body::from_stream(stream::try_unfold(state, move |(first, mut pieces)| async move {
            if let Some(content) = first {
                return Ok(Some((content, (None, pieces))));
            }
            let next = tokio::time::timeout(patience, pieces.message()).await;
            match next.unwrap_or_else(|_| Err(slow())) {
                Ok(Some(piece)) => Ok(Some((Bytes::from(piece.content), (None, pieces)))),
                Ok(None) => Ok(None),
                Err(status) => {
                    tracing::warn!(error = %status, "a file broke off");
                    Err(std::io::Error::other("the file broke off"))
                }
            }
        }))
    }
}

fn slow() -> Status {
    Status::deadline_exceeded("the service did not send the file in time")
}

/// The request of the call, from path, query and body.
async fn message(call: &Call, parts: &mut Parts, body: &Bytes) -> Result<DynamicMessage, Problem> {
    let malformed = |text: &str| explain::explain(call, body, None, text);
    let in_path = RawPathParams::from_request_parts(parts, &()).await;
    let in_path = in_path.map_err(|error| malformed(&error.to_string()))?;
    let in_path: HashMap<String, String> = in_path
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mapping = BodyMapping::parse(call.http.as_ref().map_or("", |rule| &rule.body));
    let query = parts.uri.query();
    request::build_request_message(&call.input, &mapping, request::Body::Json(body), &in_path, query)
        .map_err(|text| explain::explain(call, body, query, &text))
}

/// What goes on to the service. A reason is words, here mostly Chinese ones: its bytes go on as they came.
fn metadata(headers: &HeaderMap) -> MetadataMap {
    let mut metadata = MetadataMap::new();
    let trace = [telemetry::context::TRACEPARENT, telemetry::context::TRACESTATE];
    for name in FORWARDED.into_iter().chain(trace) {
        let value = headers.get(name).map(HeaderValue::as_bytes);
        if let Some(Ok(value)) = value.map(AsciiMetadataValue::try_from) {
            metadata.insert(name, value);
        }
    }
    metadata
}

/// How a browser is told to save the file: its name in ASCII for old programs, and in full (RFC 6266, RFC 8187).
fn disposition(file_name: &str) -> String {
    let name: String = file_name
        .chars()
        .filter(|character| !character.is_control() && !matches!(character, '/' | '\\'))
        .collect();
    if name.is_empty() {
        return "attachment".to_owned();
    }
    let plain: String = name
        .chars()
        .map(|character| if is_plain(character) { character } else { '_' })
        .collect();
    let mut full = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if is_plain(char::from(byte)) {
            full.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _: Result<(), std::fmt::Error> = write!(full, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

/// Characters that need no escape in either form of the name.
fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_in_ascii_and_in_full() {
        assert_eq!(
            disposition("房屋 \"1\".csv"),
            "attachment; filename=\"____1_.csv\"; filename*=UTF-8''%E6%88%BF%E5%B1%8B%20%221%22.csv"
        );
        assert_eq!(
            disposition("homes-1.csv"),
            "attachment; filename=\"homes-1.csv\"; filename*=UTF-8''homes-1.csv"
        );
    }

    #[test]
    fn a_name_breaks_no_header_and_leads_to_no_folder() {
        assert_eq!(
            disposition("../a\r\nset-cookie: b"),
            "attachment; filename=\"..aset-cookie__b\"; filename*=UTF-8''..aset-cookie%3A%20b"
        );
        assert_eq!(disposition(""), "attachment");
    }
}
