//! pgbench, running the statements of one operation on a copy of the service's own database.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::build::workspace_root;

/// Where the scripts are, from the root of the source tree.
const SCRIPTS: &str = "xtask/src/bench";

/// An operation as pgbench makes it: its statements, and the database to run them on.
pub struct Operation {
    /// Name of its scripts: `cast_vote.sql`, and `cast_vote_setup.sql` for what it works on.
    pub name: &'static str,
    /// The service's database.
    pub database: &'static str,
    /// The table that gets one row with every operation.
    pub table: &'static str,
}

/// Casting a vote, in committees.
pub const CAST_VOTE: Operation = Operation {
    name: "cast_vote",
    database: "heju_committees",
    table: "votes",
};
/// Proposing a draw, in funds.
pub const PROPOSE_DRAW: Operation = Operation {
    name: "propose_draw",
    database: "heju_funds",
    table: "draws",
};
/// Paying a draw, in funds.
pub const PAY_DRAW: Operation = Operation {
    name: "pay_draw",
    database: "heju_funds",
    table: "postings",
};

/// The PostgreSQL server and its programs.
pub struct Pgbench<'a> {
    /// Folder of `psql` and `pgbench`.
    pub programs: &'a Path,
    /// Port of the server on loopback.
    pub port: u16,
}

impl Pgbench<'_> {
    /// Copies the service's database, which nobody may be connected to, and adds what the operation works on.
    pub fn prepare(&self, operation: &Operation) -> Result<()> {
        let Operation { name, database, .. } = operation;
        self.copy(database, &format!("pgbench_{name}"))?;
        let setup = script(&format!("{name}_setup.sql"));
        self.psql(&format!("pgbench_{name}"), &["-f", &setup.display().to_string()])?;
        Ok(())
    }

    /// Operations a second of so many clients, on a fresh copy of what was prepared.
    pub fn run(&self, operation: &Operation, clients: usize, seconds: u64) -> Result<f64> {
        let Operation { name, table, .. } = operation;
        self.copy(&format!("pgbench_{name}"), "pgbench_run")?;
        let count = format!("SELECT count(*) FROM {table}");
        let before: u64 = self.psql("pgbench_run", &["-c", &count])?.trim().parse()?;
        self.psql("pgbench_run", &["-c", "CHECKPOINT"])?;

        let output = self
            .program("pgbench")
            .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
            .args(["--client", &clients.to_string(), "--time", &seconds.to_string()])
            .args(["--define", &format!("clients={clients}"), "--define", "i=0"])
            .arg("--file")
            .arg(script(&format!("{name}.sql")))
            .arg("pgbench_run")
            .output()
            .context("running pgbench")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            bail!(
                "pgbench failed ({}): {said}{}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            );
        }
        let report = Report::read(&said).with_context(|| format!("pgbench said something new: {said}"))?;
        // An operation that found nothing to do would be a fast one.
        let after: u64 = self.psql("pgbench_run", &["-c", &count])?.trim().parse()?;
        if after - before != report.transactions {
            bail!(
                "pgbench made {} transactions, but {} rows of {table}",
                report.transactions,
                after - before
            );
        }
        Ok(report.rate)
    }

    fn copy(&self, from: &str, to: &str) -> Result<()> {
        self.psql("postgres", &["-c", &format!("DROP DATABASE IF EXISTS {to}")])?;
        self.psql(
            "postgres",
            &[
                "-c",
                &format!("CREATE DATABASE {to} TEMPLATE {from} STRATEGY file_copy"),
            ],
        )?;
        Ok(())
    }

    fn psql(&self, database: &str, arguments: &[&str]) -> Result<String> {
        let mut command = self.program("psql");
        command.args([
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--no-align",
            "--set=ON_ERROR_STOP=1",
        ]);
        let output = command
            .args(arguments)
            .arg(database)
            .output()
            .context("running psql")?;
        if !output.status.success() {
            bail!(
                "psql {}: {}",
                arguments.join(" "),
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.args([
            "--host=127.0.0.1",
            "--username=postgres",
            &format!("--port={}", self.port),
        ]);
        command.stdin(Stdio::null());
        command
    }
}

fn script(name: &str) -> PathBuf {
    workspace_root().join(SCRIPTS).join(name)
}

/// What pgbench reports.
struct Report {
    transactions: u64,
    rate: f64,
}

impl Report {
    fn read(text: &str) -> Option<Self> {
        let after = |start: &str| text.lines().find_map(|line| line.strip_prefix(start));
        let transactions = after("number of transactions actually processed: ")?
            .trim()
            .parse()
            .ok()?;
        let rate = after("tps = ")?.split_whitespace().next()?.parse().ok()?;
        Some(Report { transactions, rate })
    }
}

#[cfg(test)]
mod tests {
    use super::Report;

    #[test]
    fn the_report_is_read() {
        let text = "scaling factor: 1\nnumber of transactions actually processed: 8123\n\
                    number of failed transactions: 0 (0.000%)\ntps = 1624.5 (without initial connection time)\n";
        assert!(
            Report::read(text).is_some_and(|report| report.transactions == 8_123 && report.rate > 1_624.0)
        );
        assert!(Report::read("pgbench: error").is_none());
    }
}
