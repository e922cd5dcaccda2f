//! Calling the public REST API as a careful client does: every write under a key, repeated with the same key.

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;

/// Longest a request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// Longest a careful client goes on repeating: services and NATS are killed meanwhile.
pub const GIVE_UP_AFTER: Duration = Duration::from_secs(90);
/// First pause before a request is repeated; it doubles.
const PAUSE_MIN: Duration = Duration::from_millis(25);
/// Longest pause.
const PAUSE_MAX: Duration = Duration::from_millis(500);

/// Requests that were repeated, in the whole test.
static REPEATED: AtomicU64 = AtomicU64::new(0);

/// How many requests were repeated so far.
pub fn repeated() -> u64 {
    REPEATED.load(Ordering::Relaxed)
}

/// An HTTP client without any token.
///
/// # Errors
/// Where it cannot be made.
pub fn client() -> Result<reqwest::Client> {
    static CRYPTOGRAPHY: Once = Once::new();
    CRYPTOGRAPHY.call_once(|| {
        // Another test of this process may have installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    Ok(reqwest::Client::builder()
        .timeout(REQUEST_TIMEOUT)
        .no_proxy()
        .build()?)
}

/// Somebody who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    http: reqwest::Client,
    gateway: String,
    token: Option<String>,
    trace: Option<String>,
    /// The account.
    pub account: String,
}

/// An answer of the API.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body; text where it is not JSON.
    pub body: Value,
    /// The trace of the request.
    pub trace_id: String,
}

impl Answer {
    /// The body, where the request was accepted.
    ///
    /// # Errors
    /// The refusal.
    pub fn accepted(self) -> Result<Value> {
        if self.status >= 300 {
            bail!("{} {}", self.status, self.body);
        }
        Ok(self.body)
    }

    /// The stable reason of a refusal; empty for anything else.
    pub fn reason(&self) -> &str {
        self.body["reason"].as_str().unwrap_or_default()
    }

    /// Whether the documents tell clients to repeat the request with the same key.
    fn is_to_be_repeated(&self) -> bool {
        matches!(self.status, 429 | 503 | 504) || (self.status == 409 && self.reason() == "CONFLICT")
    }
}

impl Caller {
    /// Nobody yet.
    ///
    /// # Errors
    /// Where no client can be made.
    pub fn anonymous(gateway: &str) -> Result<Self> {
        let http = client()?;
        Ok(Caller {
            http,
            gateway: gateway.to_owned(),
            token: None,
            trace: None,
            account: String::new(),
        })
    }

    /// Signs in.
    ///
    /// # Errors
    /// The refusal.
    pub async fn sign_in(&self, account: &str, password: &str) -> Result<Self> {
        let body = serde_json::json!({ "account": account, "password": password });
        let answer = self.persist(|| self.post("/v1/sessions", "", &body)).await?;
        let session = answer
            .accepted()
            .with_context(|| format!("signing in as {account}"))?;
        let token = session["token"].as_str().context("a session without a token")?;
        Ok(Caller {
            account: account.to_owned(),
            ..self.with_token(token)
        })
    }

    /// The same caller with another token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Caller {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// The token.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// The same caller, whose requests belong to one trace.
    #[must_use]
    pub fn traced(&self, trace_parent: &str) -> Self {
        Caller {
            trace: Some(trace_parent.to_owned()),
            ..self.clone()
        }
    }

