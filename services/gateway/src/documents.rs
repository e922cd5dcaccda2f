//! What is served as it is: the contracts, the API page, health, the public keys.

use std::sync::Arc;

use access::token::Issuer;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST};
use http::{HeaderMap, StatusCode};
use lifecycle::Readiness;
use serde_json::json;

use crate::security::CSP_OF_PAGES;

/// The files of the API page: path, media type, text.
const FILES: &[(&str, &str, &str)] = &[
    (
        "/docs",
        "text/html; charset=utf-8",
        include_str!("../static/index.html"),
    ),
    (
        "/docs/style.css",
        "text/css; charset=utf-8",
        include_str!("../static/style.css"),
    ),
    (
        "/docs/main.js",
        "text/javascript; charset=utf-8",
        include_str!("../static/main.js"),
    ),
    (
        "/docs/dom.js",
        "text/javascript; charset=utf-8",
        include_str!("../static/dom.js"),
    ),
    (
        "/docs/schema.js",
        "text/javascript; charset=utf-8",
        include_str!("../static/schema.js"),
    ),
    (
        "/docs/operation.js",
        "text/javascript; charset=utf-8",
        include_str!("../static/operation.js"),
    ),
    (
        "/docs/events.js",
        "text/javascript; charset=utf-8",
        include_str!("../static/events.js"),
    ),
    (
        "/docs/session.js",
        "text/javascript; charset=utf-8",
        include_str!("../static/session.js"),
    ),
];

/// How long browsers may keep what changes only with the program, in seconds; short, so that an update is seen.
const KEPT: &str = "public, max-age=60";

/// Contracts and API page.
pub(crate) fn pages() -> Router {
    let mut router = Router::new().route("/", get(async || Redirect::temporary("/docs")));
    for (path, media, text) in FILES {
        router = router.route(path, get(async move || file(media, text)));
    }
    let contract = |text: fn() -> &'static str| get(async move || file("application/json", text()));
    router
        .route("/openapi.json", contract(proto::openapi::document))
        .route("/asyncapi.json", contract(proto::asyncapi::document))
}

fn file(media: &'static str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, media),
        (CONTENT_SECURITY_POLICY, CSP_OF_PAGES),
        (CACHE_CONTROL, KEPT),
    ];
    (headers, text).into_response()
}

/// Liveness, which depends on nothing, and readiness.
pub(crate) fn health(readiness: Readiness) -> Router {
    let ready = async move |State(readiness): State<Readiness>| {
        let missing = readiness.missing();
        let ready = readiness.is_ready();
        let status = if ready {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        // Not a refusal: a probe reads the status, a person what is missing.
        let mut response = (status, Json(json!({ "ready": ready, "missing": missing }))).into_response();
        response.extensions_mut().insert(crate::problem::AsItIs);
        response
    };
    Router::new()
        .route("/healthz/live", get(async || Json(json!({ "live": true }))))
        .route("/healthz/ready", get(ready))
        .with_state(readiness)
}

/// Public keys and discovery document of the built-in issuer; without it there are no such paths.
pub(crate) fn well_known(issuer: Option<Arc<Issuer>>, public_url: String) -> Router {
    let Some(issuer) = issuer else {
        return Router::new();
    };
    let keys = issuer.jwks();
    let jwks = async move || ([(CACHE_CONTROL, "public, max-age=300")], Json(keys));
    let discovery = async move |headers: HeaderMap| {
        let base = if public_url.is_empty() {
            seen_as(&headers)
        } else {
            public_url.trim_end_matches('/').to_owned()
        };
        Json(json!({
            "issuer": issuer.name(),
            "jwks_uri": format!("{base}/.well-known/jwks.json"),
            "id_token_signing_alg_values_supported": ["EdDSA"],
            "subject_types_supported": ["public"],
        }))
    };
    Router::new()
        .route("/.well-known/jwks.json", get(jwks))
        .route("/.well-known/openid-configuration", get(discovery))
}

/// The address under which the client found us.
fn seen_as(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.filter(|host| host.parse::<http::uri::Authority>().is_ok());
    format!("http://{}", host.unwrap_or("localhost"))
}
