//! `cargo xtask bench`: the platform beside pgbench, in one run.

mod events;
mod footprint;
mod load;
mod payments;
mod pgbench;
mod stage;
mod table;
mod work;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use servers::PostgresServer;
use servers::postgres::Durability;

use crate::build;
use footprint::{Footprint, peak_memory_mib};
use load::{Request, Until, median, percentile};
use payments::Payments;
use pgbench::{CAST_VOTE, Operation, PAY_DRAW, PROPOSE_DRAW, Pgbench};
use stage::{Setup, Stage};
use table::{Figure, Row, millis};
use work::{Proposals, Votes};

/// How many clients there are.
const CLIENTS: [usize; 2] = [1, 32];
/// The city of the measurements: the story's estate and one of six hundred homes.
const CITY: &str = "custom:2:840";
/// Draws paid in a round: each takes a vote of the owners of a building before.
const PAYMENTS: usize = 200;
/// Ballots for warming up, by which is estimated how many are needed.
const WARM_UP_BALLOTS: usize = 4;

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
    /// Where data is kept while it runs, on the disk that is measured.
    #[arg(long, default_value = "target/bench")]
    data: PathBuf,
}

/// What all measurements share.
struct Bench<'a> {
    pgbench: Pgbench<'a>,
    seconds: u64,
    rounds: usize,
}

/// What is measured.
struct Work {
    what: &'static str,
    database: &'static str,
    operation: &'static Operation,
    /// Operations after which a round ends, where its time is not over before.
    per_round: usize,
}

/// What was measured on one database.
struct Results {
    rows: Vec<Row>,
    /// Delays of events, sorted.
    delays: Vec<Duration>,
    peak_mib: f64,
    /// Draws reserved a second after their votes had closed.
    reserved_per_s: f64,
}

/// Measures.
pub fn run(options: &Options) -> Result<()> {
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
    let (seconds, rounds) = if options.quick {
        (2, 1)
    } else {
        (options.seconds, options.rounds.max(1))
    };
    let bench = Bench {
        pgbench,
        seconds,
        rounds,
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
        "{rounds} rounds of {seconds} s, ours and pgbench's in turn; load generator, gateway, NATS and databases on this machine\n"
    );
    let figures = figures(&footprint, &on_sqlite, &on_postgres);
    let rows: Vec<Row> = on_sqlite.rows.into_iter().chain(on_postgres.rows).collect();
    table::print_rows(&rows);
    println!();
    table::print_figures(&figures);
    Ok(())
}

impl Bench<'_> {
    /// Measures everything on one database; `between` runs once with the city loaded and the platform stopped.
    fn measure(
        &self,
        database: &'static str,
        setup: &Setup,
        between: impl FnOnce() -> Result<()>,
    ) -> Result<Results> {
        println!("\n{database}");
        let mut stage = Stage::open(setup, between)?;
        let ballots = self.enough_ballots(&mut stage)?;
        let votes = Votes::new(&stage, &ballots);
        let mut rows = Vec::new();
        for clients in CLIENTS {
            let work = Work { what: "cast a vote", database, operation: &CAST_VOTE, per_round: usize::MAX };
            rows.push(self.compare(&work, clients, &stage, &|| votes.next())?);
        }
        let last = stage.open_ballots(events::COUNT.div_ceil(stage.voters.len()))?;
        let delays = events::measure(&stage, &Votes::new(&stage, &last))?;

        // Before the proposals, which would be in the lists of what is to be paid.
        let payments = Payments::prepare(&mut stage, PAYMENTS * CLIENTS.len() * self.rounds)?;
        let mut paid = Vec::new();
        for clients in CLIENTS {
            let work = Work { what: "pay a draw", database, operation: &PAY_DRAW, per_round: PAYMENTS };
            paid.push(self.compare(&work, clients, &stage, &|| payments.next())?);
        }
        let proposals = Proposals::new(&stage);
        for clients in CLIENTS {
            let work = Work { what: "propose a draw", database, operation: &PROPOSE_DRAW, per_round: usize::MAX };
            rows.push(self.compare(&work, clients, &stage, &|| proposals.next())?);
        }
        rows.extend(paid);
        let peak_mib = peak_memory_mib(stage.platform.pid())?;
        Ok(Results {
            rows,
            delays,
            peak_mib,
            reserved_per_s: payments.reserved_per_s,
        })
    }

    /// Warms up, and announces as many ballots as the measurements will need at that pace.
    fn enough_ballots(&self, stage: &mut Stage) -> Result<Vec<String>> {
        let ballots = stage.open_ballots(WARM_UP_BALLOTS)?;
        let votes = Votes::new(stage, &ballots);
        let gateway = &stage.platform.run.gateway;
        let pace = load::run(gateway, 32, Until::Done, &|| votes.next())?.rate();
        let rounds = self.rounds * CLIENTS.len();
        let needed = pace * 1.3 * self.seconds as f64 * rounds as f64;
        let count = (needed as usize).div_ceil(stage.voters.len()) + 1;
        println!("announcing {count} ballots for {} owners", stage.voters.len());
        stage.open_ballots(count)
    }

    /// Ours and pgbench's in turn, so that what slows the machine down slows both.
    fn compare(
        &self,
        work: &Work,
        clients: usize,
        stage: &Stage,
        next: &(dyn Fn() -> Option<Request> + Sync),
    ) -> Result<Row> {
        let Work {
            what,
            database,
            operation,
            per_round,
        } = *work;
        let (mut rates, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let mut latencies = Vec::new();
        for round in 1..=self.rounds {
            let until = Until::Elapsed(Duration::from_secs(self.seconds));
            let taken = AtomicUsize::new(0);
            let next = || {
                if taken.fetch_add(1, Ordering::Relaxed) < per_round {
                    next()
                } else {
                    None
                }
            };
            let ours = load::run(&stage.platform.run.gateway, clients, until, &next)
                .with_context(|| format!("{what}, {clients} clients"))?;
            let pgbench = self.pgbench.run(operation, clients, self.seconds)?;
            println!(
                "  {what}, {clients} clients, round {round}: {:.0}/s, pgbench {pgbench:.0}/s",
                ours.rate()
            );
            rates.push(ours.rate());
            theirs.push(pgbench);
            ratios.push(ours.rate() / pgbench);
            latencies.extend(ours.latencies);
        }
        latencies.sort();
        Ok(Row {
            operation: what,
            clients,
            database,
            rate: median(rates),
            latencies,
            pgbench: median(theirs),
            ratio: median(ratios),
        })
    }
}

