//! Why a generation can fail.

use std::path::PathBuf;

/// Why the demonstration city could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SeedsError {
    /// The size is neither `small`, `city` nor `custom:<estates>:<homes>` within its bounds.
    #[error(
        "unknown size `{0}`: write `small`, `city` or `custom:<estates>:<homes>` (at most 5,000 estates, 20 to 1,200 homes each on average)"
    )]
    SizeUnknown(String),

    /// The list of divisions that is part of this crate does not have the shape the generator needs.
    #[error("the list of divisions is broken: {0}")]
    DivisionsBroken(String),

    /// An estate came out larger than a file may be, so it could not be kept in one chunk.
    #[error("estate {area_number} has {rows} rows for a file of at most {bound}")]
    EstateTooLarge {
        /// Filing number of the estate.
        area_number: String,
        /// Rows of the estate in its longest table.
        rows: u64,
        /// The bound of a file.
        bound: u64,
    },

    /// A code could not be given its check character.
    #[error("a generated code is malformed")]
    Code(#[from] ids::CodeError),

    /// A file or folder could not be read or written.
    #[error("cannot write or read {path}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },

    /// A row could not be written as CSV.
    #[error("cannot write a row of {path}")]
    Row {
        /// The file.
        path: PathBuf,
        /// What the writer said.
        #[source]
        source: csv::Error,
    },

    /// A JSON file could not be written or read.
    #[error("cannot write or read the JSON of {path}")]
    Json {
        /// The file.
        path: PathBuf,
        /// What the serializer said.
        #[source]
        source: serde_json::Error,
    },
}

/// Result of this crate.
pub type Result<T, E = SeedsError> = std::result::Result<T, E>;
