//! `cargo xtask bench`: the platform beside pgbench, in one run.

mod connection;
mod events;
mod example;
mod figures;
mod footprint;
mod load;
mod measure;
mod payments;
mod pgbench;
mod stage;
mod stop;
mod table;
mod work;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use servers::PostgresServer;
use servers::postgres::Durability;

use crate::build;
use measure::Bench;
use pgbench::{CAST_VOTE, PAY_DRAW, PROPOSE_DRAW, Pgbench};
use stage::Setup;
use table::Row;

/// The city of the measurements: the story's estate and one of six hundred homes.
const CITY: &str = "custom:2:840";

/// What `bench` can be told.
#[derive(Args)]
pub struct Options {
    /// Seconds each measurement lasts.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Rounds of each measurement, ours and pgbench's in turn; the middle one counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// One round of two seconds: to see that everything runs, not to compare.
    #[arg(long)]
    quick: bool,
    /// Measure this binary instead of building an optimised one.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Measure only this.
    #[arg(long)]
    only: Option<Part>,
    /// Where data is kept while it runs, on the disk that is measured.
    #[arg(long, default_value = "target/bench")]
    data: PathBuf,
}

/// What can be measured alone.
#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// A replica from the first event, beside what NATS delivers by itself.
    Replica,
    /// Loading a whole city, beside COPY of the same rows.
    Import,
    /// Lists and searches of a whole city by sixteen clients at once.
    Reads,
    /// The roll of an area and its check.
    Roll,
}

/// Measures.
pub fn run(options: &Options) -> Result<()> {
    if let Some(part) = options.only {
        return example::measure(part, options);
    }
    stop::on_signals()?;
    let programs = servers::postgres::find()
        .filter(|folder| folder.join("pgbench").is_file())
        .context("PostgreSQL with pgbench is needed to compare with (Debian: apt-get install postgresql).")?;
    let binary = match &options.binary {
        Some(binary) => binary.clone(),
        None => build::heju(true)?,
    };
    for part in ["server", "small", "postgres", "sqlite"] {
        let folder = options.data.join(part);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
        }
    }
    std::fs::create_dir_all(&options.data)?;
    let data = options.data.canonicalize()?;
    let setup = |part: &str, city, postgres| Setup {
        binary: &binary,
        data: data.join(part),
        city,
        postgres,
    };

    let footprint = footprint::measure(&setup("small", "small", None))?;
    let server = PostgresServer::start(&programs, &data.join("server"), Durability::Full)?;
    let pgbench = Pgbench {
        programs: &programs,
        port: server.port(),
    };
    let (seconds, rounds, payments) = if options.quick {
        (2, 1, 40)
    } else {
        (options.seconds, options.rounds.max(1), 200)
    };
    let bench = Bench {
        pgbench,
        seconds,
        rounds,
        payments,
    };

    let url = server.url("").trim_end_matches('/').to_owned();
    let on_postgres = bench.measure("PostgreSQL", &setup("postgres", CITY, Some(url)), || {
        bench.pgbench.prepare(&CAST_VOTE)?;
        bench.pgbench.prepare(&PROPOSE_DRAW)?;
        bench.pgbench.prepare(&PAY_DRAW)
    })?;
    let on_sqlite = bench.measure("SQLite", &setup("sqlite", CITY, None), || Ok(()))?;

    println!("\n{}", table::machine(&programs));
    println!(
        "{rounds} rounds of {seconds} s, ours and pgbench's in turn; load generator, gateway, NATS and databases on this machine"
    );
    println!("CPU ms: processor time of `heju all` for one operation\n");
    let figures = figures::all(&footprint, &on_sqlite, &on_postgres);
    let rows: Vec<Row> = on_sqlite.rows.into_iter().chain(on_postgres.rows).collect();
    table::print_rows(&rows);
    println!();
    table::print_figures(&figures);
    Ok(())
}
