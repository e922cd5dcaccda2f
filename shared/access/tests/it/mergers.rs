//! After a merger a record lies in the surviving division too, from the day on.

use access::{Access, Principal, Resource, ResourceKind, Role};
use ids::{Merger, Mergers};

use crate::world::*;

fn allows(principal: &Principal, action: &'static str, resource: &Resource) -> bool {
    Access::embedded().allows(principal, action, resource)
}

#[test]
fn what_lies_in_a_merged_division_lies_in_the_one_that_took_it_over() {
    let officer = someone(Role::Street).with_jurisdiction(code(OTHER_STREET));
    let building = here(ResourceKind::Building);
    assert!(!allows(&officer, "registry.DeliverHomes", &building));
    let taken_over = building.with_successors([code(OTHER_COMMUNITY)]);
    assert!(allows(&officer, "registry.DeliverHomes", &taken_over));
    let elsewhere = someone(Role::Street).with_jurisdiction(code("330783002"));
    assert!(!allows(&elsewhere, "registry.DeliverHomes", &taken_over));
    // The officers of the old division keep what they had.
    assert!(allows(
        &someone(Role::Street),
        "registry.DeliverHomes",
        &taken_over
    ));
}

#[test]
fn a_resource_is_placed_by_the_mergers_of_the_day() {
    let first_day = chrono::NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
    let mergers = Mergers(vec![Merger {
        from: code(STREET),
        into: code(OTHER_STREET),
        on: first_day,
    }]);
    let officer = someone(Role::Street).with_jurisdiction(code(OTHER_STREET));
    let on = |day| {
        let draw = here(ResourceKind::Draw).placed(&mergers, day);
        allows(&officer, "funds.CheckDraw", &draw)
    };
    assert!(!on(first_day.pred_opt().unwrap()));
    assert!(on(first_day));
    // What lies in no division is placed nowhere.
    assert_eq!(Resource::city().placed(&mergers, first_day), Resource::city());
}
