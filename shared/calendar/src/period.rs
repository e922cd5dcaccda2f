//! Statutory periods (期间), by Civil Code articles 200 to 204.

use chrono::{Days, Months, NaiveDate};

use crate::holidays::Holidays;

/// Length of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Calendar days (日, 自然日).
    Days(u32),
    /// Working days (工作日).
    WorkingDays(u32),
    /// Calendar months (月); a year is twelve.
    Months(u32),
}

/// What happens when the last day is not a working day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roll {
    /// The last day stays: waiting and publicity periods, which only have to run.
    Keep,
    /// The last day becomes the next working day (Civil Code 203): periods in which somebody has to act.
    NextWorkingDay,
}

/// The last day of a period that begins with an event on `start`.
///
/// The day of the event does not count (article 201).
/// Months end on the same day of the last month, or on its last day where it has no such day (article 202).
/// With [`Roll::NextWorkingDay`] a last day on a holiday or weekend moves to the next working day (article 203);
/// working days need no roll, except that a period of none on a day off stays where it is.
/// Beyond the last representable day the answer is that day.
pub fn deadline(start: NaiveDate, period: Period, roll: Roll, holidays: &Holidays) -> NaiveDate {
    let last = match period {
        Period::Days(days) => start.checked_add_days(Days::new(u64::from(days))),
        Period::Months(months) => start.checked_add_months(Months::new(months)),
        Period::WorkingDays(days) => {
            return nth_working_day(start, days, holidays, NaiveDate::succ_opt).unwrap_or(NaiveDate::MAX);
        }
    };
    let last = last.unwrap_or(NaiveDate::MAX);
    match roll {
        Roll::Keep => last,
        Roll::NextWorkingDay => holidays.working_day_from(last),
    }
}

/// The latest day on which something may happen that must be this long before `end` (提前…日).
///
/// The mirror of [`deadline`]: the day `end` does not count, months clamp to the month's end.
/// It never rolls: rolling would shorten the time that somebody else is owed.
pub fn counted_back(end: NaiveDate, period: Period, holidays: &Holidays) -> NaiveDate {
    let first = match period {
        Period::Days(days) => end.checked_sub_days(Days::new(u64::from(days))),
        Period::Months(months) => end.checked_sub_months(Months::new(months)),
        Period::WorkingDays(days) => nth_working_day(end, days, holidays, NaiveDate::pred_opt),
    };
    first.unwrap_or(NaiveDate::MIN)
}

/// The `count`-th working day after (or before) `from`, itself not counted.
fn nth_working_day(
    from: NaiveDate,
    count: u32,
    holidays: &Holidays,
    step: impl Fn(&NaiveDate) -> Option<NaiveDate>,
) -> Option<NaiveDate> {
    let mut day = from;
    let mut left = count;
    while left > 0 {
        day = step(&day)?;
        if holidays.is_working_day(day) {
            left -= 1;
        }
    }
    Some(day)
}