fn figures(footprint: &Footprint, on_sqlite: &Results, on_postgres: &Results) -> Vec<Figure> {
    let votes = on_postgres
        .rows
        .iter()
        .find(|row| row.operation == "cast a vote" && row.clients == 32);
    let ratio = votes.map_or(0.0, |row| row.ratio);
    let mut figures = vec![Figure {
        name: "votes at 32 clients on PostgreSQL, by pgbench".into(),
        measured: format!("{ratio:.2}"),
        target: "≥ 0.40",
        met: Some(ratio >= 0.4),
    }];
    for (database, results) in [("SQLite", on_sqlite), ("PostgreSQL", on_postgres)] {
        let (p50, p99) = (percentile(&results.delays, 50), percentile(&results.delays, 99));
        figures.push(Figure {
            name: format!(
                "event, from the answer of its write to a reader of the live events, p50 / p99, {database}"
            ),
            measured: format!("{} / {} ms", millis(p50), millis(p99)),
            target: "p99 < 50 ms",
            met: Some(p99 < Duration::from_millis(50)),
        });
    }
    for (database, results) in [("SQLite", on_sqlite), ("PostgreSQL", on_postgres)] {
        figures.push(Figure {
            name: format!(
                "draws reserved by events, after the votes on all of them closed together, {database}"
            ),
            measured: format!("{:.0}/s", results.reserved_per_s),
            target: "",
            met: None,
        });
    }
    figures.push(Figure {
        name: "`heju all`, peak memory with the small city loaded".into(),
        measured: format!("{:.0} MiB", footprint.loaded_mib),
        target: "< 150 MB",
        met: Some(footprint.loaded_mib * 1.048_576 < 150.0),
    });
    for (database, results) in [("SQLite", on_sqlite), ("PostgreSQL", on_postgres)] {
        figures.push(Figure {
            name: format!("`heju all`, peak memory after the measurements above, {database}"),
            measured: format!("{:.0} MiB", results.peak_mib),
            target: "",
            met: None,
        });
    }
    let plain = |name: &str, measured| Figure {
        name: name.into(),
        measured,
        target: "",
        met: None,
    };
    figures.push(Figure {
        target: "≤ 5 s",
        met: Some(footprint.ready <= Duration::from_secs(5)),
        ..plain(
            "`heju all`, start to ready, median of 5",
            format!("{} ms", millis(footprint.ready)),
        )
    });
    figures.push(plain(
        "`heju all`, start to ready on an empty folder",
        format!("{} ms", millis(footprint.first_ready)),
    ));
    figures.push(plain(
        "size of the binary",
        format!("{:.1} MiB", footprint.binary_mib),
    ));
    figures
}
