//! Every reference leads somewhere, every code checks, every value lies within what the services accept.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use heju_seeds::{AS_OF, DEPOSIT_FEN_PER_M2, DivisionLevel, Size, Table, divisions};
use ids::{CitizenId, CreditCode, UnitNumber};

use crate::reading::{Generated, hundredths};

#[test]
fn the_small_city_holds_together() {
    let city = Generated::new(Size::Small);
    assert_eq!(city.manifest.counts.areas, 3);
    assert!(
        (550..=680).contains(&city.manifest.counts.homes),
        "{}",
        city.manifest.counts.homes
    );
    let streets: HashSet<String> = city
        .areas()
        .iter()
        .map(|area| area.division_code[..9].to_owned())
        .collect();
    assert_eq!(streets.len(), 3);
    assert!(streets.contains("330783004"));
    holds_together(&city);
}

#[test]
fn a_custom_city_holds_together() {
    holds_together(&Generated::new(Size::Custom {
        estates: 200,
        homes: 40_000,
    }));
}

/// All checks that hold for every size.
fn holds_together(city: &Generated) {
    let kinds = firms_check(city);
    let areas = areas_check(city, &kinds);
    let buildings = buildings_check(city, &areas);
    homes_check(city, &areas, &buildings);
    ownerships_check(city);
    deposits_check(city);
    chunks_hold_the_same_areas(city);
}

fn firms_check(city: &Generated) -> HashMap<String, String> {
    let firms = city.firms();
    assert_eq!(firms.len() as u64, city.manifest.counts.firms);
    let mut kinds = HashMap::new();
    for firm in firms {
        firm.credit_code.parse::<CreditCode>().unwrap();
        assert!(["PROPERTY", "DEVELOPER"].contains(&firm.kind.as_str()));
        assert!(kinds.insert(firm.credit_code, firm.kind).is_none());
    }
    kinds
}

fn areas_check(city: &Generated, kinds: &HashMap<String, String>) -> HashSet<String> {
    let places: HashSet<String> = divisions()
        .unwrap()
        .into_iter()
        .filter(|division| matches!(division.level, DivisionLevel::Community | DivisionLevel::Village))
        .map(|division| division.code)
        .collect();
    let mut numbers = HashSet::new();
    let mut names = HashSet::new();
    for area in city.areas() {
        assert!(places.contains(&area.division_code), "{}", area.division_code);
        assert!(area.number.starts_with(&format!("{}-", area.division_code)));
        for (code, kind) in [
            (&area.developer_credit_code, "DEVELOPER"),
            (&area.manager_credit_code, "PROPERTY"),
        ] {
            assert!(code.is_empty() || kinds[code] == kind, "{}: {code}", area.number);
        }
        assert!(names.insert(area.name));
        assert!(numbers.insert(area.number));
    }
    assert_eq!(numbers.len() as u64, city.manifest.counts.areas);
    numbers
}

fn buildings_check(city: &Generated, areas: &HashSet<String>) -> HashMap<(String, String), u32> {
    let mut buildings = HashMap::new();
    for building in city.buildings() {
        assert!(areas.contains(&building.area_number));
        assert!((1..=33).contains(&building.floors));
        assert!(
            buildings
                .insert((building.area_number, building.number), building.floors)
                .is_none()
        );
    }
    assert_eq!(buildings.len() as u64, city.manifest.counts.buildings);
    buildings
}

fn homes_check(city: &Generated, areas: &HashSet<String>, buildings: &HashMap<(String, String), u32>) {
    let developers: HashMap<String, String> = city
        .areas()
        .into_iter()
        .map(|area| (area.number, area.developer_credit_code))
        .collect();
    let (mut numbers, mut places, mut used) = (HashSet::new(), HashSet::new(), HashSet::new());
    for home in city.homes() {
        home.unit_number.parse::<UnitNumber>().unwrap();
        assert!(areas.contains(&home.area_number));
        assert!(home.unit_number.starts_with(&home.area_number[..12]));
        let building = (home.area_number.clone(), home.building_number.clone());
        let floors = buildings[&building];
        let area = hundredths(&home.exclusive_area);
        match home.use_.as_str() {
            "RESIDENTIAL" => {
                let floor: u32 = home.room.parse::<u32>().unwrap() / 100;
                assert!((1..=floors).contains(&floor), "{} of {floors}", home.room);
                assert!((6_000..=18_000).contains(&area), "{area}");
            }
            "COMMERCIAL" => assert!((3_000..=14_000).contains(&area), "{area}"),
            "PARKING" => assert!((1_000..=2_000).contains(&area), "{area}"),
            other => panic!("unknown use {other}"),
        }
        match home.sale_state.as_str() {
            "DELIVERED" => assert!(home.delivered_on.parse::<NaiveDate>().unwrap() <= AS_OF),
            "UNSOLD" | "SOLD" if developers[&home.area_number].is_empty() => {
                panic!("{} is not handed over and has no developer", home.unit_number)
            }
            "UNSOLD" | "SOLD" => assert_eq!(home.delivered_on, ""),
            other => panic!("unknown state {other}"),
        }
        used.insert(building.clone());
        assert!(places.insert((building, &home.stairwell, &home.room)));
        assert!(numbers.insert(&home.unit_number));
    }
    assert_eq!(numbers.len() as u64, city.manifest.counts.homes);
    assert_eq!(used.len(), buildings.len(), "every building has homes");
}

