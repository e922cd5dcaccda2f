//! Every state of a contract against every command, as a table: the snapshot beside this file.

use calendar::Holidays;
use chrono::NaiveDate;
use ids::{AreaId, BallotId, ContractId, CreditCode, FirmId};
use money::Fen;
use registry::domain::contract::{
    Changed, Charge, Contract, ContractKind, ContractRules, Entry, Item, Price, Refusal, Service,
    Subcontract, Successor, Terms, admit,
};
use registry::domain::home::HomeUse;
use rules::Ruled;

const TODAY: &str = "2026-03-02";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rules(holidays: &Holidays) -> ContractRules<'_> {
    let months = |value| Ruled {
        value,
        article: String::new(),
    };
    ContractRules {
        filing_days: 15,
        dismissal_notice_days: 60,
        non_renewal_notice_days: 90,
        indefinite_notice_days: 60,
        hand_back_days: 15,
        expiry_warning_days: 180,
        temporary_months_max: months(6),
        prepayment_months_max: months(12),
        grades: 3,
        holidays,
    }
}

fn contract(from_on: &str, until_on: Option<&str>, rules: &ContractRules) -> Contract {
    let terms = Terms {
        from_on: day(from_on),
        until_on: until_on.map(day),
        signed_on: day("2025-06-01"),
        prices: vec![Price {
            usage: HomeUse::Residential,
            per_m2_month: Fen(180),
        }],
        charge: Charge::LumpSum,
        service_grade: None,
        services: [Service::Management, Service::Cleaning].into(),
        manager_staff_number: String::new(),
        dismissal_notice_days: None,
        non_renewal_notice_days: None,
        prepayment_months: 0,
        document_digest: String::new(),
    };
    let entry = Entry {
        id: ContractId::derive("c"),
        area_id: AreaId::derive("a"),
        division: "330783004015".parse().unwrap(),
        firm_id: FirmId::derive("f"),
        kind: ContractKind::Ordinary,
        terms,
        ballot_id: None,
        renews_id: None,
        reason: String::new(),
    };
    let (contract, _) = admit(entry, &[], day(TODAY), rules).unwrap();
    // On file, so that the clock has only its state to look at.
    passed(contract.file("1".into(), day(TODAY)).unwrap().0, rules)
}

fn passed(mut contract: Contract, rules: &ContractRules) -> Contract {
    while let Some((after, _)) = contract.pass(day(TODAY), None, rules) {
        contract = after;
    }
    contract
}

fn dismissed(contract: &Contract, on: &str, rules: &ContractRules) -> Contract {
    let ballot = BallotId::derive("b");
    let decided = contract.dismiss(ballot, day(on), day(on), day(TODAY), rules);
    decided.unwrap().0
}

/// The states, each as it is looked at on 2026-03-02.
fn states(rules: &ContractRules) -> Vec<(&'static str, Contract)> {
    let signed = contract("2026-06-01", Some("2028-05-31"), rules);
    let effective = contract("2025-07-01", Some("2027-12-31"), rules);
    let expiring = contract("2026-01-01", Some("2026-08-28"), rules);
    let continuing = contract("2026-01-01", None, rules);
    let declined = effective
        .decline_renewal(day(TODAY), None, day(TODAY), rules)
        .unwrap()
        .0;
    let ended = passed(dismissed(&effective, "2025-12-15", rules), rules);
    let all = [Item::Rooms, Item::Facilities, Item::Files].into();
    let handed_back = ended.confirm_hand_back(&all, day(TODAY), day(TODAY)).unwrap().0;
    vec![
        ("signed", signed),
        ("effective", effective.clone()),
        ("effective, told that it runs out", expiring),
        ("continuing", continuing),
        ("notice given: dismissed", dismissed(&effective, TODAY, rules)),
        ("notice given: the firm does not go on", declined),
        ("ended", ended),
        ("ended, all handed back", handed_back),
    ]
}

fn shown(result: Result<Changed, Refusal>) -> String {
    match result {
        Ok((after, _)) => format!("→ {}", after.state.name()),
        Err(refusal) => format!("`{}`", <&str>::from(&refusal)),
    }
}

fn row(contract: &Contract, rules: &ContractRules) -> Vec<String> {
    let (today, ballot) = (day(TODAY), BallotId::derive("next"));
    let next = Successor {
        id: ContractId::derive("next"),
        firm_id: FirmId::derive("next"),
        from_on: today,
    };
    let renewal = match contract.renewal_from(today) {
        Ok(from_on) => format!("from {from_on}"),
        Err(refusal) => format!("`{}`", <&str>::from(&refusal)),
    };
    let body = "91330783MA2E40031";
    let code: CreditCode = format!("{body}{}", CreditCode::check_char(body).unwrap())
        .parse()
        .unwrap();
    let own: CreditCode = "91350100M000100Y43".parse().unwrap();
    let cleaning = Subcontract {
        services: [Service::Cleaning].into(),
        contractor: code,
        contractor_name: String::new(),
        from_on: today,
        until_on: day("2026-12-31"),
    };
    let late = day("2028-06-01");
    let clock = match contract.pass(late, None, rules) {
        Some((after, event)) => format!("→ {} ({:?})", after.state.name(), event.what),
        None => "nothing".into(),
    };
    vec![
        shown(contract.file("2".into(), today)),
        renewal,
        shown(contract.dismiss(ballot, today, today, today, rules)),
        shown(contract.decline_renewal(today, None, today, rules)),
        shown(contract.end_indefinite(None, today, today, rules)),
        shown(contract.abandon(today, today, rules)),
        shown(contract.make_way(next, rules)),
        shown(contract.confirm_hand_back(&[Item::Rooms].into(), today, today)),
        shown(contract.subcontract(cleaning, &own)),
        clock,
    ]
}

fn table() -> String {
    let holidays = Holidays::embedded().unwrap();
    let rules = rules(&holidays);
    let heads = [
        "state",
        "file again",
        "renew",
        "dismiss",
        "decline renewal",
        "end indefinite",
        "abandon",
        "make way",
        "hand back rooms",
        "subcontract",
        "long after",
    ];
    let mut lines = vec![
        format!("| {} |", heads.join(" | ")),
        "|---".repeat(heads.len()) + "|",
    ];
    for (name, contract) in states(&rules) {
        lines.push(format!("| {name} | {} |", row(&contract, &rules).join(" | ")));
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
