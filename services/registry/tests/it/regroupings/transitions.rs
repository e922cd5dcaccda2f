//! Every state of a regrouping against every command, as a table: the snapshot beside this file.

use std::collections::{BTreeMap, BTreeSet};

use calendar::Holidays;
use chrono::NaiveDate;
use ids::{AreaId, BallotId, BuildingId, RegroupingId};
use registry::domain::area::Area;
use registry::domain::building::Building;
use registry::domain::delineation::application::OpinionGiver;
use registry::domain::regrouping::plan::{AreaFacts, Facts, Plan};
use registry::domain::regrouping::refusal::Refusal;
use registry::domain::regrouping::{ConsentBy, Decided, Opinion, Proposal, Regrouping, Term};

const TODAY: &str = "2026-03-02";
const LATER: &str = "2026-06-01";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn term() -> Term {
    Term {
        decision_working_days: 20,
        article: "参照杭州市物业管理条例第12条".into(),
    }
}

fn facts() -> Facts {
    let area = |number: &str, buildings: &[&str]| {
        let id = AreaId::derive(number);
        let area = Area {
            id,
            number: number.into(),
            name: number.into(),
            division: "330783004015".parse().unwrap(),
            developer_id: None,
            manager_id: None,
            ended: None,
            registered_on: None,
            version: 1,
        };
        let building = |of: &&str| Building {
            id: BuildingId::derive(of),
            area_id: id,
            number: (*of).into(),
            floors: 6,
            version: 1,
        };
        let buildings = buildings.iter().map(building).collect();
        (id, AreaFacts { area, buildings })
    };
    BTreeMap::from([area("a", &["1", "2"]), area("b", &["3"])])
}

fn proposed() -> Regrouping {
    let proposal = Proposal {
        plan: Plan::Merge {
            ended: vec![AreaId::derive("b")],
            survivor: AreaId::derive("a"),
        },
        numbers: Vec::new(),
        reason: "理由".into(),
        shared_facilities: Vec::new(),
    };
    let place = (AreaId::derive("a"), "330783004015".parse().unwrap());
    let id = RegroupingId::derive("x");
    Regrouping::propose(id, proposal, place, &facts(), &term(), day(TODAY))
        .unwrap()
        .0
}

fn consent(of: &Regrouping, area: &str) -> Result<Decided, Refusal> {
    let holidays = Holidays::embedded().unwrap();
    let by = ConsentBy::Owners(BallotId::derive(area));
    of.clone()
        .consent(AreaId::derive(area), by, true, &term(), &holidays, day(TODAY))
}

fn states() -> Vec<(&'static str, Regrouping)> {
    let consenting = proposed();
    let half = consent(&consenting, "a").unwrap().0;
    let submitted = consent(&half, "b").unwrap().0;
    let overdue = submitted.clone().note_overdue(day(LATER)).unwrap().0;
    let none = BTreeSet::new();
    let approved = submitted.clone().approve(None, String::new(), &none, day(TODAY));
    let refused = submitted.clone().refuse("理由".into(), day(TODAY));
    let withdrawn = submitted.clone().withdraw("理由".into());
    vec![
        ("consenting", consenting),
        ("consenting, one agreed", half),
        ("submitted", submitted),
        ("submitted, told that it is overdue", overdue),
        ("approved", approved.unwrap().0),
        ("refused", refused.unwrap().0),
        ("withdrawn", withdrawn.unwrap().0),
    ]
}

fn shown(result: Result<Decided, Refusal>) -> String {
    match result {
        Ok((after, _)) => format!("→ {}", after.stage.name()),
        Err(refusal) => format!("`{}`", <&str>::from(&refusal)),
    }
}

fn row(regrouping: &Regrouping) -> Vec<String> {
    let opinion = Opinion {
        giver: OpinionGiver::Street,
        division: "330783004".parse().unwrap(),
        agrees: true,
        text: "同意".into(),
        on: day(TODAY),
    };
    let none = BTreeSet::new();
    let clock = match regrouping.clone().note_overdue(day(LATER)) {
        Some((after, event)) => format!("→ {} ({:?})", after.stage.name(), event.step),
        None => "nothing".into(),
    };
    vec![
        shown(consent(regrouping, "a")),
        shown(consent(regrouping, "b")),
        shown(regrouping.clone().hear(opinion)),
        shown(regrouping.clone().approve(None, String::new(), &none, day(TODAY))),
        shown(regrouping.clone().refuse("理由".into(), day(TODAY))),
        shown(regrouping.clone().withdraw("理由".into())),
        clock,
    ]
}

fn table() -> String {
    let heads = [
        "state",
        "the survivor agrees",
        "the other agrees",
        "opinion",
        "approve",
        "refuse",
        "withdraw",
        "long after",
    ];
    let mut lines = vec![
        format!("| {} |", heads.join(" | ")),
        "|---".repeat(heads.len()) + "|",
    ];
    for (name, regrouping) in states() {
        lines.push(format!("| {name} | {} |", row(&regrouping).join(" | ")));
    }
    lines.join("\n") + "\n"
}

#[test]
fn every_state_answers_every_command_as_in_the_snapshot() {
    let table = table();
    assert_eq!(
        table,
        include_str!("transitions.md"),
        "the table is now:\n{table}"
    );
}
