//! What the registry tells of a generated city, in the order of its stream: for those that keep a replica of it.

use chrono::{DateTime, Utc};
use events::{Bus, Envelope, subject};
use ids::{AreaId, BuildingId, DivisionCode, EventId, FirmId, HomeId, OwnerId};
use proto::common::v1 as common;
use proto::registry::v1 as pb;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::world::BEGINNING;

/// Publishes under way at one time.
const IN_FLIGHT: usize = 512;

/// How large the city is, and how much happens in it.
#[derive(Debug, Clone, Copy)]
pub struct City {
    /// Areas.
    pub areas: usize,
    /// Buildings of each area.
    pub buildings: usize,
    /// Homes of each building.
    pub homes: usize,
    /// Changes after all is registered, spread over the city.
    pub changes: usize,
    /// Of a hundred changes, how many are transfers of one home; the others are of every kind.
    pub transfers_percent: u64,
}

/// An event with the subject that it is published under.
#[derive(Debug, Clone)]
pub struct Told {
    /// The event.
    pub envelope: Envelope,
    /// Its subject.
    pub address: String,
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        // SplitMix64: small, and good enough to spread changes.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % limit.max(1) as u64) as usize
    }
}

struct Teller {
    city: City,
    division: DivisionCode,
    dice: Dice,
    area_versions: Vec<i64>,
    building_versions: Vec<i64>,
    /// In which area each building is by now.
    areas_of_buildings: Vec<usize>,
    told: Vec<Told>,
}

/// Everything that happens in the city, from the first event.
pub fn tell(city: City) -> Vec<Told> {
    let mut teller = Teller {
        city,
        division: "330783004015".parse().unwrap(),
        dice: Dice(7),
        area_versions: vec![0; city.areas],
        building_versions: vec![0; city.areas * city.buildings],
        areas_of_buildings: (0..city.areas * city.buildings)
            .map(|building| building / city.buildings)
            .collect(),
        told: Vec::new(),
    };
    for area in 0..city.areas {
        teller.area(area, "manager");
    }
    for building in 0..city.areas * city.buildings {
        teller.building(building);
    }
    for building in 0..city.areas * city.buildings {
        teller.homes(building, common::SaleState::Sold);
        teller.ownerships(building);
    }
    for _ in 0..city.changes {
        teller.change();
    }
    teller.told
}

impl Teller {
    fn area_id(area: usize) -> AreaId {
        AreaId::derive(&format!("330783004015-{area:04}"))
    }

    fn area_of(&self, building: usize) -> AreaId {
        Self::area_id(self.areas_of_buildings[building])
    }

    fn building_id(building: usize) -> BuildingId {
        BuildingId::derive(&format!("building-{building}"))
    }

    fn home_id(building: usize, home: usize) -> HomeId {
        HomeId::derive(&format!("home-{building}-{home}"))
    }

    fn owner_ids(&mut self) -> Vec<String> {
        (0..=self.dice.below(2))
            .map(|_| OwnerId::derive(&format!("owner-{}", self.dice.below(5_000))).to_string())
            .collect()
    }

    fn say<E: proto::Event>(&mut self, aggregate: String, version: i64, event: &E) {
        let happened_at: DateTime<Utc> = BEGINNING.parse().unwrap();
        let envelope = Envelope {
            id: EventId::generate(),
            kind: E::TYPE.into(),
            source: E::SERVICE.into(),
            aggregate,
            sequence: version,
            time: happened_at,
            trace_parent: None,
            body: serde_json::to_vec(event).unwrap().into(),
        };
        let address = subject::of(E::SERVICE, E::AGGREGATE, E::NAME, &self.division);
        self.told.push(Told { envelope, address });
    }

    fn of_area<E: proto::Event>(&mut self, area: usize, event: &E) {
        self.area_versions[area] += 1;
        let version = self.area_versions[area];
        self.say(Self::area_id(area).to_string(), version, event);
    }

    fn of_building<E: proto::Event>(&mut self, building: usize, event: &E) {
        self.building_versions[building] += 1;
        let version = self.building_versions[building];
        self.say(Self::building_id(building).to_string(), version, event);
    }

