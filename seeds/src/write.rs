//! Files of the folder: rows go straight to disk and are hashed on the way; no file exceeds the bound.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{Result, SeedsError};
use crate::manifest::{ACCOUNTS_FILE, FileEntry, MANIFEST_FILE, Table};

/// Most rows of a file: a quarter of what an import takes, so that one load stays a short transaction.
pub const ROWS_PER_FILE_MAX: u64 = 5_000;

/// Makes the folder and takes away what an earlier generation left in it; other files stay.
pub(crate) fn prepare(folder: &Path) -> Result<()> {
    let failed = |source| SeedsError::File {
        path: folder.to_owned(),
        source,
    };
    fs::create_dir_all(folder).map_err(failed)?;
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_str().is_some_and(is_ours) {
            let path = entry.path();
            fs::remove_file(&path).map_err(|source| SeedsError::File { path, source })?;
        }
    }
    Ok(())
}

/// Whether a generation writes files of this name.
fn is_ours(name: &str) -> bool {
    if [MANIFEST_FILE, ACCOUNTS_FILE, "firms.csv"].contains(&name) {
        return true;
    }
    let Some((table, number)) = name.strip_suffix(".csv").and_then(|stem| stem.split_once('-')) else {
        return false;
    };
    ["areas", "buildings", "homes", "ownerships", "deposits"].contains(&table)
        && number.len() >= 4
        && number.bytes().all(|digit| digit.is_ascii_digit())
}

/// A table that is being written, file by file.
pub(crate) struct TableWriter {
    folder: PathBuf,
    table: Table,
    /// Name without number and ending.
    stem: &'static str,
    /// False for a table that is always one file without a number.
    numbered: bool,
    number: u32,
    open: Option<Open>,
    files: Vec<FileEntry>,
}

struct Open {
    name: String,
    path: PathBuf,
    rows: u64,
    csv: csv::Writer<Hashing>,
}

impl TableWriter {
    pub(crate) fn single(folder: &Path, table: Table, stem: &'static str) -> TableWriter {
        TableWriter {
            numbered: false,
            ..TableWriter::numbered(folder, table, stem)
        }
    }

    pub(crate) fn numbered(folder: &Path, table: Table, stem: &'static str) -> TableWriter {
        TableWriter {
            folder: folder.to_owned(),
            table,
            stem,
            numbered: true,
            number: 1,
            open: None,
            files: Vec::new(),
        }
    }

    /// Whether the open file takes so many more rows.
    pub(crate) fn takes(&self, rows: u64) -> bool {
        self.open.as_ref().map_or(0, |open| open.rows) + rows <= ROWS_PER_FILE_MAX
    }

    /// Ends the open file; the next row goes into one with the next number.
    pub(crate) fn turn(&mut self) -> Result<()> {
        self.close()?;
        self.number += 1;
        Ok(())
    }

    /// Writes a row.
    pub(crate) fn row<R: Serialize>(&mut self, row: &R) -> Result<()> {
        let open = match &mut self.open {
            Some(open) => open,
            None => {
                let name = if self.numbered {
                    format!("{}-{:04}.csv", self.stem, self.number)
                } else {
                    format!("{}.csv", self.stem)
                };
                let path = self.folder.join(&name);
                let csv = csv::Writer::from_writer(Hashing::create(&path)?);
                self.open.insert(Open {
                    name,
                    path,
                    rows: 0,
                    csv,
                })
            }
        };
        open.csv.serialize(row).map_err(|source| SeedsError::Row {
            path: open.path.clone(),
            source,
        })?;
        open.rows += 1;
        Ok(())
    }

    /// Ends the table and says what was written.
    pub(crate) fn finish(mut self) -> Result<Vec<FileEntry>> {
        self.close()?;
        Ok(self.files)
    }

    fn close(&mut self) -> Result<()> {
        let Some(Open {
            name,
            path,
            rows,
            csv,
        }) = self.open.take()
        else {
            return Ok(());
        };
        let hashing = csv.into_inner().map_err(|error| SeedsError::File {
            path: path.clone(),
            source: io::Error::new(error.error().kind(), error.error().to_string()),
        })?;
        let (bytes, sha256) = hashing
            .finish()
            .map_err(|source| SeedsError::File { path, source })?;
        self.files.push(FileEntry {
            name,
            table: self.table,
            rows,
            bytes,
            sha256,
        });
        Ok(())
    }
}

/// Writes a value as indented JSON with a final newline; gives its length and checksum.
pub(crate) fn json<T: Serialize>(folder: &Path, name: &str, value: &T) -> Result<(u64, String)> {
    let path = folder.join(name);
    let mut hashing = Hashing::create(&path)?;
    serde_json::to_writer_pretty(&mut hashing, value).map_err(|source| SeedsError::Json {
        path: path.clone(),
        source,
    })?;
    hashing
        .write_all(b"\n")
        .and_then(|()| hashing.finish())
        .map_err(|source| SeedsError::File { path, source })
}

/// A file that counts and hashes what goes into it.
struct Hashing {
    file: BufWriter<File>,
    bytes: u64,
    digest: Sha256,
}

impl Hashing {
    fn create(path: &Path) -> Result<Hashing> {
        let file = File::create(path).map_err(|source| SeedsError::File {
            path: path.to_owned(),
            source,
        })?;
        Ok(Hashing {
            file: BufWriter::with_capacity(1 << 16, file),
            bytes: 0,
            digest: Sha256::new(),
        })
    }

    fn finish(self) -> io::Result<(u64, String)> {
        self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok((self.bytes, hex::encode(self.digest.finalize())))
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_files_are_taken_away() {
        for name in [
            "homes-0001.csv",
            "areas-12345.csv",
            "firms.csv",
            "accounts.json",
            "manifest.json",
        ] {
            assert!(is_ours(name), "{name}");
        }
        for name in [
            "homes.csv",
            "homes-1.csv",
            "notes-0001.csv",
            "homes-000a.csv",
            "firms.txt",
        ] {
            assert!(!is_ours(name), "{name}");
        }
    }
}
