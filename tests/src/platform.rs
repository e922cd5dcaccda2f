//! A whole platform for one test: NATS, databases and every service as processes of their own.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use events::Bus;
use servers::NatsServer;
use testkit::{Backend, postgres};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::process::{self, Process};
use crate::{books::Books, city};

/// The services with a database.
pub const SERVICES: [&str; 3] = ["registry", "committees", "funds"];
/// Set to anything to keep logs and data of tests that pass, too.
const KEEP_ENV: &str = "HEJU_TEST_KEEP";
/// How long everything may take to be ready: a debug build on a busy machine.
const READY_WITHIN: Duration = Duration::from_secs(90);
/// Pause between looks.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How services are spread over processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// All in one process, `heju all`.
    One,
    /// Each in its own.
    Several,
}

/// What to start.
#[derive(Debug, Clone)]
pub struct Options {
    /// How services are spread.
    pub layout: Layout,
    /// Which database.
    pub backend: Backend,
    /// Receiver of traces, metrics and logs.
    pub otlp_endpoint: Option<String>,
}

/// A running platform with the small city. Everything ends when it is dropped.
pub struct Platform {
    /// The gateway, `http://127.0.0.1:8080`.
    pub gateway: String,
    /// Folder of the generated city.
    pub city: PathBuf,
    /// What the databases hold.
    pub books: Books,
    nats: Mutex<Nats>,
    processes: Vec<(&'static str, Mutex<Process>)>,
    services: Vec<(&'static str, String)>,
    environment: Vec<(String, String)>,
    databases: Vec<String>,
    server: Option<Arc<postgres::Server>>,
    folder: tempfile::TempDir,
    passed: bool,
}

struct Nats {
    program: PathBuf,
    folder: PathBuf,
    port: u16,
    server: Option<NatsServer>,
}

impl Nats {
    fn start(&mut self) -> Result<()> {
        let server = NatsServer::start(&self.program, &self.folder, self.port)?;
        self.port = server.port();
        self.server = Some(server);
        Ok(())
    }

    fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill();
        }
    }
}

impl Platform {
    /// Starts everything and loads the small city.
    ///
    /// # Errors
    /// Where something does not come up in time, with the last lines of its log.
    pub async fn start(options: Options) -> Result<Self> {
        let started = Instant::now();
        let folder = tempfile::Builder::new().prefix("heju-platform-").tempdir()?;
        let data = folder.path().join("data");
        let city = folder.path().join("city");
        std::fs::create_dir_all(&data)?;
        let mut nats = Nats {
            program: servers::nats::find_or_install(&|line| eprintln!("{line}"))?,
            folder: folder.path().join("nats"),
            port: 0,
            server: None,
        };
        nats.start()?;

        let server = match options.backend {
            Backend::Sqlite => None,
            Backend::Postgres => Some(postgres::server().await?),
        };
        let mut databases = Vec::new();
        for service in SERVICES {
            databases.push(match &server {
                None => format!("sqlite://{}", data.join(format!("{service}.db")).display()),
                Some(server) => postgres::create_database(server).await?,
            });
        }
        let gateway = free_address()?;
        let services: Vec<(&'static str, String)> = SERVICES
            .into_iter()
            .map(|name| Ok((name, free_address()?)))
            .collect::<Result<_>>()?;
        let mut environment = variables(&gateway, &services, &databases);
        environment.extend([
            ("HEJU__DATA".to_owned(), data.display().to_string()),
            (
                "HEJU__NATS__URL".to_owned(),
                format!("nats://127.0.0.1:{}", nats.port),
            ),
            (
                "HEJU__GATEWAY__ISSUER__ACCOUNTS".to_owned(),
                city.join("accounts.hashed.json").display().to_string(),
            ),
        ]);
        if let Some(endpoint) = &options.otlp_endpoint {
            environment.push(("HEJU__TELEMETRY__OTLP_ENDPOINT".to_owned(), endpoint.clone()));
            environment.push(("HEJU__TELEMETRY__EXPORT_INTERVAL_MS".to_owned(), "200".to_owned()));
            environment.push((
                "HEJU__TELEMETRY__METRICS_INTERVAL_MS".to_owned(),
                "500".to_owned(),
            ));
        }
        city::generate(&city, &environment)?;

        let logs = folder.path().to_path_buf();
        let names: &[&'static str] = match options.layout {
            Layout::One => &["all"],
            Layout::Several => {
                process::run(&["migrate"], &environment)?;
                &["registry", "committees", "funds", "gateway"]
            }
        };
        let processes = names
            .iter()
            .map(|name| {
                Ok((
                    *name,
                    Mutex::new(Process::start(name, environment.clone(), &logs)?),
                ))
            })
            .collect::<Result<_>>()?;
        let platform = Platform {
            gateway: format!("http://{gateway}"),
            city,
            books: Books::new(SERVICES.into_iter().zip(databases.clone()).collect()),
            nats: Mutex::new(nats),
            processes,
            services: if options.layout == Layout::Several {
                services
            } else {
                Vec::new()
            },
            environment,
            databases,
            server,
            folder,
            passed: false,
        };
        platform.wait_until_ready().await?;
        let ready = started.elapsed();
        city::load(&platform.city, &platform.gateway, &platform.environment)?;
        println!(
            "platform up ({:?}, {:?}): ready after {:.1} s, city loaded after {:.1} s",
            options.layout,
            options.backend,
            ready.as_secs_f64(),
            started.elapsed().as_secs_f64()
        );
        Ok(platform)
    }

    /// The processes that can be killed, NATS among them.
    pub fn victims(&self) -> Vec<&'static str> {
        self.processes
            .iter()
            .map(|(name, _)| *name)
            .chain(["nats"])
            .collect()
    }

