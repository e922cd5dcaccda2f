//! Clock, days, periods and holidays, from outside.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod clock;
mod holidays;
mod period;

use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
