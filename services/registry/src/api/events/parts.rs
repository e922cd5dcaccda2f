//! Events of buildings' parts, equipment and parking.

use ids::DivisionCode;
use outbox::Message;
use proto::registry::v1 as pb;

use crate::app::part::equipment::Watched;
use crate::domain::part::equipment::Equipment;
use crate::domain::part::event::PartEvent;

pub(super) fn message(event: &PartEvent, version: i64, division: &DivisionCode) -> Message {
    match event {
        PartEvent::HomeCorrected(correction) => {
            let message = pb::HomeCorrected {
                building_id: correction.building_id.to_string(),
                area_id: correction.area_id.to_string(),
                home_id: correction.home_id.to_string(),
                exclusive_area_before: correction.before.0,
                after: Some(correction.after.clone().into()),
            };
            Message::of(&message, correction.building_id, version, division)
        }
        PartEvent::HomesSold {
            building_id,
            area_id,
            home_ids,
            on,
        } => {
            let message = pb::HomesSold {
                building_id: building_id.to_string(),
                area_id: area_id.to_string(),
                home_ids: home_ids.iter().map(ToString::to_string).collect(),
                sold_on: on.to_string(),
            };
            Message::of(&message, building_id, version, division)
        }
        PartEvent::FactsRecorded { area_id, facts } => {
            let message = pb::BuildingFactsRecorded {
                area_id: area_id.to_string(),
                facts: Some(facts.clone().into()),
            };
            Message::of(&message, facts.building_id, version, division)
        }
        PartEvent::EquipmentRegistered(one) => {
            let message = pb::EquipmentRegistered {
                equipment: equipment(one, false),
            };
            Message::of(&message, one.id, version, division)
        }
        PartEvent::EquipmentInspected {
            equipment: one,
            inspection,
        } => {
            let message = pb::EquipmentInspected {
                equipment: equipment(one, false),
                inspection: Some(inspection.clone().into()),
            };
            Message::of(&message, one.id, version, division)
        }
        PartEvent::EquipmentRetired(one) => {
            let message = pb::EquipmentPutOutOfUse {
                equipment: equipment(one, false),
            };
            Message::of(&message, one.id, version, division)
        }
        PartEvent::InspectionDue(one) => {
            let message = pb::InspectionDue {
                equipment: equipment(one, false),
            };
            Message::of(&message, one.id, version, division)
        }
        PartEvent::InspectionOverdue(one) => {
            let message = pb::InspectionOverdue {
                equipment: equipment(one, true),
            };
            Message::of(&message, one.id, version, division)
        }
        PartEvent::ParkingRecorded(parking) => {
            let message = pb::ParkingRecorded {
                parking: Some(parking.clone().into()),
            };
            Message::of(&message, parking.id, version, division)
        }
    }
}

/// Whether something is overdue changes with the day, not with an event: only the one that tells it says so.
fn equipment(equipment: &Equipment, overdue: bool) -> Option<pb::Equipment> {
    let equipment = equipment.clone();
    Some(Watched { equipment, overdue }.into())
}
