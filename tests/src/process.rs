//! One process of the platform: started, asked to end, killed, started again, with one log over its lives.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::binary;

/// How long a process may take to end when asked.
const STOP_WITHIN: Duration = Duration::from_secs(20);
/// Pause between looks at a process.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Lines of a log that are shown.
const TAIL_LINES: usize = 40;

/// A `heju` process. Killed when dropped.
#[derive(Debug)]
pub struct Process {
    command: &'static str,
    environment: Vec<(String, String)>,
    log: PathBuf,
    child: Option<Child>,
}

impl Process {
    /// Starts `heju <command>`; its log is appended to `<logs>/<command>.log`.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start(command: &'static str, environment: Vec<(String, String)>, logs: &Path) -> Result<Self> {
        let log = logs.join(format!("{command}.log"));
        let mut process = Process {
            command,
            environment,
            log,
            child: None,
        };
        process.start_again()?;
        Ok(process)
    }

    /// Starts it again, as it was started.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start_again(&mut self) -> Result<()> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        let mut command = heju(&self.environment)?;
        command
            .arg(self.command)
            // A group of its own: Ctrl-C reaches the test alone, which then ends it.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::from(log));
        self.child = Some(
            command
                .spawn()
                .with_context(|| format!("starting heju {}", self.command))?,
        );
        Ok(())
    }

    /// Kills it at once (SIGKILL).
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended already, which is what we want.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Asks it to end (SIGTERM), and waits.
    ///
    /// # Errors
    /// Where it does not end by itself in time, or says that it failed.
    pub fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        // `kill` is asked because sending a signal needs unsafe code otherwise.
        Command::new("kill")
            .args(["-s", "TERM", &child.id().to_string()])
            .status()?;
        let started = Instant::now();
        while started.elapsed() < STOP_WITHIN {
            match child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => bail!("heju {} ended with {status}:\n{}", self.command, self.tail()),
                None => std::thread::sleep(LOOK_EVERY),
            }
        }
        // Nothing is left to do for it.
        let _ = child.kill();
        let _ = child.wait();
        bail!(
            "heju {} did not end within {STOP_WITHIN:?}:\n{}",
            self.command,
            self.tail()
        )
    }

    /// How it ended, where it ended by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.as_mut()?.try_wait().ok()?
    }

    /// The last lines of its log.
    pub fn tail(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_else(|error| format!("(no log: {error})"));
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs `heju <arguments>` to its end and returns what it printed.
///
/// # Errors
/// Where it fails, with what it said.
pub fn run(arguments: &[&str], environment: &[(String, String)]) -> Result<String> {
    let output = heju(environment)?
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .context("running heju")?;
    if !output.status.success() {
        bail!(
            "heju {} failed: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The program with exactly this configuration, whatever the test's own environment holds.
fn heju(environment: &[(String, String)]) -> Result<Command> {
    let mut command = Command::new(binary::heju()?);
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("HEJU_") {
            command.env_remove(key);
        }
    }
    command.envs(environment.iter().map(|(key, value)| (key, value)));
    Ok(command)
}
