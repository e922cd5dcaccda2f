//! `cargo xtask up`: the whole platform on this machine, from nothing.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;
use servers::NatsServer;
use servers::process::Server;

use crate::rest::Caller;
use crate::run_file::RunFile;
use crate::{build, rest};

/// Password of every account of the demonstration city.
pub const DEMO_PASSWORD: &str = "heju-demo";
/// Longest wait for the platform to be ready.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// What `up` can be told.
#[derive(Args, Clone)]
pub struct Options {
    /// Start over: throw away the data of earlier starts.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Use this PostgreSQL server instead of SQLite files, such as postgres://user:password@127.0.0.1:5432
    #[arg(long, value_name = "URL")]
    pub(crate) postgres: Option<String>,
    /// Size of the demonstration city: small (3 estates, 600 homes) or city (520 estates, 180,000 homes).
    #[arg(long, default_value = "small", value_parser = ["small", "city"])]
    pub(crate) city: String,
    /// Port of the gateway; 0 for a free one.
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
    /// Port of NATS; 0 for a free one.
    #[arg(long, default_value_t = 0)]
    pub(crate) nats_port: u16,
    /// Build and run the optimised binary (always so for the large city).
    #[arg(long)]
    pub(crate) release: bool,
    /// Where data is kept.
    #[arg(long, default_value = ".heju")]
    pub(crate) data: PathBuf,
    /// Use this heju binary instead of building one.
    #[arg(long, value_name = "FILE")]
    pub(crate) binary: Option<PathBuf>,
    /// Whether the city is loaded; the bench also starts what is loaded already.
    #[arg(skip = true)]
    pub(crate) load: bool,
    /// Whether spans are exported to the trace viewer.
    #[arg(skip = true)]
    pub(crate) traces: bool,
    /// Further settings of `heju all`, as environment variables.
    #[arg(skip)]
    pub(crate) settings: Vec<(String, String)>,
}

/// A platform that runs; ends when dropped, in the right order.
pub struct Platform {
    // Dropped first to last: the platform before the bus that it drains into.
    heju: Server,
    _traces: Server,
    _nats: NatsServer,
    /// Where it is.
    pub run: RunFile,
    /// From the start of the process to ready.
    pub ready_after: Duration,
    data: PathBuf,
}

impl Platform {
    /// Process of `heju all`.
    pub fn pid(&self) -> u32 {
        self.heju.pid()
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        RunFile::remove(&self.data);
    }
}

/// Runs until Ctrl-C or SIGTERM.
pub fn run(options: &Options) -> Result<()> {
    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        // A second signal finds nobody listening, which is fine: we are stopping already.
        let _ = stop.send(());
    })
    .context("listening for Ctrl-C")?;
    let platform = start(options)?;
    print_accounts(&platform)?;
    println!(
        "\nCtrl-C stops everything and keeps the data; `cargo xtask demo` in another terminal tells the story."
    );
    loop {
        match stopped.recv_timeout(Duration::from_millis(500)) {
            Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                if !Path::new(&format!("/proc/{}", platform.pid())).exists() {
                    bail!(
                        "heju ended by itself; see {}",
                        options.data.join("heju.log").display()
                    );
                }
            }
        }
    }
    println!("\nstopping");
    drop(platform);
    println!("stopped; the data is kept in {}", options.data.display());
    Ok(())
}

/// Starts everything and loads the city.
pub fn start(options: &Options) -> Result<Platform> {
    let data = &options.data;
    if let Some(running) = RunFile::read(data) {
        bail!(
            "It runs already (process {}): {}; stop it first, or use --data for a second one.",
            running.pid,
            running.gateway
        );
    }
    let gateway = free_address(options.port)?;
    let nats_program = servers::nats::find_or_install(&|line| println!("{line}"))?;
    let binary = match &options.binary {
        Some(binary) => binary.clone(),
        None => build::heju(options.release || options.city == "city")?,
    };
    std::fs::create_dir_all(data).with_context(|| format!("creating {}", data.display()))?;
    let data = data.canonicalize()?;
    let environment = environment(options, &data, gateway);
    if options.fresh {
        start_over(options, &data, &binary, &environment)?;
    }

    let nats = NatsServer::start(&nats_program, &data.join("nats"), options.nats_port)?;
    println!("NATS       {}", nats.url());

    let otlp = free_address(0)?;
    let viewer = free_address(0)?;
    let traces = process(
        &binary,
        &data,
        "traces",
        &["traces"],
        &[
            ("HEJU_TRACES_OTLP".into(), otlp.to_string()),
            ("HEJU_TRACES_HTTP".into(), viewer.to_string()),
        ],
    )?;

    let city = data.join(format!("city-{}", options.city));
    if !city.join("manifest.json").exists() {
        println!("generating the demonstration city ({})", options.city);
        let folder = city.display().to_string();
        finish(
            &binary,
            &["city", "generate", "--size", &options.city, "--out", &folder],
            &environment,
        )?;
    }

    let mut all = environment.clone();
    all.push(("HEJU__NATS__URL".into(), nats.url().to_owned()));
    if options.traces {
        all.push(("HEJU__TELEMETRY__OTLP_ENDPOINT".into(), format!("http://{otlp}")));
    }
    all.push((
        "HEJU__GATEWAY__ISSUER__ACCOUNTS".into(),
        city.join("accounts.hashed.json").display().to_string(),
    ));
    all.extend_from_slice(&options.settings);
    let started = Instant::now();
    let mut heju = process(&binary, &data, "heju", &["all"], &all)?;
    let base = format!("http://{gateway}");
    let probe = Caller::anonymous(&base);
    let log = data.join("heju.log");
    heju.wait_until(READY_WITHIN, &log, || {
        probe
            .get("/healthz/ready")
            .ok()
            .filter(|answer| answer.status == 200)
            .map(|_| ())
    })?;
    let ready_after = started.elapsed();
    println!("gateway    {base}  (ready after {} ms)", ready_after.as_millis());
    println!("API page   {base}/docs");
    println!("traces     http://{viewer}/traces");

    let run = RunFile {
        gateway: base.clone(),
        traces: format!("http://{viewer}"),
        city: city.clone(),
        pid: std::process::id(),
    };
    run.write(&data)?;
    let platform = Platform {
        heju,
        _traces: traces,
        _nats: nats,
        run,
        ready_after,
        data: data.clone(),
    };
    if options.load {
        let folder = city.display().to_string();
        finish(
            &binary,
            &["city", "load", "--folder", &folder, "--gateway", &base],
            &environment,
        )?;
    }
    Ok(platform)
}