fn ownerships_check(city: &Generated) {
    let homes = city.homes_by_number();
    let (mut owners, mut since) = (HashMap::new(), HashMap::new());
    let mut pairs = HashSet::new();
    for row in city.ownerships() {
        let home = homes[row.unit_number.as_str()];
        assert_eq!(home.sale_state, "DELIVERED");
        let delivered_on: NaiveDate = home.delivered_on.parse().unwrap();
        let owned_since: NaiveDate = row.owned_since.parse().unwrap();
        assert!(owned_since >= delivered_on && owned_since <= AS_OF);
        match row.document_kind.as_str() {
            "CITIZEN_ID" => {
                let number = row.document_number.parse::<CitizenId>().unwrap();
                assert!(number.as_str().starts_with("330783") && &row.document_number[14..15] == "9");
                let age = owned_since.years_since(number.born_on()).unwrap();
                assert!(
                    (18..=90).contains(&age),
                    "{} bought at {age}",
                    row.document_number
                );
            }
            "CREDIT_CODE" => {
                row.document_number.parse::<CreditCode>().unwrap();
            }
            other => panic!("unknown document {other}"),
        }
        let person = (&row.owner_name, &row.document_kind);
        assert_eq!(*owners.entry(&row.document_number).or_insert(person), person);
        assert_eq!(
            *since.entry(&row.unit_number).or_insert(&row.owned_since),
            &row.owned_since
        );
        assert!(pairs.insert((&row.unit_number, &row.document_number)));
    }
    assert_eq!(pairs.len() as u64, city.manifest.counts.ownerships);
    assert_eq!(owners.len() as u64, city.manifest.counts.owners);
    let delivered = homes
        .values()
        .filter(|home| home.sale_state == "DELIVERED")
        .count();
    assert_eq!(since.len(), delivered, "every delivered home has an owner");
}

fn deposits_check(city: &Generated) {
    let homes = city.homes_by_number();
    let (mut paid, mut references, mut sum) = (HashSet::new(), HashSet::new(), 0);
    for row in city.deposits() {
        let home = homes[row.unit_number.as_str()];
        let fen = hundredths(&row.amount);
        assert_eq!(fen * 100, hundredths(&home.exclusive_area) * DEPOSIT_FEN_PER_M2);
        assert!(row.paid_on.parse::<NaiveDate>().unwrap() <= AS_OF);
        assert!(row.paid_on < home.delivered_on || home.delivered_on.as_str() < "1999-03-01");
        assert!(row.reference.len() <= 64);
        assert!(references.insert(row.reference));
        assert!(paid.insert(row.unit_number));
        sum += fen;
    }
    assert_eq!(sum, city.manifest.counts.deposits_fen);
    let delivered = homes
        .values()
        .filter(|home| home.sale_state == "DELIVERED")
        .count();
    assert_eq!(paid.len(), delivered, "every delivered home has its deposit");
}

fn chunks_hold_the_same_areas(city: &Generated) {
    // An area is known by the first 19 characters of its homes' unit numbers: the parcel.
    let areas_of = |table| -> Vec<(String, HashSet<String>)> {
        let files = city.manifest.files_of(table);
        files
            .map(|file| {
                let number = file.name.split_once('-').unwrap().1.to_owned();
                let numbers = city.unit_numbers(file);
                (
                    number,
                    numbers.iter().map(|number| number[..19].to_owned()).collect(),
                )
            })
            .collect()
    };
    let homes = areas_of(Table::Homes);
    let mut seen = HashSet::new();
    for (number, areas) in &homes {
        for area in areas {
            assert!(seen.insert(area.clone()), "{area} begins before homes-{number}");
        }
    }
    let homes: HashMap<String, HashSet<String>> = homes.into_iter().collect();
    for table in [Table::Ownerships, Table::Deposits] {
        for (number, areas) in areas_of(table) {
            assert!(areas.is_subset(&homes[&number]), "{table:?} {number}");
        }
    }
}
