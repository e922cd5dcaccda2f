//! Every state of a price adjustment against every command, as a table: the snapshot beside this file.

use chrono::NaiveDate;
use ids::{AreaId, BallotId, CreditCode, FeeStandardId, FirmId, PriceAdjustmentId};
use money::Fen;
use registry::domain::price::{
    Adjustment, Audit, Changed, Charging, Entry, FeeStandard, Homes, NewLine, Owners, Proposal, Refusal,
    propose, record,
};
use rules::{PriceRules, RuleSet};

const TODAY: &str = "2026-06-01";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rules() -> PriceRules {
    RuleSet::embedded("330783").unwrap().prices_at(day(TODAY))
}

fn standing() -> Vec<FeeStandard> {
    let entry = Entry {
        id: FeeStandardId::derive("before"),
        area_id: AreaId::derive("a"),
        division: "330783004015".parse().unwrap(),
        homes: Homes::Commercial,
        price: Fen(300),
        grade: 2,
        charging: Charging::LumpSum,
        effective_from: day("2024-01-01"),
    };
    vec![record(entry, None, &Owners::default(), &rules()).unwrap().0]
}

fn proposed() -> Adjustment {
    let firm_code: CreditCode = "91350100M000100Y43".parse().unwrap();
    let body = "91330783MA2E40099";
    let auditor = format!("{body}{}", CreditCode::check_char(body).unwrap());
    let proposal = Proposal {
        id: PriceAdjustmentId::derive("x"),
        area_id: AreaId::derive("a"),
        division: "330783004015".parse().unwrap(),
        firm_id: FirmId::derive("f"),
        firm_code,
        lines: vec![NewLine {
            homes: Homes::Commercial,
            price: Fen(330),
            grade: 2,
        }],
        effective_from: day("2026-05-01"),
        reason: "成本上涨".into(),
        audit: Audit {
            report_digest: "9f".repeat(32),
            auditor: auditor.parse().unwrap(),
            auditor_name: "审计".into(),
            year: 2025,
        },
    };
    propose(proposal, &standing(), day("2026-03-02"), &rules())
        .unwrap()
        .0
}

fn decided(asked: &Adjustment, passed: bool, on: &str) -> Adjustment {
    let decision = (BallotId::derive("b"), day(on), passed);
    let ids = [FeeStandardId::derive("after")];
    let decided = asked.decide(decision, &standing(), &ids, day(on), &rules());
    decided.unwrap().0.0
}

/// The states, each as it is looked at on 2026-06-01.
fn states() -> Vec<(&'static str, Adjustment)> {
    let proposed = proposed();
    let publish = |on: &str| proposed.publish(day(on), day(on), 30).unwrap().0;
    let public = publish("2026-05-10");
    let over = publish("2026-04-01");
    let told = over.pass(day(TODAY)).unwrap().0;
    let asked = told.request_ballot(None, day("2026-05-20")).unwrap().0;
    let waiting = decided(&asked, true, TODAY);
    let due = decided(&asked, true, "2026-05-21");
    let effective = due.pass(day(TODAY)).unwrap().0;
    let withdrawn = proposed.withdraw("另议".into(), day(TODAY)).unwrap().0;
    vec![
        ("proposed", proposed.clone()),
        ("published, in its 30 days", public),
        ("published, 30 days over", over),
        ("published, told that they are over", told),
        ("ballot requested", asked.clone()),
        ("decided, to begin tomorrow", waiting),
        ("decided, begun", due),
        ("effective", effective),
        ("rejected", decided(&asked, false, TODAY)),
        ("withdrawn", withdrawn),
    ]
}

fn shown(result: Result<Changed, Refusal>) -> String {
    match result {
        Ok((after, _)) => format!("→ {}", after.state.name()),
        Err(refusal) => format!("`{}`", <&str>::from(&refusal)),
    }
}

fn row(adjustment: &Adjustment) -> Vec<String> {
    let today = day(TODAY);
    let decide = |passed| {
        let decision = (BallotId::derive("next"), today, passed);
        let ids = [FeeStandardId::derive("next")];
        let decided = adjustment.decide(decision, &standing(), &ids, today, &rules());
        shown(decided.map(|(changed, _)| changed))
    };
    let clock = match adjustment.pass(today) {
        Some((after, what)) => format!("→ {} ({what:?})", after.state.name()),
        None => "nothing".into(),
    };
    vec![
        shown(adjustment.publish(today, today, 30)),
        shown(adjustment.request_ballot(Some(2), today)),
        decide(true),
        decide(false),
        shown(adjustment.withdraw("另议".into(), today)),
        clock,
    ]
}

fn table() -> String {
    let heads = [
        "state",
        "publish",
        "request ballot",
        "decide: passed",
        "decide: not passed",
        "withdraw",
        "calendar",
    ];
    let mut lines = vec![
        format!("| {} |", heads.join(" | ")),
        "|---".repeat(heads.len()) + "|",
    ];
    for (name, adjustment) in states() {
        lines.push(format!("| {name} | {} |", row(&adjustment).join(" | ")));
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
