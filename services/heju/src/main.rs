//! Heju (和居): one binary that runs any service of the platform, or all of them in one process.

mod city;
mod config;
mod keys;
mod operate;
mod platform;
mod serve;
mod traces;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use config::Config;

/// Under a load of many clients the system's allocator contends and keeps what a burst needed; this one does neither.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Heju (和居): the open platform for residential property management in a Chinese city.
#[derive(Parser)]
#[command(name = "heju", version)]
struct Cli {
    /// Configuration file (TOML); the environment (HEJU__FUNDS__DATABASE__URL=…) overrides it.
    #[arg(long, env = "HEJU_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run every service and the gateway in this process.
    All,
    /// Run the registry.
    Registry,
    /// Run committees.
    Committees,
    /// Run funds.
    Funds,
    /// Run the gateway.
    Gateway,
    /// Bring databases and streams up to date, before a rollout.
    Migrate {
        /// Only these services.
        services: Vec<String>,
    },
    /// Events that could not be handled.
    #[command(subcommand)]
    DeadLetters(operate::DeadLetters),
    /// Receive traces over OTLP and show them, for development.
    Traces(traces::Options),
    /// The demonstration city.
    #[command(subcommand)]
    City(city::City),
    /// Print the configuration in effect, secrets hidden.
    Config,
    /// Drop all databases of the platform: for demonstrations only.
    DropDatabases {
        /// Yes, drop them.
        #[arg(long)]
        yes: bool,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Two workers at least: telemetry waits for an export that needs another thread.
    let workers = std::thread::available_parallelism().map_or(2, |count| count.get().max(2));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(run(cli)),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    if let Command::Traces(options) = &cli.command {
        return traces::run(options).await; // needs no configuration
    }
    let config = Config::load(cli.config.as_deref())?;
    match cli.command {
        Command::All => serve::all(config).await,
        Command::Registry => serve::one::<registry::Registry>(config).await,
        Command::Committees => serve::one::<committees::Committees>(config).await,
        Command::Funds => serve::one::<funds::Funds>(config).await,
        Command::Gateway => serve::gateway(config).await,
        Command::Migrate { services } => operate::migrate(&config, &services).await,
        Command::DeadLetters(command) => operate::dead_letters(&config, &command).await,
        Command::Config => {
            println!("{}", heju_config::redacted_text(&config));
            Ok(())
        }
        Command::DropDatabases { yes } => operate::drop_databases(&config, yes).await,
        Command::City(command) => city::run(&command, &config).await,
        Command::Traces(options) => traces::run(&options).await,
    }
}
