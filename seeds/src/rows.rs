//! The rows of the import format, column by column, as registry and funds read them.

use serde::{Deserialize, Serialize};

/// A firm.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirmRow {
    /// Unified social credit code: the natural key.
    pub credit_code: String,
    /// Registered name.
    pub name: String,
    /// `PROPERTY` or `DEVELOPER`.
    pub kind: String,
}

/// An area: what owners call their estate.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaRow {
    /// Filing number: the natural key.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The community or village it lies in.
    pub division_code: String,
    /// The developer; empty where unknown.
    pub developer_credit_code: String,
    /// The property firm; empty where none manages it.
    pub manager_credit_code: String,
}

/// A building.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildingRow {
    /// The area's filing number.
    pub area_number: String,
    /// Its number on the site plan.
    pub number: String,
    /// Storeys above ground.
    pub floors: u32,
}

/// A home.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeRow {
    /// The area's filing number.
    pub area_number: String,
    /// The building's number.
    pub building_number: String,
    /// Stairwell; `S` for shops, `P` for parking spaces.
    pub stairwell: String,
    /// Room number.
    pub room: String,
    /// Real-estate unit number: the natural key.
    pub unit_number: String,
    /// Exclusive area in m² with two decimals.
    pub exclusive_area: String,
    /// `RESIDENTIAL`, `COMMERCIAL` or `PARKING`.
    #[serde(rename = "use")]
    pub use_: String,
    /// `UNSOLD`, `SOLD` or `DELIVERED`.
    pub sale_state: String,
    /// Day of the hand-over; empty before it.
    pub delivered_on: String,
}

/// One owner of one home.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnershipRow {
    /// The home.
    pub unit_number: String,
    /// The owner's name.
    pub owner_name: String,
    /// `CITIZEN_ID` or `CREDIT_CODE`.
    pub document_kind: String,
    /// The document's number.
    pub document_number: String,
    /// Day from which they own it.
    pub owned_since: String,
}

/// A first deposit.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositRow {
    /// The home.
    pub unit_number: String,
    /// Yuan with two decimals.
    pub amount: String,
    /// Day of payment.
    pub paid_on: String,
    /// The bank's reference, unique.
    pub reference: String,
}

/// A number of hundredths with two decimals: `8937` is `89.37`.
pub(crate) fn hundredths(number: u64) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}
