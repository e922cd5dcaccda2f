//! Loading a file (导入): what was asked, how far it is, and what may happen next.
//!
//! A file comes in parts, is read into portions, and each portion is checked or recorded in a transaction of its own,
//! together with how far the import is: after a crash it goes on where it stopped.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ids::ImportId;
use serde::{Deserialize, Serialize};

use super::table::TableKind;

pub mod refusal;

use refusal::Refusal;

/// Most bytes of a file: beyond it a file of a city is two files.
pub const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most bytes of a part: as base64 it fits the gateway's limit of a body.
pub const PART_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// One table.
    Table(TableKind),
    /// A workbook with a sheet for each kind of table, as an export of an area is.
    Workbook,
}

/// What is done with the rows.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Mode {
    /// They are checked, and nothing is recorded.
    Check,
    /// They are recorded where all are right.
    Strict,
    /// Those that are right are recorded.
    Lenient,
}

/// A pass over the portions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pass {
    /// Checks.
    Checking,
    /// Records.
    Recording,
}

/// How far an import is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Parts are awaited.
    Uploading {
        /// Bytes that came.
        received: u64,
    },
    /// The file is here and is being read.
    Reading,
    /// Portions are being handled.
    Running {
        /// In which pass.
        pass: Pass,
        /// The portion that comes next, from 0.
        next: u32,
        /// Rows handled in this pass.
        rows_done: u32,
    },
    /// Done.
    Finished,
    /// Rows were wrong in strict mode.
    Refused,
    /// The file cannot be read.
    Failed(Failure),
    /// Somebody ended it.
    Cancelled,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Stable reason.
    pub reason: String,
    /// What is the matter and what cures it, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What the file holds.
    pub target: Target,
    /// What to do with the rows.
    pub mode: Mode,
    /// Name of the file.
    pub file_name: String,
    /// Bytes of the file, 1 to [`FILE_BYTES_MAX`].
    pub file_size: u64,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// Titles that stand for our columns, by the column's name.
    pub titles: BTreeMap<String, String>,
    /// The row that holds the titles, from 1.
    pub header_line: u32,
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Recorded.
    pub recorded: u32,
    /// Stood already.
    pub unchanged: u32,
    /// Wrong.
    pub wrong: u32,
}

/// What the reading of a file gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staged {
    /// Portions.
    pub portions: u32,
    /// Rows, the header not counted.
    pub rows: u32,
    /// Titles of columns that are none of ours.
    pub ignored_columns: Vec<String>,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// What was asked.
    pub request: Request,
    /// How far it is.
    pub state: State,
    /// Portions of the file; 0 until it was read.
    pub portions: u32,
    /// Rows of the file; 0 until it was read.
    pub rows: u32,
    /// What became of the rows of the present pass.
    pub counts: Counts,
    /// Titles of columns that are not read.
    pub ignored_columns: Vec<String>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
    /// One higher with every change.
    pub version: i64,
}

/// A part that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// It is the next one; this is the import after it.
    Next(Box<Import>),
    /// It begins before what is awaited: whoever sent it did not hear the answer.
    Again,
}

impl Import {
    /// A new import.
    pub fn begin(id: ImportId, request: Request, now: DateTime<Utc>) -> Import {
        Import {
            id,
            request,
            state: State::Uploading { received: 0 },
            portions: 0,
            rows: 0,
            counts: Counts::default(),
            ignored_columns: Vec::new(),
            created_at: now,
            changed_at: now,
            version: 1,
        }
    }

    /// True where nothing will change any more.
    pub fn is_ended(&self) -> bool {
        match self.state {
            State::Uploading { .. } | State::Reading | State::Running { .. } => false,
            State::Finished | State::Refused | State::Failed(_) | State::Cancelled => true,
        }
    }

