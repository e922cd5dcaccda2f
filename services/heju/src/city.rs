//! The demonstration city: written to a folder, then loaded through the public API.

mod accounts;
mod load;

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use seeds::{DEFAULT_SEED, Size};

use crate::config::Config;
use crate::keys;

/// The demonstration city.
#[derive(Subcommand)]
pub enum City {
    /// Write a city into a folder; the same size and seed give the same city.
    Generate {
        /// small, city, or custom:ESTATES:HOMES.
        #[arg(long)]
        size: Size,
        /// Seed of all chance.
        #[arg(long, default_value_t = DEFAULT_SEED)]
        seed: u64,
        /// The folder.
        #[arg(long)]
        out: PathBuf,
    },
    /// Load a city into a running platform; what is there already stays as it is.
    Load(load::Options),
}

/// Does it.
pub async fn run(command: &City, config: &Config) -> Result<()> {
    match command {
        City::Generate { size, seed, out } => {
            let sealer = keys::sealer(config)?;
            let manifest =
                seeds::generate(*size, *seed, out, &|key| sealer.derive_id(key), &mut |progress| {
                    if progress.areas.is_multiple_of(20) || progress.areas == progress.areas_total {
                        print!(
                            "\r  {} of {} estates, {} homes",
                            progress.areas, progress.areas_total, progress.homes
                        );
                        // Progress that cannot be shown is no reason to stop.
                        let _ = std::io::stdout().flush();
                    }
                })?;
            println!();
            accounts::write_hashed(out)?;
            println!(
                "  {} homes, {} owners, {} accounts in {}",
                manifest.counts.homes,
                manifest.counts.owners,
                manifest.counts.accounts,
                out.display()
            );
            Ok(())
        }
        City::Load(options) => load::run(options).await,
    }
}
