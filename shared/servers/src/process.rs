//! Child processes that end with whoever started them.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long a server may take to end by itself before it is killed.
const STOP_WITHIN: Duration = Duration::from_secs(5);
/// Pause between looks at a process.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A server process: asked to end, and then killed, when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    name: &'static str,
    stop_signal: &'static str,
}

impl Server {
    /// Starts `command` in a process group of its own, so that Ctrl-C reaches only the one who started it, who then
    /// ends servers in the right order.
    pub fn start(name: &'static str, stop_signal: &'static str, command: &mut Command) -> Result<Self> {
        use std::os::unix::process::CommandExt;
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {name}"))?;
        Ok(Server {
            child,
            name,
            stop_signal,
        })
    }

    /// Id of the process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `ready` gives something, at most `limit`; says what the log holds where the server ended before.
    pub fn wait_until<T>(
        &mut self,
        limit: Duration,
        log: &Path,
        mut ready: impl FnMut() -> Option<T>,
    ) -> Result<T> {
        let started = Instant::now();
        loop {
            if let Some(found) = ready() {
                return Ok(found);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!(
                    "{} ended at once ({status}); its log says:\n{}",
                    self.name,
                    tail(log)
                );
            }
            if started.elapsed() > limit {
                bail!(
                    "{} did not answer within {} s; its log says:\n{}",
                    self.name,
                    limit.as_secs(),
                    tail(log)
                );
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Kills it at once (SIGKILL), as a crash would.
    pub fn kill(&mut self) {
        // It may have ended already, which is what we want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end and waits.
    pub fn stop(&mut self) {
        let pid = self.child.id().to_string();
        // `kill` is asked because sending a signal needs unsafe code otherwise.
        let _ = Command::new("kill").args(["-s", self.stop_signal, &pid]).status();
        let started = Instant::now();
        while started.elapsed() < STOP_WITHIN {
            match self.child.try_wait() {
                Ok(None) => std::thread::sleep(LOOK_EVERY),
                _ => return,
            }
        }
        self.kill();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.stop();
        }
    }
}

/// The last lines of a log.
fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_else(|error| format!("(no log: {error})"));
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

/// Where a program is on the PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The folder for what is fetched once and used again, outside the source tree.
pub fn cache_folder() -> PathBuf {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
        .unwrap_or_else(std::env::temp_dir);
    base.join("heju")
}
