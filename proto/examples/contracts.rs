//! Writes the public documents to `docs/contracts`, or says whether the committed ones are up to date.
//!
//! `cargo run -p heju-proto --example contracts -- --write` writes; without `--write` it only compares.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

fn main() -> ExitCode {
    let write = match env::args().nth(1).as_deref() {
        None => false,
        Some("--write") => true,
        Some(other) => {
            eprintln!("{other} is not known; only --write is.");
            return ExitCode::from(2);
        }
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/contracts");
    let documents = [
        ("openapi.json", heju_proto::openapi::document()),
        ("asyncapi.json", heju_proto::asyncapi::document()),
    ];
    let mut stale = false;
    for (name, text) in documents {
        match bring(&folder, name, text, write) {
            Ok(true) => println!("docs/contracts/{name} is up to date"),
            Ok(false) => {
                println!("docs/contracts/{name} differs; run with --write");
                stale = true;
            }
            Err(error) => {
                eprintln!("docs/contracts/{name}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    if stale {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Writes the document where asked to; true where the file holds it afterwards.
fn bring(folder: &Path, name: &str, text: &str, write: bool) -> io::Result<bool> {
    let path = folder.join(name);
    if write {
        fs::create_dir_all(folder)?;
        fs::write(&path, text)?;
        return Ok(true);
    }
    Ok(fs::read_to_string(&path).is_ok_and(|committed| committed == text))
}
