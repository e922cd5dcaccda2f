//! The three ways in which a repair can fail.

use anyhow::Result;
use heju_tests::People;
use heju_tests::expected::{Scope, Tally};
use heju_tests::repair::{WITHIN, cast_vote, tally};
use serde_json::Value;

use crate::roof::Paid;

/// Heads that vote where too few do: far under two thirds of 23.
const TOO_FEW: usize = 5;

/// Fewer than two thirds take part: nothing is decided, whatever the few say.
pub async fn too_few_take_part(people: &People, scope: &Scope) -> Result<()> {
    let heads = scope.heads.len();
    let ballot = vote(people, scope, "few", "3 幢外墙渗漏维修", |index| {
        (index < TOO_FEW)
            .then_some("CHOICE_FOR")
            .filter(|_| index < heads)
    })
    .await?;
    assert_eq!(tally(&ballot["turnout"]).heads, TOO_FEW as i64);
    assert_eq!(
        (&ballot["result"]["enoughTookPart"], &ballot["result"]["passed"]),
        (&false.into(), &false.into())
    );
    Ok(())
}

/// Exactly half of the heads that take part are for: more than half is asked for.
pub async fn exactly_half_in_favour(people: &People, scope: &Scope) -> Result<()> {
    let voters = scope.heads.len() / 2 * 2;
    let ballot = vote(people, scope, "half", "3 幢楼道粉刷", |index| match index {
        _ if index >= voters => None,
        _ if index < voters / 2 => Some("CHOICE_FOR"),
        _ => Some("CHOICE_AGAINST"),
    })
    .await?;
    let result = &ballot["result"];
    assert_eq!(tally(&result["for"]).heads * 2, tally(&ballot["turnout"]).heads);
    assert_eq!(
        (&result["enoughTookPart"], &result["passed"]),
        (&true.into(), &false.into())
    );
    Ok(())
}

/// A ballot in which each head says what it is told; checks the count, and that the draw is rejected and costs nothing.
async fn vote(
    people: &People,
    scope: &Scope,
    key: &str,
    title: &str,
    choice_of: impl Fn(usize) -> Option<&'static str>,
) -> Result<Value> {
    let area = format!("/v1/areas/{}/trial-balance", scope.area_id);
    let before = people.authority.read(&area).await?;
    let (vote, window) = people.bring_to_the_vote(scope, title, 2_000_000, key).await?;
    people.move_clock_to(window.opens_at).await?;
    let (mut turnout, mut in_favour) = (Tally::default(), Tally::default());
    for (index, head) in scope.heads.iter().enumerate() {
        let Some(choice) = choice_of(index) else { continue };
        let voter = people.owner(&head.accounts[0]).await?;
        cast_vote(
            &voter,
            &vote.ballot_id,
            &head.home_ids[0],
            choice,
            &format!("{key}-vote"),
        )
        .await?;
        turnout.add(head);
        if choice == "CHOICE_FOR" {
            in_favour.add(head);
        }
    }
    let ballot = people.close(&vote, window).await?;
    assert_eq!(
        (tally(&ballot["turnout"]), tally(&ballot["result"]["for"])),
        (turnout, in_favour)
    );
    let draw = people
        .draw_in(&vote.draw_id, "DRAW_STATE_REJECTED", WITHIN)
        .await?;
    assert_ne!(draw["outcomeReason"], "", "the owners are told why");
    assert_eq!(
        people.authority.read(&area).await?,
        before,
        "a rejected draw moved money"
    );
    Ok(ballot)
}

/// An officer of another street is told of nothing: not of the draw, its shares, its ballot, nor in a list.
pub async fn a_wrong_street_looks(people: &People, paid: &Paid) -> Result<()> {
    for (path, reason) in [
        (format!("/v1/draws/{}", paid.draw_id), "DRAW_NOT_FOUND"),
        (format!("/v1/draws/{}/shares", paid.draw_id), "DRAW_NOT_FOUND"),
        (format!("/v1/ballots/{}", paid.ballot_id), "BALLOT_NOT_FOUND"),
        (
            format!("/v1/areas/{}/trial-balance", people.story().area_id),
            "AREA_NOT_FOUND",
        ),
    ] {
        let answer = people.other_street.get(&path).await?;
        assert_eq!(
            (answer.status, answer.reason()),
            (404, reason),
            "{path}: {}",
            answer.body
        );
    }
    let draws = people.other_street.read("/v1/draws").await?;
    assert!(draws["draws"].as_array().is_none_or(Vec::is_empty), "{draws}");
    let ballots = people
        .other_street
        .read(&format!("/v1/ballots?draw_id={}", paid.draw_id))
        .await?;
    assert!(
        ballots["ballots"].as_array().is_none_or(Vec::is_empty),
        "{ballots}"
    );
    Ok(())
}