    /// Kills a process at once (SIGKILL).
    pub fn kill(&self, victim: &str) {
        match self.process(victim) {
            Some(mut process) => process.kill(),
            None => self.nats().kill(),
        }
    }

    /// Starts what was killed or stopped.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start_again(&self, victim: &str) -> Result<()> {
        match self.process(victim) {
            Some(mut process) => process.start_again(),
            None => self.nats().start(),
        }
    }

    /// Processes that ended by themselves, with the end of their logs.
    pub fn ended_by_themselves(&self) -> Vec<(&'static str, String)> {
        let end = |(name, process): &(&'static str, Mutex<Process>)| {
            let mut process = process.lock().unwrap_or_else(PoisonError::into_inner);
            let status = process.ended()?;
            Some((*name, format!("{status}\n{}", process.tail())))
        };
        self.processes.iter().filter_map(end).collect()
    }

    /// Stops every process in order (SIGTERM), NATS last.
    ///
    /// # Errors
    /// Where a process does not end by itself, or fails.
    pub fn stop_all(&self) -> Result<()> {
        for (_, process) in self.processes.iter().rev() {
            process.lock().unwrap_or_else(PoisonError::into_inner).stop()?;
        }
        // Dropped, it is asked to end and waited for.
        drop(self.nats().server.take());
        Ok(())
    }

    /// Starts everything that was stopped, and waits until it is ready.
    ///
    /// # Errors
    /// Where something does not come up.
    pub async fn start_all(&self) -> Result<()> {
        self.nats().start()?;
        for (_, process) in &self.processes {
            process
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .start_again()?;
        }
        self.wait_until_ready().await
    }

    /// Waits until the gateway and every service say that they are ready.
    ///
    /// # Errors
    /// Where one does not in time, or ended.
    pub async fn wait_until_ready(&self) -> Result<()> {
        let deadline = Instant::now() + READY_WITHIN;
        let probe = crate::rest::client()?;
        let gateway = format!("{}/healthz/ready", self.gateway);
        while !probe
            .get(&gateway)
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            self.go_on_until(deadline, "the gateway").await?;
        }
        for (name, address) in &self.services {
            while !serves(address).await {
                self.go_on_until(deadline, name).await?;
            }
        }
        Ok(())
    }

    async fn go_on_until(&self, deadline: Instant, what: &str) -> Result<()> {
        if let Some((name, end)) = self.ended_by_themselves().first() {
            bail!("{name} ended by itself: {end}");
        }
        if Instant::now() > deadline {
            bail!(
                "{what} is not ready within {READY_WITHIN:?}; logs are in {}",
                self.folder.path().display()
            );
        }
        tokio::time::sleep(LOOK_EVERY).await;
        Ok(())
    }

    /// Runs `heju <arguments>` with the platform's configuration, and returns what it printed.
    ///
    /// # Errors
    /// Where it fails.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        process::run(arguments, &self.environment)
    }

    /// A connection to its NATS.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn bus(&self) -> Result<Bus> {
        let url = format!("nats://127.0.0.1:{}", self.nats().port);
        let bus = Bus::connect(
            &events::Config {
                url,
                ..events::Config::default()
            },
            "test",
        )
        .await?;
        bus.wait_until_up(Duration::from_secs(20)).await?;
        Ok(bus)
    }

    /// The signing key of its issuer, in PEM form: for tokens that only a thief of the key could make.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn signing_key(&self) -> Result<String> {
        let file = self.folder.path().join("data").join("signing-key.pem");
        std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))
    }

    /// Ends everything and throws logs and data away: the test has passed. Merely dropped, they are kept to look at.
    pub fn passed(mut self) {
        self.passed = true;
    }

    fn process(&self, name: &str) -> Option<MutexGuard<'_, Process>> {
        let (_, process) = self.processes.iter().find(|(known, _)| *known == name)?;
        Some(process.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn nats(&self) -> MutexGuard<'_, Nats> {
        self.nats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        if !self.passed || std::env::var_os(KEEP_ENV).is_some() {
            self.folder.disable_cleanup(true);
            println!("logs and data are kept in {}", self.folder.path().display());
        }
        for (_, process) in &self.processes {
            process.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
        self.nats().kill();
        let Some(server) = self.server.take() else { return };
        let databases = std::mem::take(&mut self.databases);
        // Dropping needs a runtime, and a test's own may be ending: a thread with a small one does it.
        let done = std::thread::spawn(move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                runtime.block_on(async {
                    for url in &databases {
                        postgres::drop_database(&server, url).await;
                    }
                });
            }
        });
        let _ = done.join(); // a database that stays behind ends with its server
    }
}

