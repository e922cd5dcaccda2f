//! Prices of property service (物业服务收费): what may be charged in an area, how it is changed, how it compares.
//!
//! A [`FeeStandard`] is valid in time and never altered: another one begins, and it ends on the day before. It begins
//! with the area's first price, with a new contract of the owners, or with a price adjustment ([`Adjustment`]).

use chrono::NaiveDate;
use ids::{AreaId, BallotId, ContractId, DivisionCode, FeeStandardId, PriceAdjustmentId};
use money::Fen;
use rules::{BuildingType, PricedUse};
use serde::{Deserialize, Serialize};

pub use adjustment::{
    Adjustment, Asked, Audit, Changed, Line, NewLine, Outcome, Proposal, Publicity, State, propose,
};
pub use event::{Event, What};
pub use index::{Comparable, Corridor, IndexRules, PriceIndex, Reach, Standing, compare};
pub use refusal::Refusal;
pub use satisfaction::{Satisfaction, Source};
pub use standard::{Entry, Owners, ended as standard_ended, record};

mod adjustment;
mod event;
mod index;
pub mod refusal;
mod satisfaction;
mod standard;

/// The class of a dwelling, on which it hangs whether its price is guided.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Housing {
    /// Ordinary housing (普通住宅).
    Ordinary,
    /// Social housing (保障性住房).
    Social,
    /// Villas and other upmarket housing (非普通住宅).
    Upmarket,
}

/// The homes of an area that have one price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Homes {
    /// Dwellings.
    Residential {
        /// In buildings of this type.
        building: BuildingType,
        /// Of this class.
        housing: Housing,
    },
    /// Shops and offices.
    Commercial,
    /// Parking spaces: their price is per space, not per m².
    Parking,
}

impl Homes {
    /// Their use.
    pub fn usage(self) -> PricedUse {
        match self {
            Homes::Residential { .. } => PricedUse::Residential,
            Homes::Commercial => PricedUse::Commercial,
            Homes::Parking => PricedUse::Parking,
        }
    }

    /// The type of their buildings, where it matters.
    pub fn building(self) -> Option<BuildingType> {
        match self {
            Homes::Residential { building, .. } => Some(building),
            Homes::Commercial | Homes::Parking => None,
        }
    }
}

/// How a price is formed (物业服务收费管理办法 article 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pricing {
    /// Within the range of a guide price (政府指导价).
    Guide,
    /// As the parties agree (市场调节价).
    Market,
}

/// How the firm is paid (物业服务收费管理办法 article 9); the contract says how much commission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charging {
    /// A fixed fee; profit and loss are the firm's (包干制).
    LumpSum,
    /// A part of the prepaid funds; surplus and deficit are the owners' (酬金制).
    Commission,
}

/// The range in which a guided price lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// The lowest price in it.
    pub lowest: Fen,
    /// The highest price in it.
    pub highest: Fen,
    /// The table it comes from.
    pub article: String,
}

/// Why a standard holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The first price of these homes.
    First,
    /// Agreed in a contract that the owners decided on after the standard before began.
    Contract(ContractId),
    /// The owners agreed to a price adjustment.
    Adjustment {
        /// It.
        id: PriceAdjustmentId,
        /// Their decision.
        ballot_id: BallotId,
    },
}

/// What may be charged for homes of an area, from a day on (收费标准).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeStandard {
    /// Its id, in the order of recording.
    pub id: FeeStandardId,
    /// 1 while it is the last one of its homes, 2 once another follows.
    pub version: i64,
    /// The area.
    pub area_id: AreaId,
    /// The community or village of the area.
    pub division: DivisionCode,
    /// For which homes.
    pub homes: Homes,
    /// Price per month, per m² of exclusive area; per space for parking.
    pub price: Fen,
    /// Grade of service, 1 for the best.
    pub grade: u8,
    /// How the firm is paid.
    pub charging: Charging,
    /// How the price was formed.
    pub pricing: Pricing,
    /// The range it was checked against; none where none is published for such homes.
    pub band: Option<Band>,
    /// Why it holds.
    pub basis: Basis,
    /// First day on which it holds.
    pub effective_from: NaiveDate,
    /// Last day on which it holds; none until another follows.
    pub effective_until: Option<NaiveDate>,
}

impl FeeStandard {
    /// Whether it holds on this day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.effective_from <= day && self.effective_until.is_none_or(|until| day <= until)
    }
}
