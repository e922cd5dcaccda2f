//! The tables that are printed.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::load::percentile;

/// An operation on a database with so many clients.
pub struct Row {
    /// What is done.
    pub operation: &'static str,
    /// Clients.
    pub clients: usize,
    /// SQLite or PostgreSQL.
    pub database: &'static str,
    /// Operations a second through the gateway, in the middle of the rounds.
    pub rate: f64,
    /// From request to answer, sorted.
    pub latencies: Vec<Duration>,
    /// Processor time of `heju all` for one operation, in milliseconds.
    pub processor_ms: f64,
    /// Operations a second of pgbench, in the middle of the rounds.
    pub pgbench: f64,
    /// The one by the other, in the middle of the rounds.
    pub ratio: f64,
}

/// A figure with what it should be.
pub struct Figure {
    /// What it is.
    pub name: String,
    /// As measured.
    pub measured: String,
    /// What it should be; empty where nothing is asked.
    pub target: &'static str,
    /// Whether it is.
    pub met: Option<bool>,
}

/// Prints the rows.
pub fn print_rows(rows: &[Row]) {
    println!(
        "| operation | clients | database | operations/s | p50 ms | p99 ms | CPU ms | pgbench/s | ratio |"
    );
    println!("|---|--:|---|--:|--:|--:|--:|--:|--:|");
    for row in rows {
        println!(
            "| {} | {} | {} | {:.0} | {} | {} | {:.2} | {:.0} | {:.2} |",
            row.operation,
            row.clients,
            row.database,
            row.rate,
            millis(percentile(&row.latencies, 50)),
            millis(percentile(&row.latencies, 99)),
            row.processor_ms,
            row.pgbench,
            row.ratio
        );
    }
}

/// Prints the figures.
pub fn print_figures(figures: &[Figure]) {
    println!("| figure | measured | target | met |");
    println!("|---|--:|--:|---|");
    for Figure {
        name,
        measured,
        target,
        met,
    } in figures
    {
        let met = met.map_or("", |met| if met { "yes" } else { "no" });
        println!("| {name} | {measured} | {target} | {met} |");
    }
}

/// Milliseconds with one decimal.
pub fn millis(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64() * 1_000.0)
}

/// One line on what was measured where.
pub fn machine(postgres: &Path) -> String {
    let cpu = line_of("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".into());
    let memory = line_of("/proc/meminfo", "MemTotal").unwrap_or_default();
    let memory: u64 = memory.trim_end_matches("kB").trim().parse().unwrap_or_default();
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let said = |program: &Path, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let version = said(&postgres.join("postgres"), &["--version"]).unwrap_or_default();
    let commit = said(Path::new("git"), &["rev-parse", "--short", "HEAD"]).unwrap_or_default();
    format!(
        "{processors} × {cpu}, {} MiB; {version}; commit {commit}",
        memory / 1_024
    )
}

fn line_of(file: &str, start: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(start))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
