//! The builder's warranty (保修期): while it runs the fund may not pay (165号令 articles 18 and 25).

use calendar::{Holidays, Period, Roll, deadline};
use chrono::NaiveDate;

use crate::domain::home::Home;
use crate::domain::refusal::Refusal;

/// For how long the builder answers for a part, from the hand-over, and where the law says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warranty {
    /// Months from the hand-over.
    pub months: u32,
    /// The article.
    pub article: String,
}

/// The youngest hand-over among the homes: the one whose warranty ends last.
pub fn latest_delivery(homes: &[Home]) -> Option<NaiveDate> {
    homes.iter().filter_map(|home| home.delivered_on).max()
}

/// Refuses with `WARRANTY_STILL_RUNS` on the last day of the warranty and before it.
///
/// The day of the hand-over does not count, and months end on the same day of the month (Civil Code 201 and 202).
pub fn check(delivered_on: NaiveDate, warranty: &Warranty, today: NaiveDate) -> Result<(), Refusal> {
    let period = Period::Months(warranty.months);
    // A warranty runs, nobody has to act on its last day: holidays do not move it.
    let until = deadline(delivered_on, period, Roll::Keep, &Holidays::none());
    if today <= until {
        return Err(Refusal::WarrantyStillRuns {
            delivered_on,
            until,
            article: warranty.article.clone(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// E10: a roof that leaks in the sixth year after the hand-over is the builder's for eight years in Zhejiang.
    #[test]
    fn a_leaking_roof_in_the_sixth_year_is_not_the_funds() {
        let roof = Warranty {
            months: 96,
            article: "第19条".into(),
        };
        let refusal = check(day("2018-06-30"), &roof, day("2024-08-01")).unwrap_err();
        assert!(matches!(refusal, Refusal::WarrantyStillRuns { until, .. } if until == day("2026-06-30")));
        // By the national five years the fund would have paid.
        let national = Warranty { months: 60, ..roof };
        assert!(check(day("2018-06-30"), &national, day("2024-08-01")).is_ok());
    }

    #[test]
    fn the_last_day_of_the_warranty_still_belongs_to_it() {
        let lift = Warranty {
            months: 24,
            article: "第40条".into(),
        };
        assert!(check(day("2020-02-29"), &lift, day("2022-02-28")).is_err());
        assert!(check(day("2020-02-29"), &lift, day("2022-03-01")).is_ok());
    }
}
