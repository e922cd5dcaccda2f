//! When the first assembly of an area is to be prepared (首次业主大会的筹备条件): 浙江省物业管理条例, article 8.

use chrono::{Months, NaiveDate};
use ids::AreaId;
use money::Area;
use serde::{Deserialize, Serialize};

/// How far the hand-over of an area has come. Parking spaces are not counted: a roll leaves them out as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Exclusive area sold and handed over, in 0.01 m².
    pub delivered: Area,
    /// Exclusive area of all homes, in 0.01 m².
    pub total: Area,
    /// When the first home was handed over; none before.
    pub first_on: Option<NaiveDate>,
}

/// The numbers of the rule, as they hold on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetUpRules {
    /// Share of the area that is enough at any time, in percent.
    pub delivered_percent: i64,
    /// Months after the first hand-over from which less is enough.
    pub late_months: u32,
    /// Share of the area that is enough then, in percent.
    pub late_delivered_percent: i64,
    /// Where it is written.
    pub article: String,
}

/// Which of the two conditions is met.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Condition {
    /// Enough area is handed over.
    Share,
    /// The first home was handed over long ago, and a part of the area is.
    Time,
}

/// What an examination finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The assembly is to be prepared.
    Due(Condition),
    /// Not yet, and only a hand-over can change that.
    Waits,
    /// Not yet; on this day the time since the first hand-over is enough.
    WaitsUntil(NaiveDate),
}

/// An area whose first assembly is to be prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetUp {
    /// The area.
    pub area_id: AreaId,
    /// How far the hand-over had come.
    pub progress: Progress,
    /// The condition that is met and the day on which that was found; none before.
    pub due: Option<(Condition, NaiveDate)>,
    /// Where it is written.
    pub article: String,
}

/// Whether the first assembly is to be prepared, on the day `today` in China.
///
/// Shares compare by multiplication, so that exactly 60 percent is enough and nothing is rounded.
pub fn examine(progress: &Progress, rules: &SetUpRules, today: NaiveDate) -> Finding {
    let reaches = |percent: i64| {
        progress.total.0 > 0
            && i128::from(progress.delivered.0) * 100 >= i128::from(progress.total.0) * i128::from(percent)
    };
    let Some(first_on) = progress.first_on else {
        return Finding::Waits;
    };
    if reaches(rules.delivered_percent) {
        return Finding::Due(Condition::Share);
    }
    let late_on = first_on
        .checked_add_months(Months::new(rules.late_months))
        .unwrap_or(NaiveDate::MAX);
    match (today >= late_on, reaches(rules.late_delivered_percent)) {
        (true, true) => Finding::Due(Condition::Time),
        (true, false) => Finding::Waits,
        (false, _) => Finding::WaitsUntil(late_on),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rules() -> SetUpRules {
        SetUpRules {
            delivered_percent: 60,
            late_months: 24,
            late_delivered_percent: 30,
            article: "浙江省物业管理条例第8条".into(),
        }
    }

    fn on(delivered: i64, first_on: &str, today: &str) -> Finding {
        let progress = Progress {
            delivered: Area(delivered),
            total: Area(10_000),
            first_on: Some(first_on.parse().unwrap()),
        };
        examine(&progress, &rules(), today.parse().unwrap())
    }

    #[test]
    fn e17_fifty_eight_percent_after_thirty_months_is_due_by_the_second_condition() {
        assert_eq!(
            on(5_800, "2024-05-10", "2026-11-10"),
            Finding::Due(Condition::Time)
        );
        // Half of the area alone, as national guidance has it, is not the test of Zhejiang.
        let late_on = "2028-05-10".parse().unwrap();
        assert_eq!(
            on(5_000, "2026-05-10", "2026-11-10"),
            Finding::WaitsUntil(late_on)
        );
    }

    #[test]
    fn sixty_percent_is_enough_at_once_and_a_hundredth_less_is_not() {
        assert_eq!(
            on(6_000, "2026-11-10", "2026-11-10"),
            Finding::Due(Condition::Share)
        );
        let late_on = "2028-11-10".parse().unwrap();
        assert_eq!(
            on(5_999, "2026-11-10", "2026-11-10"),
            Finding::WaitsUntil(late_on)
        );
    }

    #[test]
    fn the_second_condition_needs_both_its_time_and_its_share() {
        assert_eq!(
            on(3_000, "2024-11-10", "2026-11-10"),
            Finding::Due(Condition::Time)
        );
        assert_eq!(on(2_999, "2024-11-10", "2026-11-10"), Finding::Waits);
        let late_on = "2026-11-10".parse().unwrap();
        assert_eq!(
            on(3_000, "2024-11-10", "2026-11-09"),
            Finding::WaitsUntil(late_on)
        );
        // A leap day ends on the last day of its month (Civil Code article 202).
        let late_on = "2026-02-28".parse().unwrap();
        assert_eq!(
            on(3_000, "2024-02-29", "2026-02-27"),
            Finding::WaitsUntil(late_on)
        );
    }

    #[test]
    fn an_area_without_homes_or_without_a_hand_over_waits() {
        let mut progress = Progress {
            delivered: Area(0),
            total: Area(0),
            first_on: None,
        };
        let today = "2026-11-10".parse().unwrap();
        assert_eq!(examine(&progress, &rules(), today), Finding::Waits);
        progress.total = Area(10_000);
        assert_eq!(examine(&progress, &rules(), today), Finding::Waits);
    }
}
