//! The same write several times at the same moment: one effect, and one answer for all of them.

use anyhow::{Context, Result, ensure};
use heju_tests::expected::Scope;
use heju_tests::platform::Options;
use heju_tests::repair::{WITHIN, Window, proposal};
use heju_tests::rest::{number, text};
use heju_tests::{Caller, Layout, People, Platform};
use serde_json::{Value, json};
use testkit::Backend;

/// How many are sent at the same moment.
const AT_ONCE: usize = 4;
/// Repairs told, so that the moments differ.
const REPAIRS: usize = 4;
const BUDGET_FEN: i64 = 100_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_write_at_the_same_moment_is_one_write_on_sqlite() -> Result<()> {
    repeat_everything(Backend::Sqlite).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_write_at_the_same_moment_is_one_write_on_postgresql() -> Result<()> {
    if let Err(why) = testkit::postgres::server().await {
        testkit::skip::report("PostgreSQL", &why.to_string());
        return Ok(());
    }
    repeat_everything(Backend::Postgres).await
}

async fn repeat_everything(backend: Backend) -> Result<()> {
    let platform = Platform::start(Options {
        layout: Layout::One,
        backend,
        otlp_endpoint: None,
    })
    .await?;
    let people = People::enter(&platform).await?;
    let scope = Scope::of(people.story(), Some("1"));
    let area = format!("/v1/areas/{}/trial-balance", scope.area_id);
    let before = people.authority.read(&area).await?;
    let mut ways = Vec::new();
    let window = Window::after(people.now().await?);
    for repair in 0..REPAIRS {
        let key = format!("repeat-{repair}");
        let draw = at_once(
            &people.firm,
            "/v1/draws",
            &key,
            &proposal(&scope, &key, BUDGET_FEN),
        )
        .await?;
        let draw_id = text(&draw["drawId"])?;
        let path = format!("/v1/draws/{draw_id}/check");
        at_once(
            &people.community,
            &path,
            &format!("{key}-check"),
            &json!({ "remark": "" }),
        )
        .await?;
        let ballot_id = people.ballot_of(&draw_id, WITHIN).await?;
        let path = format!("/v1/ballots/{ballot_id}/announce");
        at_once(
            &people.community,
            &path,
            &format!("{key}-announce"),
            &window.json(),
        )
        .await?;
        ways.push((key, draw_id, ballot_id));
    }
    people.move_clock_to(window.opens_at).await?;
    for (key, _, ballot_id) in &ways {
        for head in &scope.heads {
            let voter = people.owner(&head.accounts[0]).await?;
            let body = json!({ "homeId": head.home_ids[0], "choice": "CHOICE_FOR" });
            at_once(
                &voter,
                &format!("/v1/ballots/{ballot_id}/votes"),
                &format!("{key}-vote"),
                &body,
            )
            .await?;
        }
    }
    people.move_clock_to(window.closes_at).await?;
    for (key, draw_id, _) in &ways {
        people.draw_in(draw_id, "DRAW_STATE_RESERVED", WITHIN).await?;
        let path = format!("/v1/draws/{draw_id}/accept");
        let body = json!({ "settledFen": BUDGET_FEN.to_string() });
        at_once(&people.community, &path, &format!("{key}-accept"), &body).await?;
        let path = format!("/v1/draws/{draw_id}/pay");
        at_once(
            &people.authority,
            &path,
            &format!("{key}-pay"),
            &json!({ "bankReference": key }),
        )
        .await?;
    }
    let after = people.authority.read(&area).await?;
    // A reservation and a payment each; stairwell 1 has no home of the developer's.
    assert_eq!(
        number(&after["postings"]),
        number(&before["postings"]) + 2 * REPAIRS as i64,
        "{after}"
    );
    assert_eq!(
        number(&after["bankFen"]),
        number(&before["bankFen"]) - BUDGET_FEN * REPAIRS as i64,
        "{after}"
    );
    let votes = platform
        .books
        .number("committees", "SELECT count(*) FROM votes")
        .await?;
    assert_eq!(votes, (scope.heads.len() * REPAIRS) as i64);
    println!("{REPAIRS} repairs, every write {AT_ONCE} times at once: each one effect and one answer");
    platform.passed();
    Ok(())
}

/// Sends the same write several times at the same moment; all get the same answer.
async fn at_once(who: &Caller, path: &str, key: &str, body: &Value) -> Result<Value> {
    let writes = (0..AT_ONCE).map(|_| who.write(path, key, body));
    let answers = futures::future::try_join_all(writes).await?;
    let first = answers.first().context("nothing was sent")?;
    ensure!(
        answers.iter().all(|answer| answer == first),
        "one key, several answers: {answers:#?}"
    );
    Ok(first.clone())
}
