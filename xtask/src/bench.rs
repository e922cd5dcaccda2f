//! `cargo xtask bench`: the platform beside pgbench, in one run.

use anyhow::Result;
use clap::Args;

/// What `bench` can be told.
#[derive(Args)]
pub struct Options {
    /// Seconds each measurement lasts.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

/// Measures.
pub fn run(options: &Options) -> Result<()> {
    let _ = options.seconds;
    anyhow::bail!("not there yet")
}
