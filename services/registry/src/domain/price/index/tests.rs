//! Worked comparisons, and what holds for every comparison.
#![allow(clippy::unwrap_used)]

use ids::FeeStandardId;
use proptest::prelude::*;
use rules::BuildingType;

use super::*;
use crate::domain::price::{Band, Basis, Charging, Homes, Housing, Pricing};

const RULES: IndexRules = IndexRules {
    age_years: 5,
    comparables_min: 3,
};

fn area(name: u32, price: i64, grade: u8) -> Comparable {
    let area_id = AreaId::derive(&name.to_string());
    Comparable {
        area_id,
        area_name: format!("小区{name}"),
        in_street: true,
        standard: FeeStandard {
            id: FeeStandardId::derive(&name.to_string()),
            version: 1,
            area_id,
            division: "330783004015".parse().unwrap(),
            homes: Homes::Residential {
                building: BuildingType::HighRise,
                housing: Housing::Ordinary,
            },
            price: Fen(price),
            grade,
            charging: Charging::LumpSum,
            pricing: Pricing::Market,
            band: None,
            basis: Basis::First,
            effective_from: "2024-01-01".parse().unwrap(),
            effective_until: None,
        },
        first_delivered_on: Some("2016-06-30".parse().unwrap()),
        satisfaction: None,
    }
}

fn others(prices: &[i64]) -> Vec<Comparable> {
    prices
        .iter()
        .zip(1..)
        .map(|(price, name)| area(name, *price, 2))
        .collect()
}

#[test]
fn a_price_is_measured_against_the_median_and_the_corridor_runs_between_quartiles() {
    let found = compare(area(0, 180, 2), others(&[200, 120, 150, 160]), &RULES);
    // By nearest rank of 120, 150, 160, 200: a quarter 120, half 150, three quarters 160.
    assert_eq!((found.median, found.per_mille), (Some(Fen(150)), Some(1_200)));
    let corridor = Corridor {
        lowest: Fen(120),
        highest: Fen(160),
    };
    assert_eq!((found.corridor, found.reach), (Some(corridor), Reach::Street));
    let prices: Vec<i64> = found
        .comparables
        .iter()
        .map(|other| other.standard.price.0)
        .collect();
    assert_eq!(prices, [120, 150, 160, 200]);
}

#[test]
fn a_street_with_too_few_is_left_for_the_city_and_a_city_with_too_few_gives_no_figure() {
    let mut candidates = others(&[100, 110, 120]);
    candidates[2].in_street = false;
    let found = compare(area(0, 110, 2), candidates.clone(), &RULES);
    assert_eq!((found.reach, found.per_mille), (Reach::City, Some(1_000)));
    assert_eq!(found.comparables.len(), 3);
    candidates.pop();
    let found = compare(area(0, 110, 2), candidates, &RULES);
    assert_eq!(
        (found.median, found.per_mille, found.corridor),
        (None, None, None)
    );
    assert_eq!(found.comparables.len(), 2, "what there is is shown");
}

#[test]
fn areas_of_another_grade_age_or_class_are_not_alike() {
    let mut candidates = others(&[100, 110, 120]);
    candidates.push(area(11, 300, 1));
    candidates.push(area(12, 10, 4));
    let mut old = area(13, 10, 2);
    old.first_delivered_on = Some("2011-06-29".parse().unwrap());
    let mut just_young_enough = area(14, 115, 2);
    just_young_enough.first_delivered_on = Some("2021-06-30".parse().unwrap());
    let mut unknown = area(15, 10, 2);
    unknown.first_delivered_on = None;
    let mut social = area(16, 10, 2);
    social.standard.homes = Homes::Residential {
        building: BuildingType::HighRise,
        housing: Housing::Social,
    };
    candidates.extend([old, just_young_enough, unknown, social, area(0, 10, 2)]);
    let found = compare(area(0, 110, 2), candidates.clone(), &RULES);
    let prices: Vec<i64> = found
        .comparables
        .iter()
        .map(|other| other.standard.price.0)
        .collect();
    assert_eq!(prices, [100, 110, 115, 120, 300], "the next grade is shown");
    assert_eq!(found.of_same_grade().count(), 4, "and not counted");
    let mut own = area(0, 110, 2);
    own.first_delivered_on = None;
    assert_eq!(compare(own, candidates, &RULES).comparables.len(), 7);
}