/// The configuration as environment variables.
fn environment(options: &Options, data: &Path, gateway: SocketAddr) -> Vec<(String, String)> {
    let mut variables = vec![
        ("HEJU__DATA".to_owned(), data.display().to_string()),
        ("HEJU__CLOCK".to_owned(), "simulated".to_owned()),
        ("HEJU__GATEWAY__LISTEN".to_owned(), gateway.to_string()),
    ];
    if let Some(url) = &options.postgres {
        for service in ["registry", "committees", "funds"] {
            let key = format!("HEJU__{}__DATABASE__URL", service.to_uppercase());
            variables.push((key, format!("{}/heju_{service}", url.trim_end_matches('/'))));
        }
    }
    variables
}

fn start_over(options: &Options, data: &Path, binary: &Path, environment: &[(String, String)]) -> Result<()> {
    if options.postgres.is_some() {
        finish(binary, &["drop-databases", "--yes"], environment)?;
    }
    for entry in std::fs::read_dir(data)?.flatten() {
        let path = entry.path();
        let removed = if path.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        removed.with_context(|| format!("removing {}", path.display()))?;
    }
    Ok(())
}

fn free_address(port: u16) -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", port)).with_context(|| {
        format!(
            "Port {port} is taken: stop what listens there, or choose another with --port (0 for a free one)."
        )
    })?;
    Ok(listener.local_addr()?)
}

/// Starts a process of the binary that goes on, with its log in the data folder.
fn process(
    binary: &Path,
    data: &Path,
    name: &'static str,
    arguments: &[&str],
    environment: &[(String, String)],
) -> Result<Server> {
    let log =
        File::create(data.join(format!("{name}.log"))).context("creating the log: is the disk full?")?;
    let mut command = Command::new(binary);
    command
        .args(arguments)
        .envs(environment.iter().map(|(key, value)| (key, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::from(log.try_clone()?))
        .stderr(Stdio::from(log));
    Server::start(name, "TERM", &mut command)
}

/// Runs a command of the binary to its end.
fn finish(binary: &Path, arguments: &[&str], environment: &[(String, String)]) -> Result<()> {
    let status = Command::new(binary)
        .args(arguments)
        .envs(environment.iter().map(|(key, value)| (key, value)))
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("running heju {}", arguments.join(" ")))?;
    if !status.success() {
        bail!("heju {} failed; its message is above.", arguments.join(" "));
    }
    Ok(())
}

/// A table of who can sign in: the people of the story, and one account per role.
fn print_accounts(platform: &Platform) -> Result<()> {
    let accounts = read_json(&platform.run.city.join("accounts.json"))?;
    let empty = Vec::new();
    let accounts = accounts.as_array().unwrap_or(&empty);
    println!("\n{:<26} {:<18} name", "account", "role");
    let mut owners = 0;
    let mut by_role = std::collections::BTreeMap::<String, usize>::new();
    for account in accounts {
        let role = account["roles"][0].as_str().unwrap_or_default().to_owned();
        let seen = by_role.entry(role.clone()).or_default();
        *seen += 1;
        if *seen > 4 {
            owners += usize::from(role == "owner");
            continue;
        }
        println!(
            "{:<26} {role:<18} {}",
            account["account"].as_str().unwrap_or_default(),
            account["name"].as_str().unwrap_or_default()
        );
    }
    println!(
        "… and {owners} more owners; all of them in {}",
        platform.run.city.join("accounts.json").display()
    );
    println!("password of every account: {DEMO_PASSWORD}");
    Ok(())
}

/// Reads a JSON file.
pub fn read_json(file: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))
}

/// Signs in as an account of the demonstration city.
pub fn sign_in(run: &RunFile, account: &str) -> Result<Caller> {
    rest::Caller::sign_in(&run.gateway, account, DEMO_PASSWORD)
}
