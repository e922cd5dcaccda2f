#![doc = include_str!("../README.md")]

mod accounts;
mod city;
mod codes;
mod days;
mod dice;
mod divisions;
mod error;
mod generate;
mod layout;
mod manifest;
mod names;
mod people;
mod plan;
mod rows;
mod size;
mod write;

pub use accounts::{Account, DEMO_PASSWORD};
pub use city::DEPOSIT_FEN_PER_M2;
pub use codes::{CITIZEN_SEQUENCE_FIRST, ORGANISATION_MARK};
pub use days::AS_OF;
pub use divisions::{DIVISIONS_CSV, Division, DivisionLevel, divisions};
pub use error::{Result, SeedsError};
pub use generate::{Progress, generate};
pub use manifest::{
    ACCOUNTS_FILE, Counts, FileEntry, HomeCounts, MANIFEST_FILE, Manifest, Story, StoryHome, StoryOwner,
    Table,
};
pub use rows::{AreaRow, BuildingRow, DepositRow, FirmRow, HomeRow, OwnershipRow};
pub use size::Size;
pub use write::ROWS_PER_FILE_MAX;

/// Seed of the published demonstration: the city's division code.
pub const DEFAULT_SEED: u64 = 330_783;