/// The configuration of every process: the same for all, as a deployment's would be.
fn variables(
    gateway: &str,
    services: &[(&'static str, String)],
    databases: &[String],
) -> Vec<(String, String)> {
    let mut variables = vec![
        ("HEJU__CLOCK".to_owned(), "simulated".to_owned()),
        ("HEJU__GATEWAY__LISTEN".to_owned(), gateway.to_owned()),
        (
            "HEJU__ACCESS__JWKS_URL".to_owned(),
            format!("http://{gateway}/.well-known/jwks.json"),
        ),
    ];
    for ((service, address), database) in services.iter().zip(databases) {
        let key = |rest: &str| format!("HEJU__{}__{rest}", service.to_uppercase());
        variables.extend([
            (key("DATABASE__URL"), database.clone()),
            (key("DATABASE__CONNECTIONS_MAX"), "8".to_owned()),
            (key("LISTEN__ADDRESS"), address.clone()),
            (key("PEER__ADDRESS"), address.clone()),
        ]);
    }
    variables
}

fn free_address() -> Result<String> {
    Ok(TcpListener::bind(("127.0.0.1", 0))
        .context("finding a free port")?
        .local_addr()?
        .to_string())
}

/// Whether a service says over gRPC that it is ready.
async fn serves(address: &str) -> bool {
    let Ok(endpoint) = tonic::transport::Endpoint::from_shared(format!("http://{address}")) else {
        return false;
    };
    let Ok(channel) = endpoint.connect().await else {
        return false;
    };
    let answer = HealthClient::new(channel)
        .check(HealthCheckRequest {
            service: "ready".into(),
        })
        .await;
    answer.is_ok_and(|answer| answer.into_inner().status == ServingStatus::Serving as i32)
}
