//! Areas and homes as the registry tells of them: what the fund needs to know, and no more.

use chrono::NaiveDate;
use ids::{AreaId, BuildingId, DivisionCode, FirmId, HomeId, OwnerId};
use money::Area;
use strum::{EnumString, IntoStaticStr};

/// An area under one property management (物业管理区域).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedArea {
    /// Its id.
    pub id: AreaId,
    /// Its filing number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The community or village it lies in.
    pub division: DivisionCode,
    /// Who built it.
    pub developer_id: Option<FirmId>,
    /// Who manages it.
    pub manager_id: Option<FirmId>,
    /// Version in the registry.
    pub version: i64,
}

/// A building (幢).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Building {
    /// Its id.
    pub id: BuildingId,
    /// The area it stands in.
    pub area_id: AreaId,
    /// Its number on the site plan.
    pub number: String,
}

/// What a home is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum HomeUse {
    /// A dwelling (住宅).
    Residential,
    /// A shop or office (非住宅).
    Commercial,
    /// A parking space that is an exclusive part (车位).
    Parking,
}

/// Whether the developer has sold and handed over a home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum SaleState {
    /// Still the developer's (未售).
    Unsold,
    /// Sold, not yet handed over (已售未交付).
    Sold,
    /// Sold and handed over (已交付).
    Delivered,
}

/// A home (房屋).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Its id.
    pub id: HomeId,
    /// The area it belongs to.
    pub area_id: AreaId,
    /// The building it is in.
    pub building_id: BuildingId,
    /// The stairwell, as printed on the door.
    pub stairwell: String,
    /// The room number.
    pub room: String,
    /// Real-estate unit number.
    pub unit_number: String,
    /// Exclusive area.
    pub exclusive_area: Area,
    /// What it is used for.
    pub home_use: HomeUse,
    /// Whether it is sold and handed over.
    pub sale_state: SaleState,
    /// Day of the hand-over.
    pub delivered_on: Option<NaiveDate>,
    /// Who owns it, in stable order; nobody while it is the developer's.
    pub owner_ids: Vec<OwnerId>,
}

impl Home {
    /// Whether it bears the cost of repairs: parking spaces do not, as they are not on the roll
    /// (浙江 practice; domain rule CT-5).
    pub fn bears_cost(&self) -> bool {
        match self.home_use {
            HomeUse::Residential | HomeUse::Commercial => true,
            HomeUse::Parking => false,
        }
    }

    /// Whether its share is the developer's to pay in cash: not sold, or not handed over (165号令 article 21;
    /// 法释〔2009〕7号 article 9).
    pub fn is_developers(&self) -> bool {
        match self.sale_state {
            SaleState::Unsold | SaleState::Sold => true,
            SaleState::Delivered => false,
        }
    }
}

/// The owners of a home, as the registry recorded them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ownership {
    /// The home.
    pub home_id: HomeId,
    /// Its owners.
    pub owner_ids: Vec<OwnerId>,
}
