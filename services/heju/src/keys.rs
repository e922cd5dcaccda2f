//! The keys for personal data: configured, or made once in the data folder.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use sealing::{Keys, Sealer};

use crate::config::Config;

/// File of the embedded default.
const FILE: &str = "sealing-keys";
/// Id of the first key in it.
const FIRST: &str = "k1";

/// The sealer that the configuration describes.
///
/// # Errors
/// Where keys are malformed, or the file cannot be read or made.
pub fn sealer(config: &Config) -> Result<Sealer> {
    let sealing = &config.sealing;
    if sealing.keys.expose().is_empty() {
        return embedded(&config.data);
    }
    let keys = pairs(sealing.keys.expose())?;
    let keys = Keys::from_hex(keys, &sealing.current, sealing.index.expose()).context("reading [sealing]")?;
    Ok(Sealer::new(keys))
}

fn pairs(text: &str) -> Result<Vec<(&str, &str)>> {
    text.split(',')
        .map(|pair| {
            pair.trim()
                .split_once(':')
                .context("sealing.keys must be pairs id:key, separated by commas")
        })
        .collect()
}

/// Two lines: the sealing key and the index key. Only the owner of the process may read it.
fn embedded(data: &Path) -> Result<Sealer> {
    let file = data.join(FILE);
    if !file.exists() {
        std::fs::create_dir_all(data).with_context(|| format!("creating {}", data.display()))?;
        let text = format!("{}\n{}\n", random_key(), random_key());
        let mut made = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&file)
            .with_context(|| format!("creating {}", file.display()))?;
        made.write_all(text.as_bytes())
            .with_context(|| format!("writing {}", file.display()))?;
        made.sync_all()?;
    }
    let text = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let [key, index] = lines[..] else {
        bail!(
            "{} is damaged: it must hold two keys; restore it from a copy, or personal data stays sealed.",
            file.display()
        );
    };
    let keys = Keys::from_hex([(FIRST, key)], FIRST, index)
        .with_context(|| format!("reading {}", file.display()))?;
    Ok(Sealer::new(keys))
}

fn random_key() -> String {
    let bytes: [u8; 32] = rand::random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
