//! What a generation wrote: counts, files in the order of loading, checksums, and the story's cast.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Result, SeedsError};
use crate::size::Size;

/// Name of the manifest's file in the folder.
pub const MANIFEST_FILE: &str = "manifest.json";
/// Name of the accounts' file in the folder.
pub const ACCOUNTS_FILE: &str = "accounts.json";

/// What a generation wrote. It is written last: a folder without it is incomplete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The size asked for.
    pub size: Size,
    /// The seed of all chance.
    pub seed: u64,
    /// Nothing in the city happened after this day, `2025-12-31`.
    pub as_of: String,
    /// How many of each thing.
    pub counts: Counts,
    /// The files, in the order in which they have to be loaded; without the manifest itself.
    pub files: Vec<FileEntry>,
    /// The building whose roof will be repaired, and who is who around it.
    pub story: Story,
}

impl Manifest {
    /// Reads the manifest of a folder.
    pub fn read(folder: &Path) -> Result<Manifest> {
        let path = folder.join(MANIFEST_FILE);
        let text = std::fs::read(&path).map_err(|source| SeedsError::File {
            path: path.clone(),
            source,
        })?;
        serde_json::from_slice(&text).map_err(|source| SeedsError::Json { path, source })
    }

    /// The files of one table, in the order of loading.
    pub fn files_of(&self, table: Table) -> impl Iterator<Item = &FileEntry> {
        self.files.iter().filter(move |file| file.table == table)
    }
}

/// How many of each thing a city has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Property firms and developers.
    pub firms: u64,
    /// Areas, that is estates.
    pub areas: u64,
    /// Buildings, garages among them.
    pub buildings: u64,
    /// Homes: flats, shops and parking spaces.
    pub homes: u64,
    /// Homes by use and state.
    pub homes_by: HomeCounts,
    /// Distinct owners.
    pub owners: u64,
    /// Pairs of home and owner.
    pub ownerships: u64,
    /// First deposits.
    pub deposits: u64,
    /// Their sum in fen.
    pub deposits_fen: u64,
    /// Accounts.
    pub accounts: u64,
}

/// Homes by use and by state; each line adds up to all homes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeCounts {
    /// Flats.
    pub residential: u64,
    /// Shops.
    pub commercial: u64,
    /// Parking spaces.
    pub parking: u64,
    /// Never sold.
    pub unsold: u64,
    /// Sold, not handed over.
    pub sold: u64,
    /// Sold and handed over.
    pub delivered: u64,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Table {
    /// Rows of `FirmRow`.
    Firms,
    /// Rows of `AreaRow`.
    Areas,
    /// Rows of `BuildingRow`.
    Buildings,
    /// Rows of `HomeRow`.
    Homes,
    /// Rows of `OwnershipRow`.
    Ownerships,
    /// Rows of `DepositRow`, for the funds.
    Deposits,
    /// A JSON list of `Account`, for the gateway.
    Accounts,
}

/// A file of the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Its name in the folder.
    pub name: String,
    /// What it holds.
    pub table: Table,
    /// Rows without the header, or entries of the list.
    pub rows: u64,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its bytes, lowercase hexadecimal.
    pub sha256: String,
}

/// The building whose roof will be repaired, and who is who around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// Filing number of the estate.
    pub area_number: String,
    /// Its name.
    pub area_name: String,
    /// Its id, `area_…`.
    pub area_id: String,
    /// The building's number.
    pub building_number: String,
    /// The building's id, `building_…`.
    pub building_id: String,
    /// The community the estate lies in.
    pub division_code: String,
    /// The property firm that manages it.
    pub manager_credit_code: String,
    /// The developer that built it and still owns one home in the building.
    pub developer_credit_code: String,
    /// Account of the property firm.
    pub manager_account: String,
    /// Account of the developer.
    pub developer_account: String,
    /// Account of the estate's committee.
    pub committee_account: String,
    /// Account of the community.
    pub community_account: String,
    /// Account of the street.
    pub street_account: String,
    /// Account of a street that has no business here.
    pub other_street_account: String,
    /// Homes of the building, the unsold one among them.
    pub homes: u64,
    /// The home that the developer never sold.
    pub unsold_home: StoryHome,
    /// Everyone who owns a home in the building, each with an account.
    pub owner_accounts: Vec<StoryOwner>,
}

/// An owner in the story's building.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoryOwner {
    /// Name of the account: building, stairwell and room of the owner's first home.
    pub account: String,
    /// `owner_…`
    pub owner_id: String,
    /// The owner's homes in the building: two for one of them, shared for two of them.
    pub homes: Vec<StoryHome>,
}

/// A home in the story's building.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoryHome {
    /// `home_…`
    pub home_id: String,
    /// Real-estate unit number.
    pub unit_number: String,
    /// Stairwell.
    pub stairwell: String,
    /// Room number.
    pub room: String,
    /// Exclusive area in 0.01 m².
    pub exclusive_area: u64,
}
