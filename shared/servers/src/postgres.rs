//! A PostgreSQL server of one's own: found on the machine, and started on loopback from an empty folder.

use std::fs::File;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{Server, on_path};

/// How long it may take to start.
const START_WITHIN: Duration = Duration::from_secs(60);
/// Where Debian puts the programs, newest version first.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";

/// A running server; ends when dropped.
#[derive(Debug)]
pub struct PostgresServer {
    server: Server,
    port: u16,
}

/// How durable the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A commit is on the disk before it is answered: for benchmarks.
    Full,
    /// Nothing waits for the disk: for tests, whose data nobody needs after a crash of the machine.
    None,
}

impl PostgresServer {
    /// Creates a cluster in `folder` where there is none, and starts it on a free port.
    ///
    /// # Errors
    /// One sentence that says what to do where it does not start.
    pub fn start(programs: &Path, folder: &Path, durability: Durability) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        let user = ordinary_user(folder)?;
        let data = folder.join("data");
        let as_user = |command: &mut Command| {
            if let Some((uid, gid)) = user {
                // PostgreSQL refuses to run as root.
                command.uid(uid).gid(gid);
            }
            command.current_dir(folder).stdin(Stdio::null());
        };
        if !data.join("PG_VERSION").exists() {
            let mut initdb = Command::new(programs.join("initdb"));
            initdb
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--no-sync",
                    "-D",
                ])
                .arg(&data);
            as_user(&mut initdb);
            let output = initdb.output().context("running initdb")?;
            if !output.status.success() {
                bail!(
                    "initdb failed: {}",
                    String::from_utf8_lossy(&output.stderr).trim()
                );
            }
        }
        let port = free_port()?;
        let log = folder.join("postgres.log");
        let output = File::options().create(true).append(true).open(&log)?;
        let mut command = Command::new(programs.join("postgres"));
        command.arg("-D").arg(&data).arg("-k").arg(folder);
        command.args(["-p", &port.to_string()]);
        command.args(["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=400"]);
        if durability == Durability::None {
            command.args([
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off",
            ]);
        }
        as_user(&mut command);
        command
            .stdout(Stdio::from(output.try_clone()?))
            .stderr(Stdio::from(output));
        // INT is PostgreSQL's fast shutdown: it ends sessions instead of waiting for them.
        let mut server = Server::start("postgres", "INT", &mut command)?;
        let ready = programs.join("pg_isready");
        server.wait_until(START_WITHIN, &log, || {
            let status = Command::new(&ready)
                .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
                .status();
            status.is_ok_and(|status| status.success()).then_some(())
        })?;
        Ok(PostgresServer { server, port })
    }

    /// URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Id of the process.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }
}

/// The folder with `initdb` and `postgres`: beside the one on the PATH, or Debian's newest.
pub fn find() -> Option<PathBuf> {
    let beside_path = on_path("initdb").and_then(|program| program.parent().map(Path::to_path_buf));
    let mut candidates: Vec<PathBuf> = beside_path.into_iter().collect();
    let mut debian: Vec<(u32, PathBuf)> = std::fs::read_dir(DEBIAN_FOLDER)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    debian.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    candidates.extend(debian.into_iter().map(|(_, folder)| folder));
    candidates.into_iter().find(|folder| {
        ["initdb", "postgres", "pg_isready"]
            .iter()
            .all(|name| folder.join(name).is_file())
    })
}

/// A free port on loopback.
fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))
        .context("finding a free port")?
        .local_addr()?
        .port())
}

/// For root: an ordinary user to run as, who is given `folder`; `None` for everybody else.
fn ordinary_user(folder: &Path) -> Result<Option<(u32, u32)>> {
    let metadata = std::fs::metadata("/proc/self").context("reading who runs this")?;
    if metadata.uid() != 0 {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").context("reading /etc/passwd")?;
    let find = |name: &str| {
        users.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            (fields.first() == Some(&name))
                .then(|| Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?)))?
        })
    };
    let Some((uid, gid)) = find("postgres").or_else(|| find("nobody")) else {
        bail!(
            "PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`: run as an ordinary user."
        );
    };
    chown(folder, Some(uid), Some(gid))
        .with_context(|| format!("giving {} to an ordinary user", folder.display()))?;
    Ok(Some((uid, gid)))
}
