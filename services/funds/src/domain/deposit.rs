//! First deposits (首期交存, 165号令 article 7) as the bank's table gives them.

use chrono::NaiveDate;
use ids::{AreaId, BuildingId, HomeId};
use money::Fen;
use serde::{Deserialize, Serialize};

/// A row of the table, each value read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepositRow {
    /// Line in the file; the header is 1.
    pub line: u64,
    /// Real-estate unit number of the home.
    pub unit_number: String,
    /// What was paid.
    pub amount: Fen,
    /// When it was paid.
    pub paid_on: NaiveDate,
    /// The bank's reference, unique for ever.
    pub reference: String,
}

/// A deposit of a known home, ready to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deposit {
    /// The home.
    pub home_id: HomeId,
    /// Its building.
    pub building_id: BuildingId,
    /// Its area.
    pub area_id: AreaId,
    /// What was paid.
    pub amount: Fen,
    /// When.
    pub paid_on: NaiveDate,
    /// The bank's reference.
    pub reference: String,
}

/// One row's trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// Line in the file; the header is 1.
    pub line: u64,
    /// The column.
    pub column: String,
    /// Stable reason.
    pub reason: String,
    /// What is wrong and what cures it, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// What became of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositReport {
    /// Rows read.
    pub rows: usize,
    /// Deposits posted now.
    pub posted: usize,
    /// Deposits that stood already.
    pub unchanged: usize,
    /// The sum posted now.
    pub posted_fen: Fen,
    /// What is wrong, the first 100.
    pub errors: Vec<RowError>,
    /// How many rows are wrong.
    pub error_count: usize,
}
