//! The whole telling: the repair that succeeds, the ways it can fail, and a restart after which all is as before.

use anyhow::Result;
use heju_tests::event_stream::EventStream;
use heju_tests::expected::Scope;
use heju_tests::platform::Options;
use heju_tests::repair::WITHIN;
use heju_tests::{Layout, People, Platform};
use serde_json::json;
use testkit::Backend;

use crate::{failures, live, roof};

/// Tells it on one layout and database.
pub async fn on(layout: Layout, backend: Backend) -> Result<()> {
    let platform = Platform::start(Options {
        layout,
        backend,
        otlp_endpoint: None,
    })
    .await?;
    let people = People::enter(&platform).await?;
    let scope = Scope::of(people.story(), None);

    let whole = EventStream::open(&people.community, None, WITHIN).await?;
    let broken = EventStream::open(&people.community, None, WITHIN).await?;
    let paid = roof::is_repaired(&people, &scope).await?;
    live::tells_the_story(&platform, &people, whole, broken).await?;
    println!("live events: in order, and resumed without loss or repeat");

    failures::too_few_take_part(&people, &scope).await?;
    println!("too few took part: rejected");
    failures::exactly_half_in_favour(&people, &scope).await?;
    println!("exactly half in favour: rejected");
    failures::a_wrong_street_looks(&people, &paid).await?;
    println!("a wrong street: told of nothing");

    let before = picture(&people, &paid, &scope).await?;
    let clock = people.now().await?;
    platform.stop_all()?;
    platform.start_all().await?;
    assert!(people.now().await? >= clock, "the clock went back over a restart");
    assert_eq!(
        picture(&people, &paid, &scope).await?,
        before,
        "a restart changed something"
    );
    let again = people
        .propose(&scope, roof::TITLE, roof::BUDGET_FEN, "roof-propose")
        .await?;
    assert_eq!(
        again["drawId"],
        json!(paid.draw_id),
        "a repeated proposal was a second one after a restart"
    );
    println!("restart: data, clock and idempotency keys are kept");

    assert_eq!(
        platform.run(&["dead-letters", "list"])?,
        "",
        "there are dead letters"
    );
    platform.passed();
    Ok(())
}

/// What must be the same after a restart.
async fn picture(people: &People, paid: &roof::Paid, scope: &Scope) -> Result<Vec<serde_json::Value>> {
    let mut seen = Vec::new();
    for path in [
        format!("/v1/draws/{}", paid.draw_id),
        format!("/v1/draws/{}/shares?page_size=500", paid.draw_id),
        format!("/v1/ballots/{}", paid.ballot_id),
        format!("/v1/areas/{}/trial-balance", scope.area_id),
        format!("/v1/homes/{}/statement", scope.heads[0].home_ids[0]),
        format!("/v1/homes/{}", scope.heads[0].home_ids[0]),
    ] {
        seen.push(people.authority.read(&path).await?);
    }
    Ok(seen)
}
