//! Ctrl-C and SIGTERM: what was started is ended in order, instead of being left behind.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};

static STOPPED: AtomicBool = AtomicBool::new(false);

/// Listens for both from now on.
pub fn on_signals() -> Result<()> {
    ctrlc::set_handler(|| STOPPED.store(true, Ordering::Relaxed)).context("listening for Ctrl-C")
}

/// Fails where somebody asked to stop.
pub fn check() -> Result<()> {
    if STOPPED.load(Ordering::Relaxed) {
        bail!("Stopped before the end: nothing is printed of what was measured.");
    }
    Ok(())
}
