//! One clock for all processes, that never goes back.

use std::time::Duration;

use calendar::{Clock, SimulatedClock};
use chrono::{TimeDelta, Utc};
use events::Bus;
use hosting::shared_clock::{advance, follow, restore};
use testkit::{TestNats, wait_for};
use tokio_util::sync::CancellationToken;

const LIMIT: Duration = Duration::from_secs(20);

fn following(bus: &Bus, clock: &SimulatedClock, stop: &CancellationToken) -> tokio::task::JoinHandle<()> {
    tokio::spawn(follow(bus.clone(), clock.clone(), stop.clone()))
}

async fn agree(one: &SimulatedClock, other: &SimulatedClock) {
    let look = || async { (one.offset(), other.offset()) };
    wait_for("the clocks to agree", LIMIT, look, |(one, other)| one == other).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_follow_each_other_and_are_restored_after_a_restart() {
    let nats = TestNats::start().await.unwrap();
    let bus = nats.bus().await.unwrap();
    let (one, two) = (SimulatedClock::new(), SimulatedClock::new());
    let stop = CancellationToken::new();
    let followers = [following(&bus, &one, &stop), following(&bus, &two, &stop)];

    let week = Utc::now() + TimeDelta::weeks(1);
    advance(&bus, &one, week).await.unwrap();
    assert!(
        one.now() >= week - TimeDelta::milliseconds(1),
        "who moves it is there at once"
    );
    agree(&one, &two).await;
    advance(&bus, &two, week + TimeDelta::days(1)).await.unwrap();
    agree(&two, &one).await;
    let before = one.offset();

    let restarted = SimulatedClock::new();
    restore(&bus, &restarted).await.unwrap();
    assert_eq!(restarted.offset(), before);
    stop.cancel();
    for follower in followers {
        follower.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_it_back() {
    let nats = TestNats::start().await.unwrap();
    let bus = nats.bus().await.unwrap();
    let (one, two) = (SimulatedClock::new(), SimulatedClock::new());
    advance(&bus, &one, Utc::now() + TimeDelta::days(10))
        .await
        .unwrap();
    let before = one.offset();
    advance(&bus, &one, Utc::now() + TimeDelta::days(3))
        .await
        .unwrap();
    assert_eq!(one.offset(), before);
    // A process that does not follow yet knows nothing of the ten days.
    advance(&bus, &two, Utc::now() + TimeDelta::days(5))
        .await
        .unwrap();
    assert_eq!(two.offset(), before, "it learns of them by moving");
    let restarted = SimulatedClock::new();
    restore(&bus, &restarted).await.unwrap();
    assert_eq!(restarted.offset(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn moves_at_the_same_moment_leave_it_at_the_latest() {
    let nats = TestNats::start().await.unwrap();
    let bus = nats.bus().await.unwrap();
    let clocks: Vec<_> = (0..8).map(|_| SimulatedClock::new()).collect();
    let target = Utc::now() + TimeDelta::days(8);
    let moves = clocks.iter().enumerate().map(|(index, clock)| {
        let to = target - TimeDelta::days(i64::try_from(index).unwrap());
        let bus = bus.clone();
        let clock = clock.clone();
        tokio::spawn(async move { advance(&bus, &clock, to).await })
    });
    for moved in moves.collect::<Vec<_>>() {
        moved.await.unwrap().unwrap();
    }
    let restarted = SimulatedClock::new();
    restore(&bus, &restarted).await.unwrap();
    assert!(
        restarted.now() >= target - TimeDelta::seconds(1),
        "{} kept, {target} wanted",
        restarted.now()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_past_the_end_of_time_is_refused_and_not_kept() {
    let nats = TestNats::start().await.unwrap();
    let bus = nats.bus().await.unwrap();
    let clock = SimulatedClock::new();
    let end = "9999-12-31T23:59:59Z".parse::<chrono::DateTime<Utc>>().unwrap();
    assert!(advance(&bus, &clock, end + TimeDelta::days(400)).await.is_err());
    assert_eq!(clock.offset(), 0);
    advance(&bus, &clock, Utc::now() + TimeDelta::days(1))
        .await
        .unwrap();
    assert!(clock.offset() > 0);
}