    /// A request with the caller's token and trace, to be finished by hand.
    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.gateway));
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(trace) = &self.trace {
            request = request.header("traceparent", trace);
        }
        request
    }

    /// Reads, once.
    ///
    /// # Errors
    /// Where no answer comes.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        send(self.request(reqwest::Method::GET, path)).await
    }

    /// Writes under a key, once; without the header where the key is empty.
    ///
    /// # Errors
    /// Where no answer comes.
    pub async fn post(&self, path: &str, key: &str, body: &Value) -> Result<Answer> {
        self.post_bytes(path, key, body.to_string().into_bytes()).await
    }

    /// Sends any bytes as JSON, once.
    ///
    /// # Errors
    /// Where no answer comes.
    pub async fn post_bytes(&self, path: &str, key: &str, body: Vec<u8>) -> Result<Answer> {
        let mut request = self
            .request(reqwest::Method::POST, path)
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        send(request).await
    }

    /// Reads until an answer comes that is not about a passing trouble.
    ///
    /// # Errors
    /// The refusal, or that nothing came in time.
    pub async fn read(&self, path: &str) -> Result<Value> {
        let answer = self.persist(|| self.get(path)).await?;
        answer
            .accepted()
            .with_context(|| format!("GET {path} as {}", self.account))
    }

    /// Writes until the write is accepted or refused for good, always under the same key.
    ///
    /// # Errors
    /// The refusal, or that nothing came in time.
    pub async fn write(&self, path: &str, key: &str, body: &Value) -> Result<Value> {
        let answer = self.decide(path, key, body).await?;
        answer
            .accepted()
            .with_context(|| format!("POST {path} {body} as {} under {key}", self.account))
    }

    /// As `write`, repeated while it is refused with `reason`: what another service told is still on its way.
    ///
    /// # Errors
    /// Any other refusal, or this one for too long.
    pub async fn write_after(&self, path: &str, key: &str, body: &Value, reason: &str) -> Result<Value> {
        let started = Instant::now();
        let mut pause = PAUSE_MIN;
        loop {
            let answer = self.decide(path, key, body).await?;
            if answer.reason() != reason || started.elapsed() > GIVE_UP_AFTER {
                return answer
                    .accepted()
                    .with_context(|| format!("POST {path} {body} as {} under {key}", self.account));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// As `write`, with the refusal as an answer.
    ///
    /// # Errors
    /// That nothing came in time.
    pub async fn decide(&self, path: &str, key: &str, body: &Value) -> Result<Answer> {
        self.persist(|| self.post(path, key, body)).await
    }

    /// Reads until `holds`, at most `limit`.
    ///
    /// # Errors
    /// What was seen last.
    pub async fn wait_for(
        &self,
        path: &str,
        limit: Duration,
        holds: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        let started = Instant::now();
        let mut pause = Duration::from_millis(10);
        loop {
            let seen = self.get(path).await;
            if let Ok(answer) = &seen
                && answer.status == 200
                && holds(&answer.body)
            {
                return Ok(answer.body.clone());
            }
            if started.elapsed() > limit {
                bail!("{path} did not become what was expected within {limit:?}; last seen: {seen:?}");
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(200));
        }
    }

    async fn persist<F, Fut>(&self, mut ask: F) -> Result<Answer>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Answer>>,
    {
        let started = Instant::now();
        let mut pause = PAUSE_MIN;
        loop {
            let answer = ask().await;
            match answer {
                Ok(answer) if !answer.is_to_be_repeated() => return Ok(answer),
                answer if started.elapsed() > GIVE_UP_AFTER => {
                    bail!("given up after {GIVE_UP_AFTER:?}; last seen: {answer:?}")
                }
                _ => {}
            }
            REPEATED.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }
}

/// Sends a request and reads the whole answer.
///
/// # Errors
/// Where no whole answer comes.
pub async fn send(request: reqwest::RequestBuilder) -> Result<Answer> {
    let response = request.send().await.context("no answer")?;
    let status = response.status().as_u16();
    let header = response.headers().get("trace-id").and_then(|id| id.to_str().ok());
    let trace_id = header.unwrap_or_default().to_owned();
    let text = response.text().await.context("half an answer")?;
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Ok(Answer {
        status,
        body,
        trace_id,
    })
}

/// A number that is a string in JSON, as 64-bit numbers are.
pub fn number(value: &Value) -> i64 {
    value
        .as_i64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
        .unwrap_or_default()
}

/// A text that must be there.
///
/// # Errors
/// Where it is not.
pub fn text(value: &Value) -> Result<String> {
    value
        .as_str()
        .map(str::to_owned)
        .with_context(|| format!("the answer lacks a text: {value}"))
}
