//! Tests of what stands in the way of a roll.
#![allow(clippy::unwrap_used)]

use ids::{AreaId, FirmId};
use strum::IntoEnumIterator;

use super::*;
use crate::domain::home::{HomeUse, Sale};
use crate::domain::owner::agent::Ground;

const LENIENT: Strictness = Strictness {
    unverified_blocks: false,
    no_guardian_blocks: false,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn area() -> Area {
    Area {
        id: AreaId::derive("a"),
        number: "a".into(),
        name: "湖畔花园".into(),
        division: "330783004015".parse().unwrap(),
        developer_id: Some(FirmId::derive("developer")),
        manager_id: None,
        ended: None,
        version: 1,
        registered_on: None,
    }
}

fn home(sale: Sale) -> Home {
    let unit_number = "330783004015GB00001F00010001".parse().unwrap();
    Home {
        id: Home::id_of(&unit_number),
        area_id: AreaId::derive("a"),
        building_id: BuildingId::derive("a/1"),
        stairwell: "1".into(),
        room: "101".into(),
        unit_number,
        exclusive_area: money::Area(10_000),
        usage: HomeUse::Residential,
        sale,
    }
}

fn delivered() -> Home {
    home(Sale::Delivered {
        on: day("2020-01-01"),
    })
}

fn owners(names: &[&str]) -> Ownership {
    let ids = names.iter().map(|name| OwnerId::derive(name)).collect();
    Ownership::since(delivered().id, ids, day("2020-01-01"))
}

fn causes(home: &Home, held: Option<&Ownership>, signs: &Signs) -> Vec<NotReady> {
    examine(home, held, &area(), signs, day("2026-03-02")).causes
}

#[test]
fn a_home_with_one_known_owner_is_ready() {
    let finding = examine(
        &delivered(),
        Some(&owners(&["A"])),
        &area(),
        &Signs::default(),
        day("2026-03-02"),
    );
    assert_eq!(finding.causes, []);
    let mut tally = Tally::default();
    assert!(!tally.is_ready(), "nobody is no roll");
    tally.add(&finding, LENIENT);
    assert!(tally.is_ready());
    assert_eq!((tally.heads(), tally.area), (1, money::Area(10_000)));
}

#[test]
fn each_sign_has_its_cause() {
    let a = OwnerId::derive("A");
    let (home, alone, couple) = (delivered(), owners(&["A"]), owners(&["A", "B"]));
    assert_eq!(causes(&home, None, &Signs::default()), [NotReady::NoOwner]);
    let mut signs = Signs::default();
    signs
        .doors_twice
        .insert((home.building_id, "1".into(), "101".into()));
    signs.shares_not_whole.insert(home.id);
    signs.owners_twice.insert(a);
    signs.unverified.insert(a);
    signs.under_age.insert(a);
    let all = [
        NotReady::DoorTwice,
        NotReady::SharesNotWhole,
        NotReady::OwnerTwice,
        NotReady::OwnerUnverified,
        NotReady::NoGuardian,
    ];
    assert_eq!(causes(&home, Some(&alone), &signs), all);
    assert_eq!(
        causes(&home, Some(&couple), &Signs::default()),
        [NotReady::NoRepresentative]
    );
    let mut chosen = Signs::default();
    let head = head_of_owners(&couple.owner_ids);
    chosen.voting.representatives.insert(head, a);
    assert_eq!(causes(&home, Some(&couple), &chosen), []);
    let mut guarded = Signs::default();
    guarded.under_age.insert(a);
    guarded
        .voting
        .agents
        .insert(a, (OwnerId::derive("G"), Ground::Minor));
    assert_eq!(causes(&home, Some(&alone), &guarded), []);
}

#[test]
fn what_is_the_developers_asks_nothing_of_its_buyers() {
    let mut signs = Signs::default();
    signs.unverified.insert(OwnerId::derive("A"));
    assert_eq!(causes(&home(Sale::Sold), Some(&owners(&["A"])), &signs), []);
}

#[test]
fn a_warning_blocks_where_the_rules_say_so_and_only_persons_are_personal() {
    let strict = Strictness {
        unverified_blocks: true,
        no_guardian_blocks: true,
    };
    let warnings: Vec<_> = NotReady::iter().filter(|cause| !LENIENT.blocks(*cause)).collect();
    assert_eq!(
        warnings,
        [
            NotReady::OwnerUnverified,
            NotReady::NoGuardian,
            NotReady::NoRepresentative
        ]
    );
    assert!(NotReady::iter().all(|cause| strict.blocks(cause) || cause == NotReady::NoRepresentative));
    assert!(!NotReady::NoArea.is_personal() && NotReady::NoGuardian.is_personal());
    let mut signs = Signs::default();
    signs.unverified.insert(OwnerId::derive("A"));
    let finding = examine(
        &delivered(),
        Some(&owners(&["A"])),
        &area(),
        &signs,
        day("2026-03-02"),
    );
    let (mut lenient, mut blocked) = (Tally::default(), Tally::default());
    lenient.add(&finding, LENIENT);
    blocked.add(&finding, strict);
    assert!(lenient.is_ready() && !blocked.is_ready());
    assert_eq!((lenient.warned, blocked.blocked), (1, 1));
}
