//! Holidays are data: the ones that ship, and what is refused.

use calendar::{Holidays, HolidaysError};

use crate::day;

#[test]
fn the_announced_years_are_there() {
    let holidays = Holidays::embedded().unwrap();
    for year in [2024, 2025, 2026] {
        assert!(holidays.covers(year));
    }
    assert!(!holidays.covers(2023) && !holidays.covers(2027));
}

#[test]
fn holidays_and_make_up_days_change_the_week() {
    let holidays = Holidays::embedded().unwrap();
    for off in [
        "2024-02-12",
        "2024-10-07",
        "2025-01-28",
        "2025-10-08",
        "2026-02-23",
        "2026-05-05",
        "2026-03-07",
    ] {
        assert!(!holidays.is_working_day(day(off)), "{off}");
    }
    for worked in [
        "2024-02-18",
        "2024-10-12",
        "2025-01-26",
        "2025-10-11",
        "2026-01-04",
        "2026-02-14",
        "2026-05-06",
    ] {
        assert!(holidays.is_working_day(day(worked)), "{worked}");
    }
    assert_eq!(holidays.working_day_from(day("2025-10-01")), day("2025-10-09"));
    assert_eq!(holidays.working_day_from(day("2025-10-11")), day("2025-10-11"));
}

#[test]
fn without_data_weekends_are_off() {
    let holidays = Holidays::none();
    assert!(holidays.is_working_day(day("2026-05-01")));
    assert!(!holidays.is_working_day(day("2026-05-02")));
}

fn refused(holidays: &str, working: &str) -> HolidaysError {
    let text =
        format!("[[year]]\nyear = 2026\nsource = \"x\"\nholiday = [{holidays}]\nworking = [{working}]");
    Holidays::parse(&text).unwrap_err()
}

#[test]
fn slips_in_the_data_are_refused() {
    let form = Holidays::parse("[[year]]\nyear = 2026\nsource = \"x\"\nholidays = []").unwrap_err();
    assert!(matches!(form, HolidaysError::Form { .. }));
    let twice = "[[year]]\nyear = 2026\nsource = \"x\"\n".repeat(2);
    assert!(matches!(
        Holidays::parse(&twice),
        Err(HolidaysError::YearTwice { year: 2026 })
    ));

    let backwards = refused(r#"{ name = "a", from = "2026-05-05", to = "2026-05-01" }"#, "");
    assert!(matches!(backwards, HolidaysError::Holiday { .. }));
    let long = refused(r#"{ name = "a", from = "2026-05-01", to = "2026-06-01" }"#, "");
    assert!(matches!(long, HolidaysError::Holiday { .. }));
    let elsewhere = refused(r#"{ name = "a", from = "2025-05-01", to = "2025-05-02" }"#, "");
    assert!(matches!(elsewhere, HolidaysError::Holiday { .. }));

    let weekday = refused("", r#""2026-05-08""#);
    assert!(matches!(weekday, HolidaysError::Working { .. }));
    let on_holiday = refused(
        r#"{ name = "a", from = "2026-05-01", to = "2026-05-05" }"#,
        r#""2026-05-02""#,
    );
    assert!(matches!(on_holiday, HolidaysError::Working { .. }));
}
