//! Worked examples and edges of contracts, day by day.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use calendar::Holidays;
use chrono::NaiveDate;
use ids::{AreaId, BallotId, ContractId, CreditCode, FirmId};
use money::Fen;
use rules::Ruled;

use super::*;
use crate::domain::home::HomeUse;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The numbers of 2026 in Dongyang.
fn rules(holidays: &Holidays) -> ContractRules<'_> {
    let months = |value| Ruled {
        value,
        article: "参照".into(),
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

fn terms(from_on: &str, until_on: &str) -> Terms {
    Terms {
        from_on: day(from_on),
        until_on: Some(until_on).filter(|text| !text.is_empty()).map(day),
        signed_on: day("2023-12-20"),
        prices: vec![Price {
            usage: HomeUse::Residential,
            per_m2_month: Fen(180),
        }],
        charge: Charge::LumpSum,
        service_grade: Some(3),
        services: [Service::Management, Service::Security, Service::Cleaning].into(),
        manager_staff_number: "HJ-0137".into(),
        dismissal_notice_days: None,
        non_renewal_notice_days: None,
        prepayment_months: 0,
        document_digest: String::new(),
    }
}

fn entry(kind: ContractKind, terms: Terms) -> Entry {
    Entry {
        id: ContractId::generate(),
        area_id: AreaId::derive("a"),
        division: "330783004015".parse().unwrap(),
        firm_id: FirmId::derive("f"),
        kind,
        terms,
        ballot_id: Some(BallotId::derive("hired")),
        renews_id: None,
        reason: String::new(),
    }
}

/// A contract as the calendar has it on a day.
fn on(mut contract: Contract, today: &str, rules: &ContractRules) -> Contract {
    while let Some((after, _)) = contract.pass(day(today), None, rules) {
        contract = after;
    }
    contract
}

fn running(from_on: &str, until_on: &str, today: &str, rules: &ContractRules) -> Contract {
    let entry = entry(ContractKind::Ordinary, terms(from_on, until_on));
    on(admit(entry, &[], day(today), rules).unwrap().0, today, rules)
}

#[test]
fn e19_dismissed_by_vote_on_the_first_of_march_it_ends_on_the_thirtieth_of_april() {
    let holidays = Holidays::embedded().unwrap();
    let rules = rules(&holidays);
    let contract = running("2024-01-01", "2026-12-31", "2026-03-01", &rules);
    let (march, ballot) = (day("2026-03-01"), BallotId::derive("b"));
    let (after, event) = contract.dismiss(ballot, march, march, march, &rules).unwrap();
    assert_eq!(after.ends_on(), Some(day("2026-04-30")));
    assert_eq!(event.what, What::NoticeGiven);
    // It binds through that day, and nothing has to be a working day to wait for.
    assert!(after.pass(day("2026-04-30"), None, &rules).is_none());
    let ended = on(after, "2026-05-01", &rules);
    let ContractState::Ended {
        on, cause, hand_back, ..
    } = ended.state
    else {
        panic!("{:?}", ended.state)
    };
    assert_eq!((on, cause), (day("2026-04-30"), EndCause::Dismissed));
    // Handing back is an act within 15 days: 2026-05-15, a Friday.
    assert_eq!(hand_back.unwrap().due_on, day("2026-05-15"));
}

#[test]
fn e19_a_firm_that_does_not_go_on_after_december_says_so_by_the_second_of_october() {
    let holidays = Holidays::embedded().unwrap();
    let rules = rules(&holidays);
    let contract = running("2024-01-01", "2026-12-31", "2026-10-03", &rules);
    for (noticed_on, is_late) in [("2026-10-02", false), ("2026-10-03", true)] {
        let today = day("2026-10-03");
        let (after, _) = contract
            .decline_renewal(day(noticed_on), None, today, &rules)
            .unwrap();
        // In the holiday week all the same: a period counted back never rolls.
        let ContractState::NoticeGiven { notice, ends_on } = &after.state else {
            panic!("{:?}", after.state)
        };
        let due_on = day("2026-10-02");
        assert_eq!(
            notice.why,
            Why::NotRenewed {
                due_on,
                late: is_late
            }
        );
        assert_eq!(
            *ends_on,
            day("2026-12-31"),
            "late or not, it does not keep the firm"
        );
    }
}

#[test]
fn e19_silence_makes_it_indefinite_and_sixty_days_end_it() {
    let holidays = Holidays::embedded().unwrap();
    let rules = rules(&holidays);
    let contract = running("2024-01-01", "2026-12-31", "2026-12-31", &rules);
    assert_eq!(contract.state.name(), "effective");
    let contract = on(contract, "2027-01-01", &rules);
    let since = day("2027-01-01");
    assert_eq!(contract.state, ContractState::Continuing { since });
    assert_eq!(contract.ends_on(), None);
    assert_eq!(contract.next_on(since, &rules), None, "nothing ends it by itself");
    let today = day("2027-02-01");
    let (after, _) = contract.end_indefinite(None, today, today, &rules).unwrap();
    assert_eq!(after.ends_on(), Some(day("2027-04-02")));
}

#[test]
fn what_the_contract_agrees_on_goes_before_articles_946_and_947_and_not_before_948() {
    let holidays = Holidays::embedded().unwrap();
    let rules = rules(&holidays);
    let mut contract = running("2024-01-01", "2026-12-31", "2026-03-01", &rules);
    contract.terms.dismissal_notice_days = Some(30);
    contract.terms.non_renewal_notice_days = Some(120);
    let (march, ballot) = (day("2026-03-01"), BallotId::derive("b"));
    let (dismissed, _) = contract.dismiss(ballot, march, march, march, &rules).unwrap();
    assert_eq!(dismissed.ends_on(), Some(day("2026-03-31")));
    let (declined, _) = contract.decline_renewal(march, None, march, &rules).unwrap();
    let ContractState::NoticeGiven { notice, .. } = declined.state else {
        panic!()
    };
    let due_on = day("2026-09-02");
    assert_eq!(notice.why, Why::NotRenewed { due_on, late: false });
    let contract = on(contract, "2027-01-01", &rules);
    let today = day("2027-01-01");
    let (ended, _) = contract.end_indefinite(None, today, today, &rules).unwrap();
    assert_eq!(ended.ends_on(), Some(day("2027-03-02")));
}

#[test]
fn a_dismissal_never_lasts_beyond_the_term_and_shortens_another_notice() {
    let holidays = Holidays::embedded().unwrap();
    let rules = rules(&holidays);
    let contract = running("2024-01-01", "2026-12-31", "2026-12-01", &rules);
    let (december, ballot) = (day("2026-12-01"), BallotId::derive("b"));
    let (after, _) = contract
        .dismiss(ballot, december, december, december, &rules)
        .unwrap();
    assert_eq!(after.ends_on(), Some(day("2026-12-31")));

    let may = day("2026-05-01");
    let (declined, _) = contract.decline_renewal(may, None, may, &rules).unwrap();
    let (dismissed, _) = declined.dismiss(ballot, may, may, may, &rules).unwrap();
    assert_eq!(dismissed.ends_on(), Some(day("2026-06-30")));
    let again = dismissed.dismiss(ballot, may, may, may, &rules).unwrap_err();
    assert!(matches!(again, Refusal::ContractWrongState { .. }));
    let late = declined.dismiss(ballot, december, december, december, &rules);
    assert!(
        matches!(late.unwrap_err(), Refusal::ContractWrongState { .. }),
        "it ends sooner as it is"
    );
}

#[test]
fn filing_is_due_on_a_working_day_and_its_delay_is_told_once() {
    let holidays = Holidays::embedded().unwrap();
    let rules = rules(&holidays);
    let mut agreed = terms("2026-10-01", "2029-09-30");
    agreed.signed_on = day("2026-09-17");
    let entry = entry(ContractKind::Ordinary, agreed);
    let (contract, _) = admit(entry, &[], day("2026-09-17"), &rules).unwrap();
    // The fifteenth day is 2026-10-02, in the national holiday: 10-08 is worked.
    assert_eq!(contract.filing.due_on, day("2026-10-08"));
    let (effective, _) = contract.pass(day("2026-10-08"), None, &rules).unwrap();
    assert!(effective.pass(day("2026-10-08"), None, &rules).is_none());
    let (overdue, event) = effective.pass(day("2026-10-09"), None, &rules).unwrap();
    assert_eq!(event.what, What::FilingOverdue);
    assert!(overdue.pass(day("2026-11-09"), None, &rules).is_none());
    let (filed, _) = overdue.file("东物备1".into(), day("2026-11-10")).unwrap();
    assert_eq!(
        filed.filing.filed,
        Some((day("2026-11-10"), "东物备1".to_owned()))
    );
    assert!(filed.filing.overdue, "late stays late");
}

#[test]
fn a_temporary_firm_serves_six_months_at_most_and_never_goes_on_by_itself() {
    let holidays = Holidays::embedded().unwrap();
    let rules = rules(&holidays);
    let today = day("2026-08-31");
    for (until_on, is_taken) in [("2027-02-27", true), ("2027-02-28", false), ("", false)] {
        let mut agreed = terms("2026-08-31", until_on);
        agreed.signed_on = today;
        let admitted = admit(entry(ContractKind::Temporary, agreed), &[], today, &rules);
        match admitted {
            Ok((contract, _)) => {
                assert!(is_taken, "{until_on}");
                let over = on(contract, "2027-02-28", &rules);
                let ContractState::Ended { cause, .. } = over.state else {
                    panic!("{:?}", over.state)
                };
                assert_eq!(cause, EndCause::TermOver);
            }
            Err(refusal) => {
                assert!(!is_taken, "{until_on}");
                let latest = day("2027-02-27");
                assert!(
                    matches!(refusal, Refusal::TemporaryTermTooLong { latest: found, .. } if found == latest)
                );
            }
        }
    }
}

#[test]
fn fees_are_not_collected_for_longer_than_a_year_or_the_term() {
    let holidays = Holidays::embedded().unwrap();
    let rules = rules(&holidays);
    let fits = |from_on: &str, until_on: &str, months: u32| {
        let mut agreed = terms(from_on, until_on);
        agreed.prepayment_months = months;
        agreed
            .check(ContractKind::Ordinary, day("2026-01-01"), &rules)
            .is_ok()
    };
    assert!(fits("2026-01-01", "2028-12-31", 12));
    assert!(!fits("2026-01-01", "2028-12-31", 13));
    assert!(fits("2026-01-31", "2026-02-27", 1));
    assert!(!fits("2026-01-31", "2026-02-26", 1));
    assert!(!fits("2026-01-01", "2026-06-30", 7));
    assert!(fits("2026-01-01", "", 12));
}

#[test]
fn the_whole_is_not_given_away_at_once_nor_in_pieces_but_parts_are_one_after_another() {
    let holidays = Holidays::embedded().unwrap();
    let rules = rules(&holidays);
    let contract = running("2024-01-01", "2028-12-31", "2026-03-01", &rules);
    let own: CreditCode = code("91330783MA2E40030");
    let give = |contract: &Contract, services: &[Service], from_on: &str, until_on: &str| {
        let new = Subcontract {
            services: services.iter().copied().collect::<BTreeSet<_>>(),
            contractor: code("91330783MA2E40031"),
            contractor_name: "保洁（演示）".into(),
            from_on: day(from_on),
            until_on: day(until_on),
        };
        contract.subcontract(new, &own).map(|(after, _)| after)
    };
    use Service::{Cleaning, Greening, Management, Security};
    let whole = give(
        &contract,
        &[Management, Security, Cleaning],
        "2026-01-01",
        "2026-12-31",
    );
    assert_eq!(whole.unwrap_err(), Refusal::WholeSubcontracted);
    let unknown = give(&contract, &[Greening], "2026-01-01", "2026-12-31");
    assert!(matches!(
        unknown.unwrap_err(),
        Refusal::ServiceNotPromised { service: "greening" }
    ));

    let cleaning = give(&contract, &[Cleaning], "2026-01-01", "2026-06-30").unwrap();
    let twice = give(&cleaning, &[Cleaning], "2026-06-30", "2026-12-31");
    assert!(matches!(twice.unwrap_err(), Refusal::ServiceSubcontracted { .. }));
    // Management and security together would leave nothing, on one common day already.
    let pieces = give(&cleaning, &[Management, Security], "2026-06-30", "2026-12-31");
    assert_eq!(pieces.unwrap_err(), Refusal::WholeSubcontracted);
    let after = give(&cleaning, &[Management, Security], "2026-07-01", "2026-12-31").unwrap();
    assert_eq!(after.subcontracts.len(), 2);
    // Each of two pieces alone fits beside the new one, and no day has both.
    let security = give(&contract, &[Security], "2026-01-01", "2026-03-31").unwrap();
    let management = give(&security, &[Management], "2026-04-01", "2026-06-30").unwrap();
    give(&management, &[Cleaning], "2026-03-01", "2026-05-31").unwrap();
}

fn code(body: &str) -> CreditCode {
    format!("{body}{}", CreditCode::check_char(body).unwrap())
        .parse()
        .unwrap()
}

#[test]
fn one_firm_serves_an_area_and_the_early_one_makes_way() {
    let holidays = Holidays::embedded().unwrap();
    let rules = rules(&holidays);
    let today = day("2026-03-01");
    let add = |kind, from_on: &str, standing: &Contract| {
        let standing = std::slice::from_ref(standing);
        admit(entry(kind, terms(from_on, "2029-12-31")), standing, today, &rules)
            .map(|(contract, _)| contract)
    };
    let ordinary = running("2024-01-01", "2026-12-31", "2026-03-01", &rules);
    let early = Contract {
        kind: ContractKind::EarlyStage,
        ..ordinary.clone()
    };
    let taken = add(ContractKind::Ordinary, "2026-12-31", &ordinary).unwrap_err();
    let ends_on = Some(day("2026-12-31"));
    assert_eq!(taken, Refusal::AreaHasContract { ends_on });
    let next = add(ContractKind::Ordinary, "2027-01-01", &ordinary).unwrap();
    add(ContractKind::Ordinary, "2026-04-01", &early).unwrap();
    add(ContractKind::EarlyStage, "2026-04-01", &early).unwrap_err();
    add(ContractKind::Ordinary, "2024-01-01", &early).unwrap_err();
    // One waits already.
    add(ContractKind::Ordinary, "2030-01-01", &next).unwrap_err();

    // With a successor the term ends and does not go on.
    let successor = Some(next.as_successor());
    let (over, _) = ordinary.pass(day("2027-01-01"), successor, &rules).unwrap();
    let ContractState::Ended { cause, hand_back, .. } = over.state else {
        panic!()
    };
    assert_eq!(cause, EndCause::Succeeded);
    assert!(hand_back.is_none(), "the same firm goes on");
}