    fn area(&mut self, area: usize, manager: &str) {
        let event = pb::AreaRegistered {
            area: Some(pb::Area {
                area_id: Self::area_id(area).to_string(),
                number: format!("330783004015-{area:04}"),
                name: format!("湖畔花园{area}"),
                division_code: self.division.to_string(),
                developer_id: FirmId::derive("developer").to_string(),
                manager_id: FirmId::derive(manager).to_string(),
                version: self.area_versions[area] + 1,
                ..pb::Area::default()
            }),
        };
        self.of_area(area, &event);
    }

    fn building(&mut self, building: usize) {
        let event = pb::BuildingRegistered {
            building: Some(pb::Building {
                building_id: Self::building_id(building).to_string(),
                area_id: self.area_of(building).to_string(),
                number: (building % self.city.buildings + 1).to_string(),
                floors: 18,
                version: self.building_versions[building] + 1,
            }),
        };
        self.of_building(building, &event);
    }

    fn homes(&mut self, building: usize, state: common::SaleState) {
        let area_id = self.area_of(building).to_string();
        let building_id = Self::building_id(building).to_string();
        let homes = (0..self.city.homes).map(|home| {
            let mut message = pb::Home {
                home_id: Self::home_id(building, home).to_string(),
                area_id: area_id.clone(),
                building_id: building_id.clone(),
                stairwell: (home % 4 + 1).to_string(),
                room: format!("{}{:02}", home / 4 + 1, home % 4 + 1),
                unit_number: format!("330783004015GB{building:05}F{home:08}"),
                exclusive_area: 8_000 + self.dice.below(4_000) as i64,
                ..Default::default()
            };
            message.set_use(common::HomeUse::Residential);
            message.set_sale_state(state);
            message
        });
        let event = pb::HomesRegistered {
            homes: homes.collect(),
            building_id: building_id.clone(),
            area_id: area_id.clone(),
            sales: Vec::new(),
        };
        self.of_building(building, &event);
    }

    fn ownership(&mut self, building: usize, home: usize) -> pb::Ownership {
        pb::Ownership {
            home_id: Self::home_id(building, home).to_string(),
            owner_ids: self.owner_ids(),
            since: "2026-03-02".into(),
            until: String::new(),
        }
    }

    fn ownerships(&mut self, building: usize) {
        let ownerships = (0..self.city.homes)
            .map(|home| self.ownership(building, home))
            .collect();
        let event = pb::OwnershipsRecorded {
            building_id: Self::building_id(building).to_string(),
            ownerships,
            past: Vec::new(),
        };
        self.of_building(building, &event);
    }

    fn transfer(&mut self, building: usize, home: usize) {
        let event = pb::HomeTransferred {
            building_id: Self::building_id(building).to_string(),
            before: Some(self.ownership(building, home)),
            after: Some(self.ownership(building, home)),
        };
        self.of_building(building, &event);
    }

    fn delivery(&mut self, building: usize) {
        let home_ids = (0..self.city.homes)
            .filter(|_| self.dice.below(3) == 0)
            .map(|home| Self::home_id(building, home).to_string())
            .collect();
        let event = pb::HomesDelivered {
            building_id: Self::building_id(building).to_string(),
            area_id: self.area_of(building).to_string(),
            home_ids,
            delivered_on: format!("2026-03-{:02}", self.dice.below(28) + 1),
        };
        self.of_building(building, &event);
    }

    fn sale(&mut self, building: usize, home: usize) {
        let event = pb::HomesSold {
            building_id: Self::building_id(building).to_string(),
            area_id: self.area_of(building).to_string(),
            home_ids: vec![Self::home_id(building, home).to_string()],
            sold_on: "2026-03-02".into(),
        };
        self.of_building(building, &event);
    }

