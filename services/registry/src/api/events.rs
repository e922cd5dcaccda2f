//! What happened, as the contract's events. Nothing personal is in them: owners are ids.

mod firms;
mod imports;
mod parts;
mod price;
mod rosters;

use chrono::NaiveDate;
use ids::HomeId;
use outbox::Message;
use proto::registry::v1 as pb;

use crate::domain::event::{Happened, RegistryEvent};
use crate::domain::home::{Home, OwnedHome};
use crate::domain::ownership::Ownership;

mod contract;
mod delineation;
mod division;
mod owners;
mod regrouping;
mod rolls;

impl From<&Happened> for Message {
    fn from(happened: &Happened) -> Self {
        let Happened {
            division,
            version,
            event,
        } = happened;
        let version = *version;
        match event {
            RegistryEvent::FirmRegistered(firm) => {
                let message = pb::FirmRegistered {
                    firm: Some(firm.clone().into()),
                };
                Message::of(&message, firm.id, version, division)
            }
            RegistryEvent::AreaRegistered(area) => {
                let message = pb::AreaRegistered {
                    area: Some(area.clone().into()),
                };
                Message::of(&message, area.id, version, division)
            }
            RegistryEvent::BuildingRegistered(building) => {
                let message = pb::BuildingRegistered {
                    building: Some(building.clone().into()),
                };
                Message::of(&message, building.id, version, division)
            }
            RegistryEvent::HomesRegistered {
                building_id,
                area_id,
                homes,
                sales,
            } => {
                let sale = |(home_id, sold_on): &(HomeId, NaiveDate)| pb::HomeSale {
                    home_id: home_id.to_string(),
                    sold_on: sold_on.to_string(),
                };
                let message = pb::HomesRegistered {
                    building_id: building_id.to_string(),
                    area_id: area_id.to_string(),
                    homes: homes.iter().map(unowned).collect(),
                    sales: sales.iter().map(sale).collect(),
                };
                Message::of(&message, building_id, version, division)
            }
            RegistryEvent::OwnershipsRecorded {
                building_id,
                ownerships,
                past,
            } => {
                let message = pb::OwnershipsRecorded {
                    building_id: building_id.to_string(),
                    ownerships: ownerships.iter().map(pb::Ownership::from).collect(),
                    past: past.iter().map(pb::Ownership::from).collect(),
                };
                Message::of(&message, building_id, version, division)
            }
            RegistryEvent::HomeTransferred {
                building_id,
                before,
                after,
            } => {
                let message = pb::HomeTransferred {
                    building_id: building_id.to_string(),
                    before: Some(before.into()),
                    after: Some(after.into()),
                };
                Message::of(&message, building_id, version, division)
            }
            RegistryEvent::HomesDelivered {
                building_id,
                area_id,
                home_ids,
                on,
            } => {
                let message = pb::HomesDelivered {
                    building_id: building_id.to_string(),
                    area_id: area_id.to_string(),
                    home_ids: home_ids.iter().map(ToString::to_string).collect(),
                    delivered_on: on.to_string(),
                };
                Message::of(&message, building_id, version, division)
            }
            RegistryEvent::Regrouping(event) => regrouping::message(event, version, division),
            RegistryEvent::Price(event) => price::message(event, version, division),
            RegistryEvent::Contract(event) => contract::message(event, version, division),
            RegistryEvent::Division(event) => division::message(event, version),
            RegistryEvent::BoundarySet(boundary) => {
                let message = pb::BoundarySet {
                    boundary: Some(boundary.clone().into()),
                };
                Message::of(&message, boundary.place, version, division)
            }
            RegistryEvent::Delineation(event) => delineation::message(event),
            RegistryEvent::ServiceRoomsChecked(rooms) => {
                let message = pb::ServiceRoomsChecked {
                    service_rooms: Some(rooms.clone().into()),
                };
                Message::of(&message, rooms.area_id, version, division)
            }
            RegistryEvent::SetUpDue(set_up) => {
                let message = pb::SetUpDue {
                    set_up: Some(set_up.clone().into()),
                };
                Message::of(&message, set_up.area_id, version, division)
            }
            RegistryEvent::Import(event) => imports::message(event, version, division),
            RegistryEvent::Firm(event) => firms::message(event, version, division),
            RegistryEvent::Roster(event) => rosters::message(event, version, division),
            RegistryEvent::Part(event) => parts::message(event, version, division),
            RegistryEvent::Owner(event) => owners::message(event, version, division),
            RegistryEvent::Roll(event) => rolls::message(event, version, division),
        }
    }
}

/// A home without owners: they follow by `OwnershipsRecorded`.
fn unowned(home: &Home) -> pb::Home {
    OwnedHome {
        home: home.clone(),
        ownership: None,
    }
    .into()
}

impl From<&Ownership> for pb::Ownership {
    fn from(ownership: &Ownership) -> Self {
        pb::Ownership {
            home_id: ownership.home_id.to_string(),
            owner_ids: ownership.owner_ids.iter().map(ToString::to_string).collect(),
            since: ownership.valid_from.to_string(),
            until: ownership.valid_to.map(|day| day.to_string()).unwrap_or_default(),
        }
    }
}
