//! What is measured by programs of their own, because they need a service's code.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Options, Part, table};
use crate::build;

/// Transfers of the measurement of a replica, and of one that only shows that everything runs.
const EVENTS: usize = 100_000;
const EVENTS_QUICK: usize = 5_000;
/// Clients that read at once.
const CLIENTS: usize = 16;

/// Measures one part by its program.
pub fn measure(part: Part, options: &Options) -> Result<()> {
    if let Some(programs) = servers::postgres::find() {
        println!("{}", table::machine(&programs));
    }
    let quick = options.quick;
    let city = if quick { "small" } else { "city" };
    match part {
        Part::Replica => {
            let data = options.data.join("replica");
            std::fs::create_dir_all(&data)?;
            let (events, rounds) = if quick {
                (EVENTS_QUICK, 1)
            } else {
                (EVENTS, options.rounds.max(1))
            };
            let words = [events.to_string(), rounds.to_string()];
            run("heju-funds", "replica_speed", &words, Some(&data.canonicalize()?))
        }
        Part::Import => {
            for format in ["csv", "xlsx"] {
                run("heju-registry", "import_speed", &[format, city], None)?;
            }
            Ok(())
        }
        Part::Reads => {
            let seconds = if quick { 2 } else { options.seconds };
            let words = [city.to_owned(), CLIENTS.to_string(), seconds.to_string()];
            run("heju-registry", "read_speed", &words, None)
        }
        Part::Roll => {
            let homes: &[&str] = if quick { &["500"] } else { &["5000", "100000"] };
            run("heju-registry", "measure_roll", homes, None)?;
            run(
                "heju-registry",
                "measure_roll",
                &[homes, &["--postgres"]].concat(),
                None,
            )
        }
    }
}

fn run(package: &str, example: &str, words: &[impl AsRef<str>], data: Option<&Path>) -> Result<()> {
    let mut command = Command::new(build::cargo());
    command.current_dir(build::workspace_root());
    command.args([
        "run",
        "--release",
        "--package",
        package,
        "--example",
        example,
        "--",
    ]);
    command.args(words.iter().map(AsRef::as_ref)).args(data);
    let status = command.status().context("running cargo")?;
    ensure!(status.success(), "The measurement failed; its message is above.");
    Ok(())
}