    fn correction(&mut self, building: usize, home: usize) {
        let event = pb::HomeCorrected {
            building_id: Self::building_id(building).to_string(),
            area_id: self.area_of(building).to_string(),
            home_id: Self::home_id(building, home).to_string(),
            after: Some(pb::HomeArea {
                exclusive_area: 8_000 + self.dice.below(4_000) as i64,
                ..Default::default()
            }),
            ..Default::default()
        };
        self.of_building(building, &event);
    }

    fn moved(&mut self, building: usize) {
        let from_area_id = self.area_of(building).to_string();
        let to = self.dice.below(self.city.areas);
        self.areas_of_buildings[building] = to;
        let event = pb::BuildingMoved {
            building: Some(pb::Building {
                building_id: Self::building_id(building).to_string(),
                area_id: Self::area_id(to).to_string(),
                number: (building % self.city.buildings + 1).to_string(),
                floors: 18,
                version: self.building_versions[building] + 1,
            }),
            from_area_id,
            home_ids: (0..self.city.homes)
                .map(|home| Self::home_id(building, home).to_string())
                .collect(),
            moved_on: "2026-03-02".into(),
            moved_at: Some(
                BEGINNING
                    .parse::<DateTime<Utc>>()
                    .map(|at| at + chrono::TimeDelta::seconds(self.told.len() as i64))
                    .unwrap()
                    .into(),
            ),
            regrouping_id: String::new(),
        };
        self.of_building(building, &event);
    }

    fn manager(&mut self, area: usize, manager: &str) {
        let event = pb::AreaManagerChanged {
            area_id: Self::area_id(area).to_string(),
            manager_id: FirmId::derive(manager).to_string(),
            ..Default::default()
        };
        self.of_area(area, &event);
    }

    fn change(&mut self) {
        let building = self.dice.below(self.building_versions.len());
        let (area, home) = (building / self.city.buildings, self.dice.below(self.city.homes));
        if (self.dice.below(100) as u64) < self.city.transfers_percent {
            return self.transfer(building, home);
        }
        match self.dice.below(11) {
            6 => self.sale(building, home),
            7 => self.correction(building, home),
            9 => self.moved(building),
            10 => self.of_area(
                area,
                &pb::AreaEnded {
                    area: Some(pb::Area {
                        area_id: Self::area_id(area).to_string(),
                        ..pb::Area::default()
                    }),
                    ..pb::AreaEnded::default()
                },
            ),
            8 => self.manager(area, &format!("manager-{home}")),
            0 => self.area(area, &format!("manager-{home}")),
            1 => self.of_area(area, &pb::SetUpDue::default()),
            2 => self.homes(building, common::SaleState::Sold),
            3 => self.ownerships(building),
            4 => self.delivery(building),
            _ => self.building(building),
        }
    }
}

/// Publishes events as the registry does, in their order.
pub async fn publish(bus: &Bus, told: &[Told]) {
    for chunk in told.chunks(IN_FLIGHT) {
        let mut sent = Vec::with_capacity(chunk.len());
        for Told { envelope, address } in chunk {
            let publish = bus.jetstream.publish_with_headers(
                address.clone(),
                envelope.headers(),
                envelope.body.clone(),
            );
            sent.push(publish.await.expect("the event is sent"));
        }
        for acknowledged in sent {
            acknowledged.await.expect("the stream takes the event");
        }
    }
}

/// The rows of a table as texts, sorted: the same on both sides where two tables of one database system are the same.
pub async fn rows(connection: &impl ConnectionTrait, table: &str, columns: &[&str]) -> Vec<String> {
    let backend = connection.get_database_backend();
    let text = |column: &&str| match backend {
        DbBackend::Postgres => format!("coalesce({column}::text, '-')"),
        _ => format!("quote({column})"),
    };
    let columns: Vec<String> = columns.iter().map(text).collect();
    let query = format!("SELECT {} FROM {table}", columns.join(" || '|' || "));
    let rows = connection
        .query_all_raw(Statement::from_string(backend, query))
        .await
        .expect("the table is read");
    let mut rows: Vec<String> = rows
        .iter()
        .map(|row| row.try_get_by_index(0).expect("a row is a text"))
        .collect();
    rows.sort_unstable();
    rows
}
