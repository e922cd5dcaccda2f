//! A gateway of its own for each test.

use std::sync::Arc;
use std::time::Duration;

use access::token::Issuer;
use access::{Access, Principal, Role};
use calendar::{Clock, SimulatedClock};
use chrono::{DateTime, Utc};
use gateway::{Account, ClockControl, Config, Gateway, Parts, hash_password, issuer};
use lifecycle::Readiness;
use reqwest::{Client, RequestBuilder, Response};
use rpc::Peer;
use rpc::server::{Guard, Methods};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::echo::Echo;

pub const PASSWORD: &str = "a long sentence only you know";

pub struct World {
    pub base: String,
    pub client: Client,
    pub issuer: Issuer,
    pub echo: Arc<Echo>,
    pub clock: SimulatedClock,
    pub readiness: Readiness,
    pub stop: CancellationToken,
    pub served: Option<JoinHandle<anyhow::Result<()>>>,
    _folder: tempfile::TempDir,
}

/// What differs from one test to another.
pub struct Setting {
    pub config: Config,
    pub bus: Option<events::Bus>,
    pub simulated: bool,
    pub with_registry: Option<Peer>,
    /// Answers the registry's files.
    pub files: Option<tonic::service::Routes>,
}

impl Default for Setting {
    fn default() -> Self {
        Setting {
            config: Config::default(),
            bus: None,
            simulated: true,
            with_registry: None,
            files: None,
        }
    }
}

struct Control(SimulatedClock);

#[async_trait::async_trait]
impl ClockControl for Control {
    async fn advance(&self, to: DateTime<Utc>) -> anyhow::Result<()> {
        Ok(self.0.advance_to(to)?)
    }
}

impl World {
    pub async fn new() -> Self {
        Self::with(Setting::default()).await
    }

    pub async fn configured(change: impl FnOnce(&mut Config)) -> Self {
        let mut setting = Setting::default();
        change(&mut setting.config);
        Self::with(setting).await
    }

    pub async fn with(setting: Setting) -> Self {
        let Setting {
            mut config,
            bus,
            simulated,
            with_registry,
            files,
        } = setting;
        let folder = tempfile::tempdir().unwrap();
        config.issuer.signing_key = Some(folder.path().join("issuer.pem"));
        if config.issuer.kind == gateway::config::IssuerKind::Builtin {
            let file = folder.path().join("accounts.json");
            let account = Account {
                account: "authority".into(),
                password_hash: hash_password(PASSWORD).unwrap(),
                name: "住房和城乡建设局".into(),
                roles: vec!["authority".into()],
                organisation: String::new(),
                jurisdiction: "330783".into(),
                owner_id: String::new(),
            };
            std::fs::write(&file, serde_json::to_string(&[account]).unwrap()).unwrap();
            config.issuer.accounts = Some(file);
        }
        let opened = issuer::open(&config.issuer).unwrap();
        let verifier = issuer::verifier(&config.issuer, opened.as_ref()).unwrap();
        // The same key again, to sign tokens with: the one in the gateway is its own.
        let issuer = match opened {
            Some(_) => issuer::open(&config.issuer).unwrap().unwrap(),
            None => Issuer::generate().named(&config.issuer.name),
        };
        let echo = Arc::new(Echo::default());
        let of_registry = Guard::new("registry", methods("registry"), verifier.clone());
        let with_files = files.map(|routes| rpc::in_process(&of_registry, routes));
        let guard = Guard::new("funds", methods("funds"), verifier.clone());
        let clock = SimulatedClock::starting_at("2026-11-22T01:00:00Z".parse().unwrap());
        let readiness = Readiness::new(["nats"]);
        let stop = CancellationToken::new();
        let bus = match bus {
            Some(bus) => bus,
            // Nobody listens there: everything but live events works without.
            None => {
                let nowhere = events::Config {
                    url: "nats://127.0.0.1:9".into(),
                    ..events::Config::default()
                };
                events::Bus::connect(&nowhere, "test").await.unwrap()
            }
        };
        let mut peers = vec![("funds", rpc::in_process(&guard, echo.routes()))];
        peers.extend(with_registry.or(with_files).map(|peer| ("registry", peer)));
        let parts = Parts {
            bus,
            verifier,
            issuer: issuer::open(&config.issuer).unwrap(),
            access: Access::embedded(),
            clock: Arc::new(clock.clone()),
            clock_control: simulated.then(|| Arc::new(Control(clock.clone())) as Arc<dyn ClockControl>),
            peers,
            readiness: readiness.clone(),
            stop: stop.clone(),
        };
        let router = Gateway::build(&config, parts).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let token = stop.clone();
        let served = tokio::spawn(async move { Gateway::serve(router, listener, &config, token).await });
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        World {
            base,
            client,
            issuer,
            echo,
            clock,
            readiness,
            stop,
            served: Some(served),
            _folder: folder,
        }
    }

    pub fn token(&self, principal: &Principal) -> String {
        self.issuer
            .issue(principal, Utc::now(), Duration::from_secs(3_600))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.base))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client
            .post(format!("{}{path}", self.base))
            .header("content-type", "application/json")
    }

    /// A `GET` by the authority.
    pub fn read(&self, path: &str) -> RequestBuilder {
        self.get(path).bearer_auth(self.token(&authority()))
    }

    /// A `POST` of this body by the authority.
    pub fn write(&self, path: &str, body: impl ToString) -> RequestBuilder {
        self.post(path)
            .bearer_auth(self.token(&authority()))
            .header("idempotency-key", "key-1")
            .body(body.to_string())
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub fn methods(service: &str) -> Methods {
    let mut methods = Methods::default();
    for call in proto::catalog::calls()
        .iter()
        .filter(|call| call.service == service)
    {
        methods.add(
            &call.grpc_path,
            format!("{}.{}", call.service, call.name).leak(),
            call.public,
        );
    }
    methods
}

pub fn authority() -> Principal {
    Principal::person("account-of-the-authority", "住房和城乡建设局")
        .with_role(Role::Authority)
        .with_jurisdiction("330783".parse().unwrap())
}

pub fn administrator() -> Principal {
    Principal::person("administrator", "系统管理员").with_role(Role::Administrator)
}

pub async fn json(response: Response) -> Value {
    assert_eq!(response.headers()["content-type"], "application/json");
    response.json().await.unwrap()
}

/// Checks that a refusal has the shape of the API and answers status, reason and the English message.
pub async fn refused(response: Response) -> (u16, String, String) {
    let status = response.status().as_u16();
    let trace_id = response.headers()["trace-id"].to_str().unwrap().to_owned();
    let body = json(response).await;
    let mut keys: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        ["code", "message", "messageEn", "reason", "status", "traceId"],
        "{body}"
    );
    assert_eq!(body["traceId"], trace_id);
    assert!(body["code"].is_i64() && body["status"].is_string());
    let zh = body["message"].as_str().unwrap();
    assert!(
        zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
        "no Chinese in {zh}"
    );
    (
        status,
        body["reason"].as_str().unwrap().to_owned(),
        body["messageEn"].as_str().unwrap().to_owned(),
    )
}