#[test]
fn satisfaction_chooses_the_half_of_the_corridor_and_is_never_made_up() {
    let scored = |scores: [Option<u16>; 3]| {
        let mut candidates = others(&[100, 120, 140]);
        for (candidate, score) in candidates.iter_mut().zip(scores) {
            candidate.satisfaction = score;
        }
        candidates
    };
    let corridor = |own: Option<u16>, scores| {
        let mut area = area(0, 120, 2);
        area.satisfaction = own;
        let found = compare(area, scored(scores), &RULES);
        let corridor = found.corridor.unwrap();
        (found.standing, corridor.lowest.0, corridor.highest.0)
    };
    let all = [Some(700), Some(800), Some(900)];
    assert_eq!(
        corridor(Some(799), all),
        (Standing::Below { median: 800 }, 100, 120)
    );
    assert_eq!(
        corridor(Some(800), all),
        (Standing::AtLeast { median: 800 }, 120, 140)
    );
    assert_eq!(corridor(None, all), (Standing::Unknown, 100, 140));
    let two = [Some(700), None, Some(900)];
    assert_eq!(corridor(Some(1), two), (Standing::Unknown, 100, 140));
}

#[test]
fn a_corridor_stays_in_the_range_of_a_guided_price() {
    let mut own = area(0, 140, 2);
    own.standard.band = Some(Band {
        lowest: Fen(113),
        highest: Fen(167),
        article: String::new(),
    });
    let found = compare(own, others(&[90, 150, 200, 210]), &RULES);
    let corridor = Corridor {
        lowest: Fen(113),
        highest: Fen(167),
    };
    assert_eq!(found.corridor, Some(corridor));
}

prop_compose! {
    fn candidates()(lines in prop::collection::vec(
        (1_i64..100_000, 1_u8..4, any::<bool>(), prop::option::of(0_u16..=1_000)), 0..40,
    )) -> Vec<Comparable> {
        lines.into_iter().zip(1..).map(|((price, grade, in_street, satisfaction), name)| Comparable {
            in_street,
            satisfaction,
            ..area(name, price, grade)
        }).collect()
    }
}

proptest! {
    #[test]
    fn every_figure_is_one_of_the_inputs(
        price in 1_i64..100_000, score in prop::option::of(0_u16..=1_000), candidates in candidates(),
    ) {
        let own = Comparable { satisfaction: score, ..area(0, price, 2) };
        let found = compare(own, candidates.clone(), &RULES);
        let same: Vec<Fen> = found.of_same_grade().map(|other| other.standard.price).collect();
        prop_assert_eq!(found.median.is_some(), same.len() >= RULES.comparables_min);
        prop_assert_eq!(found.median.is_some(), found.corridor.is_some() && found.per_mille.is_some());
        if let (Some(median), Some(corridor)) = (found.median, found.corridor) {
            prop_assert!(same.contains(&median));
            prop_assert!(same.contains(&corridor.lowest) && same.contains(&corridor.highest));
            prop_assert!(corridor.lowest <= median && median <= corridor.highest);
            let below = same.iter().filter(|price| **price < median).count();
            let above = same.iter().filter(|price| **price > median).count();
            prop_assert!(below * 2 <= same.len() && above * 2 <= same.len());
        }
        for other in &found.comparables {
            prop_assert!(candidates.contains(other));
        }
    }

    #[test]
    fn the_order_of_the_candidates_does_not_matter(
        price in 1_i64..100_000, (candidates, shuffled) in candidates().prop_flat_map(|candidates| {
            (Just(candidates.clone()), Just(candidates).prop_shuffle())
        }),
    ) {
        let own = area(0, price, 2);
        prop_assert_eq!(compare(own.clone(), candidates, &RULES), compare(own, shuffled, &RULES));
    }

    #[test]
    fn the_same_factor_on_every_price_leaves_the_index_alone(
        price in 1_i64..100_000, factor in 1_i64..1_000, candidates in candidates(),
    ) {
        let times = |mut area: Comparable| {
            area.standard.price = Fen(area.standard.price.0 * factor);
            area
        };
        let plain = compare(area(0, price, 2), candidates.clone(), &RULES);
        let scaled = compare(times(area(0, price, 2)), candidates.into_iter().map(times).collect(), &RULES);
        prop_assert_eq!(plain.per_mille, scaled.per_mille);
    }

    #[test]
    fn a_higher_price_never_has_a_lower_index(
        price in 1_i64..100_000, raise in 1_i64..100_000, candidates in candidates(),
    ) {
        let before = compare(area(0, price, 2), candidates.clone(), &RULES);
        let after = compare(area(0, price + raise, 2), candidates, &RULES);
        prop_assert!(before.per_mille <= after.per_mille);
        prop_assert_eq!(before.corridor, after.corridor);
    }
}
