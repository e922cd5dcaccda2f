//! `cargo xtask test`: every test on this machine, with a NATS and a PostgreSQL of their own, and a line that counts.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;
use servers::PostgresServer;
use servers::postgres::Durability;

use crate::build;

/// What `test` can be told.
#[derive(Args)]
pub struct Options {
    /// Only the tests of this crate.
    #[arg(long, short)]
    package: Option<String>,
    /// Run NATS and PostgreSQL as containers although the machine has them.
    #[arg(long)]
    containers: bool,
    /// Only tests whose name holds this.
    filter: Option<String>,
}

#[derive(Default)]
struct Count {
    passed: u64,
    failed: u64,
    skipped: u64,
}

/// Runs the tests and counts.
pub fn run(options: &Options) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("heju-tests-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let result = run_in(options, &folder);
    // What stays behind in a temporary folder harms nobody.
    let _ = std::fs::remove_dir_all(&folder);
    result
}

fn run_in(options: &Options, folder: &std::path::Path) -> Result<()> {
    // Stories, traces and faults run the binary; cargo test alone does not build it.
    let binary = build::heju(false)?;
    let skips = folder.join("skips");
    let mut command = Command::new(build::cargo());
    command
        .current_dir(build::workspace_root())
        .arg("test")
        .env("HEJU_TEST_SKIPS", &skips)
        .env("HEJU_BINARY", binary);
    match &options.package {
        Some(package) => command.args(["--package", package]),
        None => command.arg("--workspace"),
    };
    command.args(["--no-fail-fast", "--color", "never"]);
    if let Some(filter) = &options.filter {
        command.arg(filter);
    }
    let postgres;
    if options.containers {
        command.env("HEJU_TEST_CONTAINERS", "1");
    } else {
        let nats: PathBuf = servers::nats::find_or_install(&|line| println!("{line}"))?;
        command.env("HEJU_NATS_SERVER", nats);
        match servers::postgres::find() {
            Some(programs) => {
                postgres = PostgresServer::start(&programs, &folder.join("postgres"), Durability::None)?;
                command.env("HEJU_TEST_POSTGRES", postgres.url("").trim_end_matches('/'));
            }
            None => println!(
                "PostgreSQL is not on this machine (Debian: apt-get install postgresql): a Docker daemon is tried, else its tests are skipped."
            ),
        }
    }
    let mut count = Count::default();
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("running cargo test")?;
    let output = child.stdout.take().context("reading what cargo test says")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        read_summary(&line, &mut count);
    }
    let status = child.wait()?;
    let skipped = std::fs::read_to_string(&skips).unwrap_or_default();
    for line in skipped.lines() {
        println!("SKIPPED {line}");
    }
    count.skipped += skipped.lines().count() as u64;
    println!(
        "{} passed, {} failed, {} skipped",
        count.passed, count.failed, count.skipped
    );
    if !status.success() {
        bail!("cargo test failed");
    }
    if count.passed == 0 {
        bail!("no test ran");
    }
    Ok(())
}

/// Adds up lines such as `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
fn read_summary(line: &str, count: &mut Count) {
    let Some(rest) = line.strip_prefix("test result: ") else {
        return;
    };
    for part in rest.split([';', '.']) {
        let mut words = part.split_whitespace();
        let (Some(number), Some(what)) = (
            words.next().and_then(|word| word.parse::<u64>().ok()),
            words.next(),
        ) else {
            continue;
        };
        match what {
            "passed" => count.passed += number,
            "failed" => count.failed += number,
            "ignored" => count.skipped += number,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Count, read_summary};

    #[test]
    fn summaries_of_all_binaries_are_added_up() {
        let mut count = Count::default();
        read_summary(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.1s",
            &mut count,
        );
        read_summary(
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
            &mut count,
        );
        read_summary("some other line", &mut count);
        assert_eq!((count.passed, count.failed, count.skipped), (15, 2, 1));
    }
}
