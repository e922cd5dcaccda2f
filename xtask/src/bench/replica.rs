//! How fast a replica is built from the first event: by a program of its own, because it needs the service's code.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::table;
use crate::build;

/// Transfers of the measurement, and of one that only shows that everything runs.
const EVENTS: usize = 100_000;
const EVENTS_QUICK: usize = 5_000;

/// Builds the replica of funds again and again on both databases, beside a consumer that only acknowledges.
pub fn measure(quick: bool, rounds: usize, data: &Path) -> Result<()> {
    let (events, rounds) = if quick {
        (EVENTS_QUICK, 1)
    } else {
        (EVENTS, rounds.max(1))
    };
    std::fs::create_dir_all(data)?;
    let data = data.canonicalize()?;
    let mut command = Command::new(build::cargo());
    command.current_dir(build::workspace_root()).args([
        "run",
        "--release",
        "--package",
        "heju-funds",
        "--example",
        "replica_speed",
        "--",
    ]);
    command.args([events.to_string(), rounds.to_string()]).arg(data);
    if let Some(programs) = servers::postgres::find() {
        println!("{}", table::machine(&programs));
    }
    let status = command.status().context("running cargo")?;
    ensure!(status.success(), "The measurement failed; its message is above.");
    Ok(())
}
