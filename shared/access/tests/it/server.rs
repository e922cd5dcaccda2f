//! A real HTTP server that plays an issuer and can be told to fail.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use url::Url;

/// What the server answers, and how often it was asked.
#[derive(Default)]
struct Stand {
    jwks: Mutex<Value>,
    issuer: Mutex<String>,
    down: AtomicBool,
    asked: AtomicUsize,
}

/// The running server; it stops when dropped.
pub struct Server {
    pub address: String,
    stand: Arc<Stand>,
    task: JoinHandle<()>,
}

impl Server {
    pub async fn start(jwks: Value) -> Self {
        let stand = Arc::new(Stand {
            jwks: Mutex::new(jwks),
            ..Stand::default()
        });
        let app = Router::new()
            .route("/jwks.json", get(keys))
            .route("/.well-known/openid-configuration", get(discovery))
            .with_state(Arc::clone(&stand));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        *stand.issuer.lock().unwrap() = address.clone();
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, stand, task }
    }

    pub fn jwks_url(&self) -> Url {
        format!("{}/jwks.json", self.address).parse().unwrap()
    }

    pub fn publish(&self, jwks: Value) {
        *self.stand.jwks.lock().unwrap() = jwks;
    }

    pub fn call_itself(&self, issuer: &str) {
        *self.stand.issuer.lock().unwrap() = issuer.to_owned();
    }

    pub fn go_down(&self, down: bool) {
        self.stand.down.store(down, Ordering::SeqCst);
    }

    /// How often the keys were asked for.
    pub fn asked(&self) -> usize {
        self.stand.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keys(State(stand): State<Arc<Stand>>) -> Result<Json<Value>, StatusCode> {
    stand.asked.fetch_add(1, Ordering::SeqCst);
    if stand.down.load(Ordering::SeqCst) {
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    Ok(Json(stand.jwks.lock().unwrap().clone()))
}

async fn discovery(State(stand): State<Arc<Stand>>) -> Json<Value> {
    let issuer = stand.issuer.lock().unwrap().clone();
    let jwks_uri = format!("{issuer}/jwks.json");
    Json(json!({ "issuer": issuer, "jwks_uri": jwks_uri }))
}
