//! What holds in Dongyang: E1, E2, E9 and E10, and the table of parameters.

use money::{Area, Fen};
use rules::{RuleSet, Rules, SharedPart};

use crate::day;

fn dongyang() -> RuleSet {
    RuleSet::embedded("330783").unwrap()
}

fn today() -> Rules {
    dongyang().at(day("2026-03-01")).unwrap()
}

#[test]
fn the_typed_rules_are_those_of_the_table() {
    let rules = today();
    let vote = &rules.vote;
    assert_eq!(vote.participation.value.to_string(), "2/3");
    assert_eq!(vote.approval_ordinary.value.to_string(), "1/2");
    assert_eq!(vote.approval_special.value.to_string(), "3/4");
    assert_eq!(vote.special_matters.value, [6, 7, 8]);
    assert_eq!(vote.notice_days.value, 15);
    assert_eq!((vote.window_days_min.value, vote.window_days_max.value), (5, 60));
    assert!(!vote.count_parking.value);
    assert_eq!(rules.fund.replenish_below.value.to_string(), "3/10");
    assert_eq!(rules.fund.draw_max_fen.value, Fen(10_000_000_000));
    assert_eq!(vote.participation.article, "民法典第278条第2款");
    let set = dongyang();
    assert_eq!((set.jurisdiction(), set.name()), ("330783", "东阳市"));
}

#[test]
fn two_thirds_of_all_owners_is_nowhere() {
    // Before the Civil Code the old threshold held; it must not be had from here.
    let refusal = dongyang().at(day("2020-12-31")).unwrap_err();
    assert_eq!(refusal.reason(), "RULE_MISSING");
    assert_eq!(
        refusal.to_string(),
        "vote.participation has no value on 2020-12-31"
    );
    assert!(dongyang().at(day("2021-01-01")).is_ok());
    for item in 1..=9 {
        assert_ne!(today().vote.approval_for(item).fraction.to_string(), "2/3");
    }
}

#[test]
fn e2_three_items_are_special() {
    let vote = today().vote;
    for item in 1..=9 {
        let approval = vote.approval_for(item);
        let is_special = (6..=8).contains(&item);
        assert_eq!(approval.is_strict, !is_special, "{item}");
        let share = if is_special { "3/4" } else { "1/2" };
        assert_eq!(approval.fraction.to_string(), share, "{item}");
    }
}

#[test]
fn e1_both_axes_at_their_edges() {
    let vote = today().vote;
    let (ordinary, special) = (vote.approval_for(5), vote.approval_for(6));
    assert!(!ordinary.is_met_by(28, 56) && ordinary.is_met_by(29, 56));
    let area = |text: &str| Area::parse_m2(text).unwrap().0;
    assert!(!ordinary.is_met_by(area("3600.00"), area("7200.00")));
    assert!(ordinary.is_met_by(area("3600.01"), area("7200.00")));
    assert!(special.is_met_by(42, 56) && !special.is_met_by(41, 56));
    assert!(special.is_met_by(area("5400.00"), area("7200.00")));
    assert!(!special.is_met_by(area("5399.99"), area("7200.00")));
}

#[test]
fn e9_the_line_itself_need_not_be_replenished() {
    let fund = today().fund;
    assert!(!fund.must_replenish(Fen(240_000), Fen(800_000)));
    assert!(fund.must_replenish(Fen(239_999), Fen(800_000)));
}

#[test]
fn e10_waterproofing_is_warranted_for_eight_years_in_zhejiang() {
    let warranty = today().warranty;
    let months = |part| warranty.months(part).value;
    assert_eq!(months(SharedPart::RoofWaterproofing), 96);
    assert_eq!(months(SharedPart::Structure), 600);
    for part in [
        SharedPart::Lift,
        SharedPart::WiringAndPipes,
        SharedPart::FireEquipment,
        SharedPart::Other,
    ] {
        assert_eq!(months(part), 24);
    }
    assert!(warranty.roof_waterproofing_months.article.contains("浙江省"));
}

#[test]
fn a_later_value_takes_over_on_its_day() {
    let months = |date| {
        dongyang()
            .warranty_at(day(date))
            .unwrap()
            .roof_waterproofing_months
    };
    assert_eq!(months("2017-04-30").value, 60);
    assert_eq!(months("2017-05-01").value, 96);
}

#[test]
fn every_parameter_of_the_file_can_be_asked_for() {
    let rules = today();
    for (name, value) in [
        ("committee_filing_days", 30),
        ("credit_aaa_points_min", 95),
        ("setup_delivered_percent", 60),
        ("tender_invited_area_max_m2", 50_000),
        ("warranty_deposit_late_fee_per_ten_thousand_a_day", 5),
        ("warranty_deposit_months", 96),
    ] {
        let rule = rules.parameter(name).unwrap();
        assert_eq!(rule.value, value, "{name}");
        assert!(!rule.article.is_empty());
    }
    let refusal = rules.parameter("committee_filing_day").unwrap_err();
    assert_eq!(refusal.reason(), "RULE_PARAMETER_UNKNOWN");
}

#[test]
fn a_parameter_without_a_value_on_the_day_is_refused() {
    let rules = dongyang().at(day("2021-06-01")).unwrap();
    let refusal = rules.parameter("petition_close_days").unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "parameter.petition_close_days has no value on 2021-06-01"
    );
    assert!(today().parameter("petition_close_days").is_ok());
}

#[test]
fn other_jurisdictions_do_not_ship() {
    let refusal = RuleSet::embedded("330782").unwrap_err();
    assert_eq!(refusal.reason(), "RULE_JURISDICTION_UNKNOWN");
    assert_eq!(refusal.zh(), "没有 330782 的规则");
}
