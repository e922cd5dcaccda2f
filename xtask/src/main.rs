//! The commands of the project: `cargo xtask up | demo | test | bench`.

mod bench;
mod build;
mod demo;
mod rest;
mod run_file;
mod test;
mod up;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Heju (和居): commands for whoever works on it or tries it.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the whole platform with the demonstration city, on this machine.
    Up(up::Options),
    /// Tell the story of a roof repair through the public API of a running `up`.
    Demo(demo::Options),
    /// Run all tests, with a NATS and a PostgreSQL of their own.
    Test(test::Options),
    /// Measure the platform beside pgbench.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Up(options) => up::run(&options),
        Command::Demo(options) => demo::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Bench(options) => bench::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
