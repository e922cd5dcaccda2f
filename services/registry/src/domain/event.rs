//! What happened in the registry.

use chrono::NaiveDate;
use ids::{AreaId, BuildingId, DivisionCode, HomeId};

use super::area::Area;
use super::building::Building;
use super::contract;
use super::delineation::event::DelineationEvent;
use super::division::boundary::Boundary;
use super::division::event::DivisionEvent;
use super::firm::Firm;
use super::firm::event::FirmEvent;
use super::home::Home;
use super::import::ImportEvent;
use super::owner::event::OwnerEvent;
use super::ownership::Ownership;
use super::part::event::PartEvent;
use super::price;
use super::regrouping;
use super::roll::event::RollEvent;
use super::roster::RosterEvent;
use super::service_rooms::ServiceRooms;
use super::set_up::SetUp;

/// Most homes of one event: keeps it far below the bus's message limit.
pub const HOMES_PER_EVENT: usize = 200;

/// Something that happened, with where it happened and the version its aggregate has after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// The division it concerns: the city for a firm, itself for a division, the community for all else.
    pub division: DivisionCode,
    /// Version of the aggregate after it; without gaps per aggregate.
    pub version: i64,
    /// What.
    pub event: RegistryEvent,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistryEvent {
    /// A firm was recorded.
    FirmRegistered(Firm),
    /// An area was recorded.
    AreaRegistered(Area),
    /// A building was recorded.
    BuildingRegistered(Building),
    /// Homes of one building were recorded.
    HomesRegistered {
        /// The building.
        building_id: BuildingId,
        /// Its area.
        area_id: AreaId,
        /// They, at most [`HOMES_PER_EVENT`].
        homes: Vec<Home>,
        /// On which days they were sold, of those of which it is known.
        sales: Vec<(HomeId, NaiveDate)>,
    },
    /// First owners of homes of one building were recorded.
    OwnershipsRecorded {
        /// The building.
        building_id: BuildingId,
        /// Who owns what, at most [`HOMES_PER_EVENT`].
        ownerships: Vec<Ownership>,
        /// Who owned those homes before.
        past: Vec<Ownership>,
    },
    /// A home passed to other owners.
    HomeTransferred {
        /// The building.
        building_id: BuildingId,
        /// Who owned it until then.
        before: Ownership,
        /// Who owns it from then on.
        after: Ownership,
    },
    /// Homes of one building were handed over.
    HomesDelivered {
        /// The building.
        building_id: BuildingId,
        /// Its area.
        area_id: AreaId,
        /// They, at most [`HOMES_PER_EVENT`].
        home_ids: Vec<HomeId>,
        /// Day of the hand-over.
        on: NaiveDate,
    },
    /// The first assembly of an area is to be prepared.
    SetUpDue(SetUp),
    /// Something happened to an import.
    Import(ImportEvent),
    /// Of contracts, and of what hangs on them.
    Contract(contract::Event),
    /// Something happened to a firm or its people.
    Firm(FirmEvent),
    /// Something happened on a roster.
    Roster(RosterEvent),
    /// Something happened to a building's parts, equipment or parking.
    Part(PartEvent),
    /// Something about the record of an owner, a holding or a representation, which is the aggregate.
    Owner(OwnerEvent),
    /// Something about a published roll, which is the aggregate.
    Roll(RollEvent),
    /// Something happened to a division.
    Division(DivisionEvent),
    /// A boundary was recorded.
    BoundarySet(Boundary),
    /// Something happened to a delineation.
    Delineation(Box<DelineationEvent>),
    /// The service rooms of an area were checked.
    ServiceRoomsChecked(ServiceRooms),
    /// Of regroupings, and of what they did to buildings and areas.
    Regrouping(regrouping::event::Event),
    /// Of prices, and of what they are compared by.
    Price(price::Event),
}
