//! Generates into a folder of its own and reads the rows back.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

use heju_seeds::{
    Account, AreaRow, BuildingRow, DEFAULT_SEED, DepositRow, FileEntry, FirmRow, HomeRow, Manifest,
    OwnershipRow, Size, Table, generate,
};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// A generated folder; it disappears with the value.
pub struct Generated {
    pub folder: TempDir,
    pub manifest: Manifest,
    // A city is parsed once: reading it again for every check would take longer than generating it.
    homes: OnceCell<Vec<HomeRow>>,
    ownerships: OnceCell<Vec<OwnershipRow>>,
}

impl Generated {
    pub fn new(size: Size) -> Generated {
        Generated::with_seed(size, DEFAULT_SEED)
    }

    pub fn with_seed(size: Size, seed: u64) -> Generated {
        let folder = tempfile::tempdir().unwrap();
        let manifest = generate(size, seed, folder.path(), &ids::OwnerId::derive, &mut |_| ()).unwrap();
        Generated {
            folder,
            manifest,
            homes: OnceCell::new(),
            ownerships: OnceCell::new(),
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn file<R: DeserializeOwned>(&self, file: &FileEntry) -> Vec<R> {
        let reader = csv::Reader::from_path(self.path().join(&file.name)).unwrap();
        reader.into_deserialize().collect::<Result<_, _>>().unwrap()
    }

    pub fn table<R: DeserializeOwned>(&self, table: Table) -> Vec<R> {
        self.manifest
            .files_of(table)
            .flat_map(|file| self.file(file))
            .collect()
    }

    pub fn firms(&self) -> Vec<FirmRow> {
        self.table(Table::Firms)
    }

    pub fn areas(&self) -> Vec<AreaRow> {
        self.table(Table::Areas)
    }

    pub fn buildings(&self) -> Vec<BuildingRow> {
        self.table(Table::Buildings)
    }

    pub fn homes(&self) -> &[HomeRow] {
        self.homes.get_or_init(|| self.table(Table::Homes))
    }

    pub fn ownerships(&self) -> &[OwnershipRow] {
        self.ownerships.get_or_init(|| self.table(Table::Ownerships))
    }

    pub fn deposits(&self) -> Vec<DepositRow> {
        self.table(Table::Deposits)
    }

    pub fn accounts(&self) -> Vec<Account> {
        serde_json::from_slice(&fs::read(self.path().join("accounts.json")).unwrap()).unwrap()
    }

    pub fn homes_by_number(&self) -> HashMap<&str, &HomeRow> {
        self.homes()
            .iter()
            .map(|home| (home.unit_number.as_str(), home))
            .collect()
    }

    /// The unit numbers of a file, in the order of its rows.
    pub fn unit_numbers(&self, file: &FileEntry) -> Vec<String> {
        let mut reader = csv::Reader::from_path(self.path().join(&file.name)).unwrap();
        let place = reader
            .headers()
            .unwrap()
            .iter()
            .position(|name| name == "unit_number")
            .unwrap();
        reader
            .into_records()
            .map(|record| record.unwrap()[place].to_owned())
            .collect()
    }
}

/// SHA-256 of a file as the manifest writes it.
pub fn sha256(path: &Path) -> String {
    hex::encode(Sha256::digest(fs::read(path).unwrap()))
}

/// `89.37` as 8937: exactly two decimals, nothing else.
pub fn hundredths(text: &str) -> u64 {
    let (whole, decimals) = text.split_once('.').unwrap();
    assert_eq!(decimals.len(), 2, "{text}");
    whole.parse::<u64>().unwrap() * 100 + decimals.parse::<u64>().unwrap()
}
