//! The small demonstration city: generated with the platform's keys, and loaded through its public API.

use std::path::Path;

use anyhow::{Context, Result};

use crate::process;

/// Writes the small city into `folder`.
///
/// # Errors
/// As the program says.
pub fn generate(folder: &Path, environment: &[(String, String)]) -> Result<()> {
    let folder = folder.to_str().context("the folder's name is no text")?;
    process::run(
        &["city", "generate", "--size", "small", "--out", folder],
        environment,
    )?;
    Ok(())
}

/// Loads the city of `folder` into the platform behind `gateway`.
///
/// # Errors
/// As the program says.
pub fn load(folder: &Path, gateway: &str, environment: &[(String, String)]) -> Result<()> {
    let folder = folder.to_str().context("the folder's name is no text")?;
    process::run(
        &["city", "load", "--folder", folder, "--gateway", gateway],
        environment,
    )?;
    Ok(())
}
