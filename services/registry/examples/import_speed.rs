//! How long a whole city takes to load, beside `psql`'s COPY of the same rows into the same tables, indexes on.
//!
//! ```sh
//! cargo run --release -p heju-registry --example import_speed -- csv city
//! ```
//!
//! The first word is `csv` or `xlsx`, the second `small`, `city` or `custom:<estates>:<homes>`.
//! `HEJU_TEST_POSTGRES` names a server; without it one is started that does not wait for the disk, for both sides.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod city;

use std::process::Command;
use std::time::{Duration, Instant};

use registry::Registry;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use seeds::Size;

const REGISTERS: [&str; 7] = [
    "firms",
    "areas",
    "buildings",
    "homes",
    "owners",
    "ownerships",
    "ownership_owners",
];

#[tokio::main]
async fn main() {
    let mut words = std::env::args().skip(1);
    let format = words.next().unwrap_or_else(|| "csv".into());
    let size: Size = words
        .next()
        .unwrap_or_else(|| "city".into())
        .parse()
        .expect("a size");
    let before = resident_max();
    let (mut world, imported) = city::loaded(size, &format).await;
    println!("most memory: {before} KiB before, {} KiB after", resident_max());

    let ours = world.service_config().await.database.url; // a fresh database, not migrated
    hosting::host::migrate::<Registry>(&hosting::ServiceConfig {
        database: db::Config {
            url: ours.clone(),
            ..db::Config::default()
        },
        ..hosting::ServiceConfig::default()
    })
    .await
    .unwrap();
    let reader = world.hosted("registry").store.reader();
    let sql = Statement::from_string(DbBackend::Postgres, "SELECT current_database() AS name");
    let name: String = reader
        .query_one_raw(sql)
        .await
        .unwrap()
        .unwrap()
        .try_get("", "name")
        .unwrap();
    let (server, _) = ours.rsplit_once('/').unwrap();
    let loaded = format!("{server}/{name}");
    let folder = tempfile::tempdir().unwrap();
    let mut copied = Duration::ZERO;
    let mut copied_registers = Duration::ZERO;
    for table in REGISTERS.iter().copied().chain(["outbox"]) {
        let out = folder.path().join(format!("{table}.copy"));
        psql(&loaded, &format!("\\copy {table} TO '{}'", out.display()));
        let took = psql(&ours, &format!("\\copy {table} FROM '{}'", out.display()));
        println!("COPY {table:<18} {:>8.2} s", took.as_secs_f64());
        copied += took;
        if table != "outbox" {
            copied_registers += took;
        }
    }
    let ratio = |copied: Duration| imported.as_secs_f64() / copied.as_secs_f64();
    println!(
        "import {:.2} s; COPY of the registers {:.2} s: {:.2} times; with the events {:.2} s: {:.2} times",
        imported.as_secs_f64(),
        copied_registers.as_secs_f64(),
        ratio(copied_registers),
        copied.as_secs_f64(),
        ratio(copied)
    );
}

fn psql(url: &str, command: &str) -> Duration {
    let begun = Instant::now();
    let done = Command::new("psql")
        .args([
            "--quiet",
            "--no-psqlrc",
            "--set=ON_ERROR_STOP=1",
            "--command",
            command,
            url,
        ])
        .status()
        .expect("psql is there");
    assert!(done.success(), "{command}");
    begun.elapsed()
}

/// Peak memory of this process in KiB.
fn resident_max() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}
