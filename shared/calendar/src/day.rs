//! Days in China: one time zone, +08:00, without summer time.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// Hours by which China is ahead of UTC. Asia/Shanghai has had no summer time since 1991.
const OFFSET: TimeDelta = TimeDelta::hours(8);

/// The calendar day in China at this instant.
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    let local = now.checked_add_signed(OFFSET).unwrap_or(now);
    local.date_naive()
}

/// The instant at which this day begins in China.
pub fn start_of_day(date: NaiveDate) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN).and_utc();
    midnight.checked_sub_signed(OFFSET).unwrap_or(midnight)
}

/// The instant at which this day is over in China, which is the first of the next day.
/// What is due on a day is in time before this instant.
pub fn end_of_day(date: NaiveDate) -> DateTime<Utc> {
    date.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, start_of_day)
}
