//! The whole city once: its numbers. That rows hold together is checked on smaller ones, which are quicker to read.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use heju_seeds::Size;

use crate::reading::Generated;
use crate::story::has_its_cast;

#[test]
fn the_city_has_the_numbers_of_a_county_level_city() {
    let started = Instant::now();
    let city = Generated::new(Size::City);
    println!("generated in {} ms", started.elapsed().as_millis());
    let counts = &city.manifest.counts;
    assert_eq!(counts.areas, 520);
    assert!(
        (176_400..=183_600).contains(&counts.homes),
        "{} homes",
        counts.homes
    );
    assert!(
        (161_500..=178_500).contains(&counts.owners),
        "{} owners",
        counts.owners
    );
    for (name, number) in [
        ("residential", counts.homes_by.residential),
        ("commercial", counts.homes_by.commercial),
        ("parking", counts.homes_by.parking),
        ("unsold", counts.homes_by.unsold),
        ("sold", counts.homes_by.sold),
    ] {
        assert!(number > 1_000, "{number} {name}");
    }
    has_its_cast(&city);
    most_estates_stand_in_the_streets_and_large_towns(&city);
    owners_are_of_many_kinds(&city);
    ages_and_heights_are_mixed(&city);
}

fn most_estates_stand_in_the_streets_and_large_towns(city: &Generated) {
    let mut by_street: HashMap<String, u32> = HashMap::new();
    for area in city.areas() {
        *by_street.entry(area.division_code[..9].to_owned()).or_default() += 1;
    }
    assert_eq!(
        by_street.len(),
        18,
        "every street, town and township has an estate"
    );
    let dense = ["001", "003", "004", "005", "006", "007", "106", "118", "123"];
    let in_dense: u32 = dense
        .iter()
        .map(|street| by_street[&format!("330783{street}")])
        .sum();
    assert!(in_dense > 450, "{in_dense} of 520");
}

fn owners_are_of_many_kinds(city: &Generated) {
    let (mut homes, mut owners) = (HashMap::<&str, u32>::new(), HashMap::<&str, u32>::new());
    let mut companies = HashSet::new();
    for row in city.ownerships() {
        if row.document_kind == "CREDIT_CODE" {
            companies.insert(&row.document_number);
        }
        *owners.entry(&row.unit_number).or_default() += 1;
        *homes.entry(&row.document_number).or_default() += 1;
    }
    let several = homes.values().filter(|count| **count > 1).count();
    let shared = owners.values().filter(|count| **count > 1).count();
    assert!(several > 5_000, "{several} owners of several homes");
    assert!(shared > 20_000, "{shared} co-owned homes");
    assert!(
        (500..10_000).contains(&companies.len()),
        "{} companies",
        companies.len()
    );
}

fn ages_and_heights_are_mixed(city: &Generated) {
    let years: HashSet<String> = city
        .homes()
        .iter()
        .filter(|home| !home.delivered_on.is_empty())
        .map(|home| home.delivered_on[..4].to_owned())
        .collect();
    assert!(
        (1995..=2025).all(|year: u32| years.contains(&year.to_string())),
        "{years:?}"
    );
    let floors: Vec<u32> = city
        .buildings()
        .into_iter()
        .map(|building| building.floors)
        .collect();
    let share = |low: u32, high: u32| {
        floors
            .iter()
            .filter(|count| (low..=high).contains(*count))
            .count()
            * 100
            / floors.len()
    };
    assert!(
        share(5, 6) > 40 && share(11, 33) > 15,
        "walk-ups {} %, lifts {} %",
        share(5, 6),
        share(11, 33)
    );
}
