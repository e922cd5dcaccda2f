//! The traces as JSON over HTTP, for the demonstration and for a person looking.

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use crate::Receiver;

/// `GET /traces`: the traces kept, latest first, as a list of [`crate::TraceSummary`].
/// `GET /traces/{trace_id}`: the spans of one trace by their start, as a list of [`crate::Span`];
/// 404 when it is not known, 400 when the id is not 32 hex digits.
pub fn router(receiver: Receiver) -> Router {
    Router::new()
        .route("/traces", get(recent))
        .route("/traces/{trace_id}", get(one))
        .with_state(receiver)
}

async fn recent(State(receiver): State<Receiver>) -> Response {
    Json(receiver.look(|seen| seen.summaries())).into_response()
}

async fn one(State(receiver): State<Receiver>, Path(trace_id): Path<String>) -> Response {
    let trace_id = trace_id.to_ascii_lowercase();
    if trace_id.len() != 32 || !trace_id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return refused(StatusCode::BAD_REQUEST, "a trace id is 32 hex digits");
    }
    let spans = receiver.trace(&trace_id);
    if spans.is_empty() {
        return refused(StatusCode::NOT_FOUND, "no span of this trace is kept");
    }
    Json(spans).into_response()
}

fn refused(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "message": message }))).into_response()
}
