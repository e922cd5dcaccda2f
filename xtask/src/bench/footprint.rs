//! What the platform takes: memory, time to start, size of the binary.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use super::stage::Setup;
use super::stop;
use crate::up;

/// Starts that are timed.
const STARTS: usize = 5;
/// Time for the replicas of the registry to settle after the city was loaded.
const SETTLE: Duration = Duration::from_secs(2);

/// Linux tells processor time in hundredths of a second (USER_HZ), whatever its own tick is.
const TICKS_PER_S: f64 = 100.0;

/// What the platform takes with the small city.
pub struct Footprint {
    /// Peak memory with the city loaded, in MiB.
    pub loaded_mib: f64,
    /// From the start of the process to ready, on an empty data folder.
    pub first_ready: Duration,
    /// The same with data, in the middle of several starts.
    pub ready: Duration,
    /// Size of the binary in MiB.
    pub binary_mib: f64,
}

/// Measures it.
pub fn measure(setup: &Setup) -> Result<Footprint> {
    let mut options = setup.options();
    let platform = up::start(&options)?;
    std::thread::sleep(SETTLE);
    let loaded_mib = peak_memory_mib(platform.pid())?;
    let first_ready = platform.ready_after;
    drop(platform);

    options.load = false;
    let mut ready = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        stop::check()?;
        ready.push(up::start(&options)?.ready_after);
    }
    ready.sort();
    Ok(Footprint {
        loaded_mib,
        first_ready,
        ready: ready[STARTS / 2],
        binary_mib: size_mib(setup.binary)?,
    })
}

/// The most memory that a process had so far, in MiB.
pub fn peak_memory_mib(pid: u32) -> Result<f64> {
    let file = format!("/proc/{pid}/status");
    let text = std::fs::read_to_string(&file).with_context(|| format!("reading {file}"))?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .context("no VmHWM: is this Linux?")?;
    let kib: u32 = line
        .trim()
        .trim_end_matches("kB")
        .trim()
        .parse()
        .context("reading VmHWM")?;
    Ok(f64::from(kib) / 1_024.0)
}

/// Processor time that a process used so far, in seconds.
pub fn processor_s(pid: u32) -> Result<f64> {
    let file = format!("/proc/{pid}/stat");
    let text = std::fs::read_to_string(&file).with_context(|| format!("reading {file}"))?;
    // The name in brackets may hold anything, so fields are counted from behind it: user and system time.
    let fields = text.rsplit_once(')').map(|(_, fields)| fields.split_whitespace());
    let ticks: Vec<f64> = fields
        .into_iter()
        .flatten()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse().ok())
        .collect();
    Ok(ticks.iter().sum::<f64>() / TICKS_PER_S)
}

fn size_mib(file: &Path) -> Result<f64> {
    let bytes = std::fs::metadata(file)
        .with_context(|| format!("reading {}", file.display()))?
        .len();
    Ok(bytes as f64 / (1_024.0 * 1_024.0))
}
