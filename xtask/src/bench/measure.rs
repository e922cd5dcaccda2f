//! Measuring everything on one database, ours and pgbench's in turn.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::events;
use super::footprint::{peak_memory_mib, processor_s};
use super::load::{self, Request, Until, median};
use super::payments::Payments;
use super::pgbench::{CAST_VOTE, Operation, PAY_DRAW, PROPOSE_DRAW, Pgbench};
use super::stage::{Setup, Stage};
use super::table::Row;
use super::work::{Proposals, Votes};

/// How many clients there are.
const CLIENTS: [usize; 2] = [1, 32];
/// Ballots for warming up, by which is estimated how many are needed.
const WARM_UP_BALLOTS: usize = 4;

/// How often it is looked whether the platform has come to rest, and how much processor time it may use between.
const LOOK_EVERY: Duration = Duration::from_millis(250);
const IDLE_S: f64 = 0.03;
/// Longest wait for it.
const SETTLE_WITHIN: Duration = Duration::from_secs(20);

/// What all measurements share.
pub struct Bench<'a> {
    /// The PostgreSQL that everything is compared with.
    pub pgbench: Pgbench<'a>,
    /// Seconds a round lasts.
    pub seconds: u64,
    /// Rounds, of which the middle one counts.
    pub rounds: usize,
    /// Draws paid in a round: each takes a vote of the owners of a building before.
    pub payments: usize,
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
pub struct Results {
    /// Operations.
    pub rows: Vec<Row>,
    /// Delays of events, sorted.
    pub delays: Vec<Duration>,
    /// Most memory of the platform after all of it, in MiB.
    pub peak_mib: f64,
    /// Draws reserved a second after their votes had closed.
    pub reserved_per_s: f64,
}

impl Bench<'_> {
    /// Measures everything on one database; `between` runs once with the city loaded and the platform stopped.
    pub fn measure(
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
            let work = Work {
                what: "cast a vote",
                database,
                operation: &CAST_VOTE,
                per_round: usize::MAX,
            };
            rows.push(self.compare(&work, clients, &stage, &|| votes.next())?);
        }
        let last = stage.open_ballots(events::COUNT.div_ceil(stage.voters.len()))?;
        let delays = events::measure(&stage, &Votes::new(&stage, &last))?;

        // Before the proposals, which would be in the lists of what is to be paid.
        let payments = Payments::prepare(&mut stage, self.payments * CLIENTS.len() * self.rounds)?;
        let mut paid = Vec::new();
        for clients in CLIENTS {
            let work = Work {
                what: "pay a draw",
                database,
                operation: &PAY_DRAW,
                per_round: self.payments,
            };
            paid.push(self.compare(&work, clients, &stage, &|| payments.next())?);
        }
        let proposals = Proposals::new(&stage);
        for clients in CLIENTS {
            let work = Work {
                what: "propose a draw",
                database,
                operation: &PROPOSE_DRAW,
                per_round: usize::MAX,
            };
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
        let mut processor = 0.0;
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
            let before = processor_s(stage.platform.pid())?;
            let ours = load::run(&stage.platform.run.gateway, clients, until, &next)
                .with_context(|| format!("{what}, {clients} clients"))?;
            processor += processor_s(stage.platform.pid())? - before;
            settle(stage)?;
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
            processor_ms: processor * 1_000.0 / latencies.len().max(1) as f64,
            latencies,
            pgbench: median(theirs),
            ratio: median(ratios),
        })
    }
}

/// Waits until the platform has nothing left to do, such as events to publish, so that it does not slow pgbench down.
fn settle(stage: &Stage) -> Result<()> {
    let started = Instant::now();
    let mut used = processor_s(stage.platform.pid())?;
    while started.elapsed() < SETTLE_WITHIN {
        std::thread::sleep(LOOK_EVERY);
        let now = processor_s(stage.platform.pid())?;
        if now - used < IDLE_S {
            break;
        }
        used = now;
    }
    Ok(())
}
