//! Where things are, who is who, and what the registry told of it all.

use access::Principal;
use funds::api::inbound;
use funds::app::RegistryChange;
use ids::{AreaId, BuildingId, FirmId, HomeId, OwnerId};
use proto::common::v1 as common;
use proto::registry;
use testkit::people;

/// The community of the area, and one under another street.
pub const COMMUNITY: &str = "330783004015";
pub const ELSEWHERE: &str = "330783005001";
const AREA: &str = "330783004015-0001";

/// Homes: building, room, area in 0.01 m², use, sale state, hand-over.
pub const HOMES: &[(&str, &str, i64, common::HomeUse, common::SaleState, &str)] = &[
    (
        "3",
        "101",
        8937,
        common::HomeUse::Residential,
        common::SaleState::Delivered,
        "2012-06-30",
    ),
    (
        "3",
        "102",
        8937,
        common::HomeUse::Residential,
        common::SaleState::Delivered,
        "2012-06-30",
    ),
    (
        "3",
        "201",
        12654,
        common::HomeUse::Residential,
        common::SaleState::Delivered,
        "2012-06-30",
    ),
    (
        "3",
        "P1",
        1200,
        common::HomeUse::Parking,
        common::SaleState::Delivered,
        "2012-06-30",
    ),
    (
        "4",
        "101",
        9000,
        common::HomeUse::Residential,
        common::SaleState::Delivered,
        "2020-06-30",
    ),
    (
        "5",
        "101",
        900_000,
        common::HomeUse::Commercial,
        common::SaleState::Delivered,
        "2010-01-01",
    ),
    (
        "5",
        "102",
        60_000,
        common::HomeUse::Residential,
        common::SaleState::Unsold,
        "",
    ),
    (
        "5",
        "103",
        40_000,
        common::HomeUse::Residential,
        common::SaleState::Sold,
        "",
    ),
    (
        "6",
        "P2",
        1200,
        common::HomeUse::Parking,
        common::SaleState::Delivered,
        "2012-06-30",
    ),
];

pub fn area_id() -> AreaId {
    AreaId::derive(AREA)
}

pub fn building_id(number: &str) -> BuildingId {
    BuildingId::derive(&format!("{AREA}/{number}"))
}

pub fn unit_number(building: &str, room: &str) -> String {
    let place = HOMES
        .iter()
        .position(|home| home.0 == building && home.1 == room)
        .unwrap();
    format!("330783004015GB00001F{:08}", place + 1)
}

pub fn home_id(building: &str, room: &str) -> HomeId {
    HomeId::derive(&unit_number(building, room))
}

pub fn owner_of(building: &str, room: &str) -> OwnerId {
    OwnerId::derive(&format!("owner-of-{building}-{room}"))
}

pub fn manager() -> Principal {
    people::firm(FirmId::derive("manager"))
}

pub fn developer() -> Principal {
    people::firm(FirmId::derive("developer"))
}

pub fn community() -> Principal {
    people::community(COMMUNITY)
}

pub fn authority() -> Principal {
    people::authority("330783")
}

pub fn committee() -> Principal {
    people::committee_member(area_id())
}

/// What the registry told, in order, as `(aggregate, version, change)`.
pub fn registry_story() -> Vec<(String, i64, RegistryChange)> {
    let area = registry::v1::Area {
        area_id: area_id().to_string(),
        number: AREA.into(),
        name: "湖畔花园".into(),
        division_code: COMMUNITY.into(),
        developer_id: FirmId::derive("developer").to_string(),
        manager_id: FirmId::derive("manager").to_string(),
        version: 1,
        ..Default::default()
    };
    let event = registry::v1::AreaRegistered { area: Some(area) };
    let mut story = vec![(area_id().to_string(), 1, inbound::area(event).unwrap())];
    for number in ["3", "4", "5", "6"] {
        let id = building_id(number).to_string();
        let building = registry::v1::Building {
            building_id: id.clone(),
            area_id: area_id().to_string(),
            number: number.into(),
            floors: 6,
            version: 1,
        };
        let event = registry::v1::BuildingRegistered {
            building: Some(building),
        };
        story.push((id.clone(), 1, inbound::building(event).unwrap()));
        let homes: Vec<_> = HOMES.iter().filter(|home| home.0 == number).collect();
        let event = registry::v1::HomesRegistered {
            building_id: id.clone(),
            area_id: area_id().to_string(),
            homes: homes.iter().map(|home| registry_home(home)).collect(),
            sales: Vec::new(),
        };
        story.push((id.clone(), 2, inbound::homes(event).unwrap()));
        let sold = homes.iter().filter(|home| home.4 != common::SaleState::Unsold);
        let ownerships = sold.map(|home| registry::v1::Ownership {
            home_id: home_id(home.0, home.1).to_string(),
            owner_ids: vec![owner_of(home.0, home.1).to_string()],
            since: "2012-06-30".into(),
            until: String::new(),
        });
        let event = registry::v1::OwnershipsRecorded {
            building_id: id.clone(),
            ownerships: ownerships.collect(),
            past: Vec::new(),
        };
        story.push((id, 3, inbound::ownerships(event).unwrap()));
    }
    story
}

fn registry_home(home: &(&str, &str, i64, common::HomeUse, common::SaleState, &str)) -> registry::v1::Home {
    let mut message = registry::v1::Home {
        home_id: home_id(home.0, home.1).to_string(),
        area_id: area_id().to_string(),
        building_id: building_id(home.0).to_string(),
        stairwell: "1".into(),
        room: home.1.into(),
        unit_number: unit_number(home.0, home.1),
        exclusive_area: home.2,
        delivered_on: home.5.into(),
        ..Default::default()
    };
    message.set_use(home.3);
    message.set_sale_state(home.4);
    message
}