    /// Decides about a part of `length` bytes that begins at `offset`.
    ///
    /// # Errors
    /// `IMPORT_NOT_UPLOADING` where no part is awaited and it cannot be one that came; `PART_OUT_OF_PLACE` where it
    /// leaves a gap or goes beyond the file.
    pub fn arrival(&self, offset: u64, length: u64, now: DateTime<Utc>) -> Result<Arrival, Refusal> {
        let end = offset.saturating_add(length);
        let received = match self.state {
            State::Uploading { received } => received,
            // The answer to the last part may have been lost.
            State::Reading if end <= self.request.file_size => return Ok(Arrival::Again),
            State::Reading
            | State::Running { .. }
            | State::Finished
            | State::Refused
            | State::Failed(_)
            | State::Cancelled => return Err(Refusal::ImportNotUploading),
        };
        if end <= received {
            return Ok(Arrival::Again);
        }
        if offset != received || end > self.request.file_size {
            return Err(Refusal::PartOutOfPlace {
                expected: received,
                file_size: self.request.file_size,
            });
        }
        let state = if end == self.request.file_size {
            State::Reading
        } else {
            State::Uploading { received: end }
        };
        Ok(Arrival::Next(Box::new(self.to(state, now))))
    }

    /// The import after its file was read.
    pub fn staged(&self, staged: Staged, now: DateTime<Utc>) -> Import {
        let pass = match self.request.mode {
            Mode::Check | Mode::Strict => Pass::Checking,
            Mode::Lenient => Pass::Recording,
        };
        let mut after = self.to(
            State::Running {
                pass,
                next: 0,
                rows_done: 0,
            },
            now,
        );
        after.portions = staged.portions;
        after.rows = staged.rows;
        after.ignored_columns = staged.ignored_columns;
        after
    }

    /// The import after `portions` more portions with `rows` rows, of which `counts` tells what became.
    ///
    /// # Errors
    /// `IMPORT_ENDED` where its portions are not being handled.
    pub fn handled(
        &self,
        portions: u32,
        rows: u32,
        counts: Counts,
        now: DateTime<Utc>,
    ) -> Result<Import, Refusal> {
        let State::Running {
            pass,
            next,
            rows_done,
        } = self.state
        else {
            return Err(Refusal::ImportEnded);
        };
        let sum = Counts {
            recorded: self.counts.recorded.saturating_add(counts.recorded),
            unchanged: self.counts.unchanged.saturating_add(counts.unchanged),
            wrong: self.counts.wrong.saturating_add(counts.wrong),
        };
        let next = next.saturating_add(portions);
        let state = if next < self.portions {
            State::Running {
                pass,
                next,
                rows_done: rows_done.saturating_add(rows),
            }
        } else {
            match (pass, self.request.mode) {
                (Pass::Checking, Mode::Strict) if sum.wrong > 0 => State::Refused,
                (Pass::Checking, Mode::Strict) => State::Running {
                    pass: Pass::Recording,
                    next: 0,
                    rows_done: 0,
                },
                (Pass::Checking, Mode::Check | Mode::Lenient) | (Pass::Recording, _) => State::Finished,
            }
        };
        let begins_to_record = pass == Pass::Checking
            && matches!(
                state,
                State::Running {
                    pass: Pass::Recording,
                    ..
                }
            );
        let mut after = self.to(state, now);
        // The second pass counts anew: what is unchanged in it was found unchanged before.
        after.counts = if begins_to_record { Counts::default() } else { sum };
        Ok(after)
    }

    /// The import of a file that cannot be read.
    pub fn failed(&self, failure: Failure, now: DateTime<Utc>) -> Import {
        self.to(State::Failed(failure), now)
    }

    /// The import after somebody ended it.
    ///
    /// # Errors
    /// `IMPORT_ENDED` where it is done.
    pub fn cancel(&self, now: DateTime<Utc>) -> Result<Import, Refusal> {
        if self.is_ended() {
            return Err(Refusal::ImportEnded);
        }
        Ok(self.to(State::Cancelled, now))
    }

    fn to(&self, state: State, now: DateTime<Utc>) -> Import {
        Import {
            state,
            changed_at: now,
            version: self.version + 1,
            ..self.clone()
        }
    }
}

/// What happened to an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportEvent {
    /// It was begun.
    Begun(Import),
    /// It came further.
    Progressed(Import),
    /// It ended.
    Ended(Import),
}

impl ImportEvent {
    /// What a change to `after` is told as.
    pub fn of(after: &Import) -> ImportEvent {
        if after.is_ended() {
            ImportEvent::Ended(after.clone())
        } else {
            ImportEvent::Progressed(after.clone())
        }
    }
}

#[cfg(test)]
mod tests;
