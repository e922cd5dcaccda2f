//! The simulated clock moves forward only, and tells whoever waits.

use std::sync::Arc;

use calendar::{Clock, ClockError, SimulatedClock, SystemClock, end_of_day, start_of_day, today};
use chrono::{DateTime, TimeDelta, Utc};

use crate::day;

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn a_frozen_clock_stands_until_it_is_moved() {
    let clock = SimulatedClock::frozen_at(instant("2026-03-01T00:00:00Z"));
    assert_eq!(clock.now(), instant("2026-03-01T00:00:00Z"));
    clock.advance_to(instant("2026-03-16T08:30:00.250Z")).unwrap();
    assert_eq!(clock.now(), instant("2026-03-16T08:30:00.250Z"));
    clock.advance(TimeDelta::days(1)).unwrap();
    assert_eq!(clock.now(), instant("2026-03-17T08:30:00.250Z"));
}

#[test]
fn a_moved_clock_is_never_before_the_instant_asked_for() {
    let clock = SimulatedClock::frozen_at(instant("2026-03-01T00:00:00Z"));
    let asked = instant("2026-03-02T00:00:00.000001Z");
    clock.advance_to(asked).unwrap();
    assert!(clock.now() >= asked && clock.now() - asked < TimeDelta::milliseconds(1));
    clock.advance_to(asked).unwrap();
}

#[test]
fn it_does_not_go_back() {
    let clock = SimulatedClock::frozen_at(instant("2026-03-01T00:00:00Z"));
    let back = clock.advance_to(instant("2026-02-28T23:59:59.999Z"));
    assert_eq!(back, Err(ClockError::ClockGoesBack));
    assert_eq!(back.unwrap_err().reason(), "CLOCK_GOES_BACK");
    assert_eq!(
        clock.advance(TimeDelta::seconds(-1)),
        Err(ClockError::ClockGoesBack)
    );
    clock.set_offset(5_000).unwrap();
    assert_eq!(clock.set_offset(4_999), Err(ClockError::ClockGoesBack));
    assert_eq!(clock.offset(), 5_000);
    assert!(!ClockError::ClockGoesBack.zh().is_empty());
}

#[test]
fn it_does_not_leave_what_can_be_written() {
    let clock = SimulatedClock::new();
    for offset in [i64::MAX, i64::MAX / 1_000, 9_000 * 365 * 86_400_000] {
        assert_eq!(clock.set_offset(offset), Err(ClockError::ClockTooFar));
    }
    let far = DateTime::<Utc>::MAX_UTC;
    assert_eq!(clock.advance_to(far), Err(ClockError::ClockTooFar));
    assert_eq!(clock.offset(), 0);
}

#[test]
fn a_running_clock_keeps_its_distance_from_the_machine() {
    let clock = SimulatedClock::starting_at(instant("2030-01-01T00:00:00Z"));
    let first = clock.now();
    assert!(first >= instant("2029-12-31T23:59:59Z") && first < instant("2030-01-01T01:00:00Z"));
    assert!(clock.now() >= first);
}

#[test]
fn clones_are_the_same_clock() {
    let clock = SimulatedClock::new();
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    clock.set_offset(86_400_000).unwrap();
    assert!(shared.now() - SystemClock.now() > TimeDelta::hours(23));
}

#[test]
fn instants_are_whole_microseconds() {
    for _ in 0..100 {
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1_000, 0);
        assert_eq!(SimulatedClock::new().now().timestamp_subsec_nanos() % 1_000, 0);
    }
}

#[tokio::test]
async fn a_jump_wakes_whoever_waits() {
    let clock = SimulatedClock::new();
    let mut jumps = clock.subscribe();
    let waiting = tokio::spawn(async move {
        jumps.changed().await.unwrap();
        *jumps.borrow()
    });
    tokio::task::yield_now().await;
    clock.set_offset(60_000).unwrap();
    assert_eq!(waiting.await.unwrap(), 60_000);
}

#[test]
fn a_refused_or_empty_move_tells_nobody() {
    let clock = SimulatedClock::frozen_at(instant("2026-03-01T00:00:00Z"));
    let jumps = clock.subscribe();
    clock.advance_to(clock.now()).unwrap();
    assert!(clock.advance_to(instant("2020-01-01T00:00:00Z")).is_err());
    assert!(!jumps.has_changed().unwrap());
}

#[test]
fn the_clock_of_the_machine_never_tells_of_a_jump_nor_closes() {
    let jumps = SystemClock.subscribe();
    assert!(!jumps.has_changed().unwrap());
}

#[test]
fn the_day_in_china_begins_at_sixteen_hours_utc() {
    assert_eq!(today(instant("2026-03-01T15:59:59Z")), day("2026-03-01"));
    assert_eq!(today(instant("2026-03-01T16:00:00Z")), day("2026-03-02"));
    assert_eq!(start_of_day(day("2026-03-02")), instant("2026-03-01T16:00:00Z"));
    assert_eq!(end_of_day(day("2026-03-01")), start_of_day(day("2026-03-02")));
}
