//! Statutory periods: the dates of E11, E13, E18, E19 and E21.

use calendar::Period::{Days, Months, WorkingDays};
use calendar::{Holidays, Period, Roll, counted_back, deadline};
use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;

use crate::day;

fn kept(start: &str, period: Period) -> NaiveDate {
    deadline(day(start), period, Roll::Keep, &Holidays::none())
}

fn rolled(start: &str, period: Period) -> NaiveDate {
    let holidays = Holidays::embedded().unwrap();
    deadline(day(start), period, Roll::NextWorkingDay, &holidays)
}

fn back(end: &str, period: Period) -> NaiveDate {
    counted_back(day(end), period, &Holidays::none())
}

#[test]
fn e11_the_warranty_deposit_is_refunded() {
    let expiry = kept("2018-06-30", Months(96));
    assert_eq!(expiry, day("2026-06-30"));
    assert_eq!(back("2026-06-30", Months(3)), day("2026-03-30"));
    assert_eq!(back("2026-06-30", Months(1)), day("2026-05-30"));
    assert_eq!(kept("2026-06-30", Days(30)), day("2026-07-30"));
}

#[test]
fn e11_months_end_with_the_month_where_it_has_no_such_day() {
    assert_eq!(kept("2018-05-31", Months(96)), day("2026-05-31"));
    assert_eq!(back("2026-05-31", Months(3)), day("2026-02-28"));
    assert_eq!(back("2026-05-31", Months(1)), day("2026-04-30"));
    assert_eq!(kept("2024-01-31", Months(1)), day("2024-02-29"));
    assert_eq!(kept("2024-02-29", Months(12)), day("2025-02-28"));
}

#[test]
fn e13_a_tender_runs_its_course() {
    assert_eq!(kept("2026-03-02", Days(20)), day("2026-03-22"));
    assert_eq!(back("2026-03-23", Days(15)), day("2026-03-08"));
    assert_eq!(rolled("2026-04-01", Days(15)), day("2026-04-16"));
    // 1 May to 5 May are holidays.
    assert_eq!(kept("2026-04-01", Days(30)), day("2026-05-01"));
    assert_eq!(rolled("2026-04-01", Days(30)), day("2026-05-06"));
}

#[test]
fn e18_an_elected_committee_meets_and_files() {
    assert_eq!(kept("2026-03-01", Days(7)), day("2026-03-08"));
    assert_eq!(kept("2026-03-01", Days(30)), day("2026-03-31"));
}

#[test]
fn e19_contracts_end_after_notice() {
    assert_eq!(kept("2026-03-01", Days(60)), day("2026-04-30"));
    assert_eq!(back("2026-12-31", Days(90)), day("2026-10-02"));
}

#[test]
fn e21_petitions_run_in_natural_days() {
    assert_eq!(kept("2026-03-02", Days(15)), day("2026-03-17"));
    let first = kept("2026-03-10", Days(60));
    assert_eq!(first, day("2026-05-09"));
    assert_eq!(kept("2026-05-09", Days(30)), day("2026-06-08"));
}

#[test]
fn working_days_step_over_holidays_and_use_make_up_days() {
    // 30 September 2025 is a Tuesday; the holiday lasts to 8 October; Saturday the 11th is worked.
    assert_eq!(rolled("2025-09-30", WorkingDays(1)), day("2025-10-09"));
    assert_eq!(rolled("2025-09-30", WorkingDays(3)), day("2025-10-11"));
    assert_eq!(rolled("2025-09-30", WorkingDays(4)), day("2025-10-13"));
    assert_eq!(back("2026-03-09", WorkingDays(1)), day("2026-03-06"));
    assert_eq!(rolled("2025-10-01", WorkingDays(0)), day("2025-10-01"));
}

#[test]
fn a_last_day_that_is_worked_does_not_roll() {
    // Saturday, and a make-up working day.
    assert_eq!(rolled("2025-10-10", Days(1)), day("2025-10-11"));
    assert_eq!(rolled("2025-10-10", Days(2)), day("2025-10-13"));
}

#[test]
fn endless_periods_end_on_the_last_day_there_is() {
    assert_eq!(kept("2026-03-01", Days(u32::MAX)), NaiveDate::MAX);
    assert_eq!(kept("2026-03-01", Months(u32::MAX)), NaiveDate::MAX);
    assert_eq!(rolled("2026-03-01", Days(u32::MAX)), NaiveDate::MAX);
    assert_eq!(back("2026-03-01", Months(u32::MAX)), NaiveDate::MIN);
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (730_000..745_000).prop_map(|n| NaiveDate::from_num_days_from_ce_opt(n).unwrap())
}

proptest! {
    #[test]
    fn a_month_later_is_the_same_day_or_the_months_end(start in any_day(), months in 0..200_u32) {
        let end = deadline(start, Months(months), Roll::Keep, &Holidays::none());
        let is_month_end = end.succ_opt().unwrap().day() == 1;
        prop_assert!(end.day() == start.day() || (end.day() < start.day() && is_month_end));
    }

    #[test]
    fn a_rolled_end_is_worked_and_no_more_than_the_days_off_later(start in any_day(), days in 0..400_u32) {
        let holidays = Holidays::embedded().unwrap();
        let kept = deadline(start, Days(days), Roll::Keep, &holidays);
        let rolled = deadline(start, Days(days), Roll::NextWorkingDay, &holidays);
        prop_assert!(holidays.is_working_day(rolled) && rolled >= kept);
        let between = kept.iter_days().take_while(|d| *d < rolled);
        for off in between {
            prop_assert!(!holidays.is_working_day(off));
        }
    }

    #[test]
    fn working_days_counted_out_and_counted_again_agree(start in any_day(), days in 1..120_u32) {
        let holidays = Holidays::embedded().unwrap();
        let end = deadline(start, WorkingDays(days), Roll::Keep, &holidays);
        let worked = start.iter_days().skip(1).take_while(|d| *d <= end)
            .filter(|d| holidays.is_working_day(*d)).count();
        prop_assert_eq!(worked, days as usize);
        prop_assert!(holidays.is_working_day(end));
    }

    #[test]
    fn counting_days_back_undoes_counting_them_on(start in any_day(), days in 0..5_000_u32) {
        let none = Holidays::none();
        let end = deadline(start, Days(days), Roll::Keep, &none);
        prop_assert_eq!(counted_back(end, Days(days), &none), start);
    }
}
