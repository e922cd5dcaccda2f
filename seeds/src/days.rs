//! Days without fallible arithmetic: every date here lies between 1904 and 2099.

use chrono::{Days, NaiveDate};

/// First day of a leap cycle; the arithmetic below counts from it.
const CYCLE_START: NaiveDate = match NaiveDate::from_ymd_opt(1904, 1, 1) {
    Some(day) => day,
    None => panic!("1904-01-01 is a day"),
};

/// The day as of which the city is shown: nothing in it happened later.
pub const AS_OF: NaiveDate = match NaiveDate::from_ymd_opt(2025, 12, 31) {
    Some(day) => day,
    None => panic!("2025-12-31 is a day"),
};

/// First day on which a deposit is shown: the nationwide rules on maintenance funds begin with 1999.
pub(crate) const FUNDS_BEGIN: NaiveDate = match NaiveDate::from_ymd_opt(1999, 1, 1) {
    Some(day) => day,
    None => panic!("1999-01-01 is a day"),
};

/// First day of a year from 1904 to 2099.
pub(crate) fn first_of(year: u32) -> NaiveDate {
    let years = u64::from(year.clamp(1904, 2099) - 1904);
    // Four years have 1,461 days; the leap year comes first, hence rounding up.
    CYCLE_START + Days::new((years * 1_461).div_ceil(4))
}

/// So many days later.
pub(crate) fn later(day: NaiveDate, days: u32) -> NaiveDate {
    day + Days::new(u64::from(days))
}

/// So many days earlier.
pub(crate) fn earlier(day: NaiveDate, days: u32) -> NaiveDate {
    day - Days::new(u64::from(days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Datelike;

    #[test]
    fn every_year_begins_on_its_first_day() {
        for year in 1904..=2099 {
            let day = first_of(year);
            assert_eq!((day.year(), day.ordinal()), (year as i32, 1));
        }
    }
}
