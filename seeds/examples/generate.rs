//! Writes a demonstration city: `cargo run -p heju-seeds --example generate -- --size small --out DIR`.

use std::path::PathBuf;
use std::time::Instant;

use clap::Parser;
use heju_seeds::{DEFAULT_SEED, Size, generate};

/// Writes a demonstration city into a folder.
#[derive(Parser)]
struct Arguments {
    /// `small`, `city` or `custom:<estates>:<homes>`.
    #[arg(long, default_value = "small")]
    size: Size,
    /// Seed of all chance: the same seed and size give the same bytes.
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// The folder; made where it is missing.
    #[arg(long)]
    out: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let started = Instant::now();
    let manifest = generate(
        arguments.size,
        arguments.seed,
        &arguments.out,
        &ids::OwnerId::derive,
        &mut |progress| {
            if progress.areas.is_multiple_of(50) {
                eprintln!(
                    "{} of {} estates, {} homes",
                    progress.areas, progress.areas_total, progress.homes
                );
            }
        },
    )?;
    println!("{}", serde_json::to_string_pretty(&manifest.counts)?);
    println!(
        "{} files in {} ms",
        manifest.files.len() + 1,
        started.elapsed().as_millis()
    );
    Ok(())
}
