//! Reading and moving the clock.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::world::{Setting, World, administrator, json as body_of, refused};

async fn advance(world: &World, key: Option<&str>, to: DateTime<Utc>) -> reqwest::Response {
    let request = world
        .post("/v1/clock/advance")
        .bearer_auth(world.token(&administrator()));
    let request = match key {
        Some(key) => request.header("idempotency-key", key),
        None => request,
    };
    request
        .body(json!({ "to": to.to_rfc3339() }).to_string())
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn the_clock_moves_forward_and_the_same_move_again_is_fine() {
    let world = World::new().await;
    let to = world.now() + TimeDelta::days(26);
    for key in ["k1", "k1", "k2"] {
        // The clock runs on between the calls, so the time asked for is past by then.
        let clock = body_of(advance(&world, Some(key), to).await).await;
        assert_eq!(clock["simulated"], true);
        let now: DateTime<Utc> = clock["now"].as_str().unwrap().parse().unwrap();
        assert!(now >= to && now < to + TimeDelta::minutes(1), "{now}");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let shown = body_of(world.read("/v1/clock").send().await.unwrap()).await;
    assert!(shown["now"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap() >= to);
}

#[tokio::test]
async fn a_move_is_refused_back_without_key_or_under_a_used_one() {
    let world = World::new().await;
    let to = world.now() + TimeDelta::days(1);
    let (status, reason, _) = refused(advance(&world, None, to).await).await;
    assert_eq!((status, reason.as_str()), (400, "IDEMPOTENCY_KEY_MISSING"));
    assert_eq!(advance(&world, Some("k"), to).await.status(), 200);
    let (status, reason, _) = refused(advance(&world, Some("k"), to + TimeDelta::days(1)).await).await;
    assert_eq!((status, reason.as_str()), (400, "IDEMPOTENCY_KEY_REUSED"));
    let (status, reason, _) = refused(advance(&world, Some("l"), to - TimeDelta::hours(1)).await).await;
    assert_eq!((status, reason.as_str()), (409, "CLOCK_CANNOT_GO_BACK"));
    let missing = world
        .post("/v1/clock/advance")
        .bearer_auth(world.token(&administrator()))
        .header("idempotency-key", "m");
    assert_eq!(
        refused(missing.body("{}").send().await.unwrap()).await.1,
        "TIME_MISSING"
    );
}

#[tokio::test]
async fn only_the_administrator_moves_it() {
    let world = World::new().await;
    let (status, reason, _) = refused(world.write("/v1/clock/advance", "{}").send().await.unwrap()).await;
    assert_eq!((status, reason.as_str()), (403, "NOT_ALLOWED"));
}

#[tokio::test]
async fn a_real_clock_cannot_be_moved() {
    let world = World::with(Setting {
        simulated: false,
        ..Setting::default()
    })
    .await;
    let (status, reason, _) =
        refused(advance(&world, Some("k"), world.now() + TimeDelta::days(1)).await).await;
    assert_eq!((status, reason.as_str()), (409, "CLOCK_NOT_SIMULATED"));
    assert_eq!(
        body_of(world.read("/v1/clock").send().await.unwrap()).await["simulated"],
        false
    );
}
