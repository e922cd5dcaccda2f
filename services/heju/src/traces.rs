//! A trace viewer for development: receives OTLP and answers over HTTP.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use clap::Args;

/// Where to listen.
#[derive(Args)]
pub struct Options {
    /// Where traces are received (OTLP over gRPC).
    #[arg(long, env = "HEJU_TRACES_OTLP", default_value = "127.0.0.1:4317")]
    otlp: SocketAddr,
    /// Where they are shown: /traces, /traces/{id}.
    #[arg(long, env = "HEJU_TRACES_HTTP", default_value = "127.0.0.1:4380")]
    http: SocketAddr,
}

/// Receives and shows until a signal.
pub async fn run(options: &Options) -> Result<()> {
    let receiver = spans::Receiver::start(options.otlp)
        .await
        .with_context(|| format!("listening on {}", options.otlp))?;
    let listener = tokio::net::TcpListener::bind(options.http)
        .await
        .with_context(|| format!("listening on {}", options.http))?;
    println!(
        "receiving on {}, showing on http://{}/traces",
        options.otlp, options.http
    );
    let shutdown = lifecycle::Shutdown::on_signals()?;
    axum::serve(listener, spans::http::router(receiver))
        .with_graceful_shutdown(async move { shutdown.requested().await })
        .await?;
    Ok(())
}
