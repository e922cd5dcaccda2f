//! What happened to buildings' parts, equipment and parking.

use chrono::NaiveDate;
use ids::{AreaId, BuildingId, HomeId};

use super::correction::Correction;
use super::equipment::{Equipment, Inspection};
use super::facts::BuildingFacts;
use super::parking::Parking;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartEvent {
    /// An exclusive area was corrected.
    HomeCorrected(Correction),
    /// Homes were sold.
    HomesSold {
        /// The building.
        building_id: BuildingId,
        /// Its area.
        area_id: AreaId,
        /// They, at most [`HOMES_PER_EVENT`](crate::domain::event::HOMES_PER_EVENT).
        home_ids: Vec<HomeId>,
        /// Day of the sale.
        on: NaiveDate,
    },
    /// A building's facts were recorded.
    FactsRecorded {
        /// Its area.
        area_id: AreaId,
        /// They.
        facts: BuildingFacts,
    },
    /// Equipment was recorded.
    EquipmentRegistered(Equipment),
    /// Equipment was inspected.
    EquipmentInspected {
        /// It, as it is now.
        equipment: Equipment,
        /// The inspection.
        inspection: Inspection,
    },
    /// Equipment went out of use for good.
    EquipmentRetired(Equipment),
    /// Its next inspection comes near.
    InspectionDue(Equipment),
    /// The day of its next inspection is over.
    InspectionOverdue(Equipment),
    /// Parking was recorded.
    ParkingRecorded(Parking),
}
