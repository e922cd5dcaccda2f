//! What a running `up` leaves for `demo`: where everything is.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// The file in the data folder.
const NAME: &str = "run.json";

/// A platform that runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunFile {
    /// The gateway, `http://127.0.0.1:8080`.
    pub gateway: String,
    /// The trace viewer.
    pub traces: String,
    /// The folder of the demonstration city.
    pub city: PathBuf,
    /// Process of `up`.
    pub pid: u32,
}

impl RunFile {
    /// Writes it.
    pub fn write(&self, data: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        std::fs::write(data.join(NAME), text)
            .with_context(|| format!("writing {}", data.join(NAME).display()))
    }

    /// Reads it where the platform that wrote it still runs.
    pub fn read(data: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(data.join(NAME)).ok()?;
        let run: RunFile = serde_json::from_str(&text).ok()?;
        Path::new(&format!("/proc/{}", run.pid)).exists().then_some(run)
    }

    /// Removes it.
    pub fn remove(data: &Path) {
        // It may not be there, which is what we want.
        let _ = std::fs::remove_file(data.join(NAME));
    }
}
