//! Building the binary, after looking whether it can be built at all.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use servers::process::on_path;

/// Disk that a build from nothing needs.
const DISK_MIB_MIN: u64 = 4_096;

/// Builds the `heju` binary and returns where it is.
///
/// # Errors
/// One sentence that says what is missing.
pub fn heju(release: bool) -> Result<PathBuf> {
    if !["cc", "gcc", "clang"].iter().any(|name| on_path(name).is_some()) {
        bail!(
            "A C compiler is needed to build SQLite: install gcc (Debian: apt-get install build-essential)."
        );
    }
    if on_path("make").is_none() {
        bail!("make is needed to build the allocator: install it (Debian: apt-get install build-essential).");
    }
    let root = workspace_root();
    if let Some(free) = free_mib(&root)
        && free < DISK_MIB_MIN
    {
        bail!(
            "Only {free} MiB are free on the disk of {}; building needs about {DISK_MIB_MIN} MiB.",
            root.display()
        );
    }
    let mut command = Command::new(cargo());
    // Features are those of the whole workspace, as in the tests, so that nothing is built twice.
    command.current_dir(&root).args([
        "build",
        "--workspace",
        "--bin",
        "heju",
        "--message-format=json-render-diagnostics",
    ]);
    if release {
        command.arg("--release");
    }
    println!(
        "building heju ({}); from nothing this takes some minutes",
        if release { "release" } else { "dev" }
    );
    // Progress goes to the terminal; the machine-readable half says where the binary is.
    let output = command
        .stderr(Stdio::inherit())
        .stdout(Stdio::piped())
        .output()
        .context("running cargo build")?;
    if !output.status.success() {
        bail!("The build failed; the compiler's message is above.");
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact" && message["target"]["name"] == "heju")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo did not say where it put the heju binary")
}

/// The cargo that runs us.
pub fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// The root of the source tree.
pub fn workspace_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

fn free_mib(path: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(path).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let kib: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kib / 1_024)
}
