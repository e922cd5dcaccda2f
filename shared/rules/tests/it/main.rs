//! The rule set of Dongyang, and what a rule file is refused for.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod embedded;
mod parsing;

use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
