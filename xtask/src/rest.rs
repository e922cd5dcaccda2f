//! Calling the public REST API as one of the people in the story.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Caller {
    agent: ureq::Agent,
    gateway: String,
    token: Option<String>,
    /// Trace that the requests belong to, 32 hexadecimal digits.
    trace: Option<String>,
    /// The account.
    pub name: String,
}

/// An answer of the API.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Value,
}

impl Answer {
    /// The body, where the request was accepted.
    pub fn accepted(self) -> Result<Value> {
        if self.status >= 300 {
            bail!("{}", self.refusal());
        }
        Ok(self.body)
    }

    /// A refusal as a person would read it.
    pub fn refusal(&self) -> String {
        format!(
            "{} {}: {}",
            self.status,
            self.body["reason"].as_str().unwrap_or("?"),
            self.body["messageEn"].as_str().unwrap_or_default()
        )
    }
}

/// A number that is a string in JSON, as int64 are.
pub fn number(value: &Value) -> i64 {
    value
        .as_i64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
        .unwrap_or_default()
}

impl Caller {
    /// Nobody yet.
    pub fn anonymous(gateway: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Caller {
            agent: config.into(),
            gateway: gateway.to_owned(),
            token: None,
            trace: None,
            name: String::new(),
        }
    }

    /// Signs in.
    pub fn sign_in(gateway: &str, account: &str, password: &str) -> Result<Self> {
        let mut caller = Self::anonymous(gateway);
        let body = serde_json::json!({ "account": account, "password": password });
        let session = caller
            .post("/v1/sessions", "", &body)?
            .accepted()
            .with_context(|| format!("signing in as {account}"))?;
        caller.token = session["token"].as_str().map(str::to_owned);
        account.clone_into(&mut caller.name);
        Ok(caller)
    }

    /// The same caller, whose requests from now on belong to one trace.
    #[must_use]
    pub fn traced(mut self, trace_id: &str) -> Self {
        self.trace = Some(trace_id.to_owned());
        self
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Result<Answer> {
        let mut request = self.agent.get(format!("{}{path}", self.gateway));
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        Self::answer(request.call())
    }

    /// Writes, under an idempotency key.
    pub fn post(&self, path: &str, key: &str, body: &Value) -> Result<Answer> {
        let mut request = self.agent.post(format!("{}{path}", self.gateway));
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        Self::answer(request.send_json(body))
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let token = self
            .token
            .as_ref()
            .map(|token| ("authorization", format!("Bearer {token}")));
        // The caller's own span is the root; it is not recorded anywhere.
        let trace = self
            .trace
            .as_ref()
            .map(|trace| ("traceparent", format!("00-{trace}-{}-01", &trace[16..])));
        token.into_iter().chain(trace).collect()
    }

    fn answer(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Answer> {
        let mut response = result.context("the gateway does not answer; is `cargo xtask up` running?")?;
        let status = response.status().as_u16();
        let text = response
            .body_mut()
            .read_to_string()
            .context("reading the answer")?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Answer { status, body })
    }

    /// Reads until `holds`, at most `limit`.
    pub fn wait_for(&self, path: &str, limit: Duration, holds: impl Fn(&Value) -> bool) -> Result<Value> {
        let started = Instant::now();
        loop {
            let answer = self.get(path)?;
            if answer.status == 200 && holds(&answer.body) {
                return Ok(answer.body);
            }
            if started.elapsed() > limit {
                bail!(
                    "{path} did not become what was expected within {} s: {}",
                    limit.as_secs(),
                    answer.body
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
