//! What a plan moves where, and what it refuses.
#![allow(clippy::unwrap_used)]
use std::collections::BTreeMap;

use ids::BuildingId;

use super::plan::{AreaFacts, NewArea};
use super::*;
use crate::domain::area::Area;
use crate::domain::building::Building;

fn building(area: &str, number: &str) -> Building {
    Building {
        id: BuildingId::derive(&format!("{area}/{number}")),
        area_id: AreaId::derive(area),
        number: number.into(),
        floors: 6,
        version: 3,
    }
}

fn facts(areas: &[(&str, &[&str])]) -> Facts {
    let area = |(number, buildings): &(&str, &[&str])| {
        let area = Area {
            id: AreaId::derive(number),
            number: (*number).into(),
            name: (*number).into(),
            division: "330783004015".parse().unwrap(),
            developer_id: None,
            manager_id: None,
            ended: None,
            registered_on: None,
            version: 1,
        };
        let buildings = buildings.iter().map(|one| building(number, one)).collect();
        (area.id, AreaFacts { area, buildings })
    };
    areas.iter().map(area).collect::<BTreeMap<_, _>>()
}

fn numbering(area: &str, number: &str, next: &str) -> Numbering {
    Numbering {
        building_id: building(area, number).id,
        number: next.into(),
    }
}

fn reason(answer: Result<Vec<plan::Move>, Refusal>) -> &'static str {
    (&answer.unwrap_err()).into()
}

#[test]
fn a_merger_moves_every_building_of_every_area_that_ends() {
    let facts = facts(&[("a", &["1"]), ("b", &["1", "2"]), ("c", &["2"])]);
    let plan = Plan::Merge {
        ended: vec![AreaId::derive("b"), AreaId::derive("c")],
        survivor: AreaId::derive("a"),
    };
    assert_eq!(reason(plan.moves(&[], &facts)), "BUILDING_NUMBER_TAKEN");
    // Two areas that end may clash with each other as well.
    let one = [numbering("b", "1", "11")];
    assert_eq!(reason(plan.moves(&one, &facts)), "BUILDING_NUMBER_TAKEN");
    let both = [numbering("b", "1", "11"), numbering("c", "2", "22")];
    let moves = plan.moves(&both, &facts).unwrap();
    let numbers: Vec<_> = moves.iter().map(|one| one.after().number).collect();
    assert_eq!(numbers.len(), 3);
    for number in ["11", "2", "22"] {
        assert!(numbers.iter().any(|one| one == number), "{number}");
    }
    assert!(
        moves
            .iter()
            .all(|one| one.to == AreaId::derive("a") && one.after().version == 4)
    );
}

#[test]
fn a_building_may_take_the_number_that_the_new_area_has_not() {
    let facts = facts(&[("a", &["1", "2"])]);
    let plan = Plan::Split {
        from: AreaId::derive("a"),
        building_ids: vec![building("a", "2").id],
        new: NewArea {
            number: "n".into(),
            name: "n".into(),
            division: "330783004015".parse().unwrap(),
        },
    };
    let moves = plan.moves(&[numbering("a", "2", "1")], &facts).unwrap();
    assert_eq!(moves[0].after().number, "1");
    assert_eq!(moves[0].to, Area::id_of("n"));
    assert_eq!(plan.new_area_id(), Some(Area::id_of("n")));
}

#[test]
fn a_building_named_twice_is_not_two() {
    let facts = facts(&[("a", &["1", "2"]), ("b", &[])]);
    let id = building("a", "1").id;
    let plan = Plan::Adjust {
        from: AreaId::derive("a"),
        to: AreaId::derive("b"),
        building_ids: vec![id, id],
    };
    assert_eq!(reason(plan.moves(&[], &facts)), "REGROUPING_BUILDING_TWICE");
}
