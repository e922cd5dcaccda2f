//! Where the program under test is.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

/// Environment variable that names the program, before any search.
const PROGRAM_ENV: &str = "HEJU_BINARY";

/// The `heju` program: named by `HEJU_BINARY`, else the one beside the test, else built once.
///
/// # Errors
/// Where it cannot be built.
pub fn heju() -> Result<PathBuf> {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    if let Some(found) = FOUND.get() {
        return Ok(found.clone());
    }
    let found = find()?;
    Ok(FOUND.get_or_init(|| found).clone())
}

fn find() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os(PROGRAM_ENV) {
        return Ok(PathBuf::from(named));
    }
    // A test is at target/<profile>/deps/stories-0123456789abcdef.
    let test = std::env::current_exe().context("finding the test's own program")?;
    let profile = test
        .parent()
        .and_then(|deps| deps.parent())
        .context("the test stands in no target folder")?;
    let beside = profile.join("heju");
    if beside.is_file() {
        return Ok(beside);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--package", "heju"]);
    if profile.file_name().is_some_and(|name| name == "release") {
        command.arg("--release");
    }
    println!("building heju");
    if !command.status().context("running cargo build")?.success() || !beside.is_file() {
        bail!("heju could not be built; the compiler's message is above");
    }
    Ok(beside)
}
