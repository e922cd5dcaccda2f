//! Loading a city through the public API, table by table, in the order of its manifest.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use seeds::{FileEntry, Manifest, Table};
use serde_json::{Value, json};

/// Longest wait for the funds' replica of the registry.
const REPLICA_WITHIN: Duration = Duration::from_secs(300);
/// Pause before a table is offered again.
const PAUSE: Duration = Duration::from_millis(300);

/// What to load, and where.
#[derive(Args)]
pub struct Options {
    /// Folder of the generated city.
    #[arg(long)]
    folder: PathBuf,
    /// The gateway, `http://127.0.0.1:8080`.
    #[arg(long)]
    gateway: String,
    /// Account that may import.
    #[arg(long, default_value = "authority")]
    account: String,
    /// Its password.
    #[arg(long, env = "HEJU_PASSWORD", default_value = seeds::DEMO_PASSWORD)]
    password: String,
}

struct Loader {
    client: reqwest::Client,
    gateway: String,
    token: String,
}

/// Loads every table; a table that stands already changes nothing.
pub async fn run(options: &Options) -> Result<()> {
    access::token::install_cryptography();
    let manifest = Manifest::read(&options.folder).with_context(|| {
        format!(
            "{} holds no generated city; run `heju city generate` first",
            options.folder.display()
        )
    })?;
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(60))
        .build()?;
    let mut loader = Loader {
        client,
        gateway: options.gateway.trim_end_matches('/').to_owned(),
        token: String::new(),
    };
    let session = json!({ "account": options.account, "password": options.password });
    let answer = loader.post("/v1/sessions", "", &session).await?;
    loader.token = answer["token"]
        .as_str()
        .context("the gateway answered without a token")?
        .to_owned();
    let started = Instant::now();
    let total = manifest.files.len();
    for (index, file) in manifest.files.iter().enumerate() {
        print!("\r  loading {}/{total} {:<24}", index + 1, file.name);
        // Progress that cannot be shown is no reason to stop.
        let _ = std::io::stdout().flush();
        loader.load(&options.folder.join(&file.name), file).await?;
    }
    println!(
        "\r  {} homes, {} owners, {} deposits loaded in {:.1} s",
        manifest.counts.homes,
        manifest.counts.owners,
        manifest.counts.deposits,
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

impl Loader {
    async fn load(&self, path: &std::path::Path, file: &FileEntry) -> Result<()> {
        let kind = match file.table {
            Table::Firms => "TABLE_KIND_FIRMS",
            Table::Areas => "TABLE_KIND_AREAS",
            Table::Buildings => "TABLE_KIND_BUILDINGS",
            Table::Homes => "TABLE_KIND_HOMES",
            Table::Ownerships => "TABLE_KIND_OWNERSHIPS",
            Table::Deposits => return self.deposits(path, file).await,
            Table::Accounts => return Ok(()),
        };
        let content =
            STANDARD.encode(std::fs::read(path).with_context(|| format!("reading {}", path.display()))?);
        let report = self
            .post(
                "/v1/imports",
                &file.sha256,
                &json!({ "kind": kind, "content": content }),
            )
            .await?;
        if let Some(error) = first_error(&report) {
            bail!("{} was refused: {error}", file.name);
        }
        Ok(())
    }

    /// Deposits name homes that reach the funds by events, so they are offered until the homes are there.
    async fn deposits(&self, path: &std::path::Path, file: &FileEntry) -> Result<()> {
        let content =
            STANDARD.encode(std::fs::read(path).with_context(|| format!("reading {}", path.display()))?);
        let started = Instant::now();
        for attempt in 0_u32.. {
            let key = format!("{}-{attempt}", file.sha256);
            let report = self
                .post("/v1/deposits/import", &key, &json!({ "content": content }))
                .await?;
            let Some(error) = first_error(&report) else {
                return Ok(());
            };
            let waiting = report["errors"][0]["reason"] == "REFERENCE_UNKNOWN";
            if !waiting || started.elapsed() > REPLICA_WITHIN {
                bail!("{} was refused: {error}", file.name);
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    async fn post(&self, path: &str, key: &str, body: &Value) -> Result<Value> {
        let mut request = self.client.post(format!("{}{path}", self.gateway)).json(body);
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        let response = request.send().await.context("the gateway does not answer")?;
        let status = response.status();
        let answer: Value = response.json().await.context("reading the gateway's answer")?;
        if !status.is_success() {
            bail!(
                "{path} was refused: {status} {} {}",
                answer["reason"],
                answer["messageEn"]
            );
        }
        Ok(answer)
    }
}

fn first_error(report: &Value) -> Option<String> {
    let error = report["errors"].as_array()?.first()?;
    Some(format!(
        "line {} {}: {} {}",
        error["line"], error["column"], error["reason"], error["messageEn"]
    ))
}
