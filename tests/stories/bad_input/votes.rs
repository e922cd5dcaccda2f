//! Announcements and votes at the wrong time, by the wrong person, for the wrong home, or twice.

use anyhow::{Context, Result};
use chrono::TimeDelta;
use heju_tests::expected::Scope;
use heju_tests::repair::{WITHIN, Window, cast_vote};
use heju_tests::rest::text;
use serde_json::json;

use super::desk::Desk;

const BUDGET_FEN: i64 = 1_000_000;

/// A ballot from its preparation to what follows its count, with everything tried that must not work.
pub async fn announcements(desk: &mut Desk) -> Result<()> {
    let story = desk.people.story().clone();
    let scope = Scope::of(&story, None);
    let (community, developer) = (desk.people.community.clone(), desk.people.developer.clone());
    let draw = desk
        .people
        .propose(&scope, "3 幢屋面防水维修", BUDGET_FEN, "propose")
        .await?;
    let draw_id = text(&draw["drawId"])?;
    desk.people.check(&draw_id, "check").await?;
    desk.refuses(
        &community,
        &format!("/v1/draws/{draw_id}/check"),
        &json!({}),
        (409, "DRAW_WRONG_STATE"),
    )
    .await?;
    let ballot_id = desk.people.ballot_of(&draw_id, WITHIN).await?;
    let votes = format!("/v1/ballots/{ballot_id}/votes");
    let announce = format!("/v1/ballots/{ballot_id}/announce");
    let heads = scope.heads.clone();
    let single = heads
        .iter()
        .find(|head| head.accounts.len() == 1)
        .context("no single owner")?;
    let couple = heads
        .iter()
        .find(|head| head.accounts.len() == 2)
        .context("no couple")?;
    let several = heads
        .iter()
        .find(|head| head.home_ids.len() == 2)
        .context("no owner of two homes")?;
    let owner = desk.people.owner(&single.accounts[0]).await?;
    let body = |home_id: &str| json!({ "homeId": home_id, "choice": "CHOICE_FOR" });
    let own = body(&single.home_ids[0]);
    // Nobody is on a roll that is not frozen, so the state is told to whoever may know of the ballot.
    desk.refuses(&owner, &votes, &own, (409, "BALLOT_WRONG_STATE"))
        .await?;

    let now = desk.people.now().await?;
    let window = |notice: i64, days: i64| {
        let opens_at = now + TimeDelta::days(notice);
        Window {
            opens_at,
            closes_at: opens_at + TimeDelta::days(days),
        }
        .json()
    };
    for (window, reason) in [
        (window(10, 7), "NOTICE_TOO_SHORT"),
        (window(-1, 7), "NOTICE_TOO_SHORT"),
        (window(17, 1), "WINDOW_TOO_SHORT"),
        (window(17, -1), "WINDOW_TOO_SHORT"),
        (window(17, 200), "WINDOW_TOO_LONG"),
        (json!({ "closesAt": now.to_rfc3339() }), "TIME_MISSING"),
        (json!({ "opensAt": "next week" }), "BODY_MALFORMED"),
    ] {
        desk.refuses(&community, &announce, &window, (400, reason))
            .await?;
    }
    let window = Window::after(now);
    desk.people.announce(&ballot_id, window, "announce").await?;
    desk.refuses(&community, &announce, &window.json(), (409, "BALLOT_WRONG_STATE"))
        .await?;
    desk.refuses(&owner, &votes, &own, (409, "VOTING_NOT_OPEN"))
        .await?;

    desk.people.move_clock_to(window.opens_at).await?;
    let stranger = desk.people.owner(&stranger(desk)?).await?;
    let manager = desk.people.firm.clone();
    for (who, body, expected) in [
        (
            &owner,
            json!({ "homeId": single.home_ids[0] }),
            (400, "CHOICE_MISSING"),
        ),
        (
            &owner,
            json!({ "homeId": single.home_ids[0], "choice": "CHOICE_PERHAPS" }),
            (400, "BODY_MALFORMED"),
        ),
        (&owner, body(&story.building_id), (400, "ID_OF_OTHER_KIND")),
        (&owner, body(&several.home_ids[0]), (403, "NOT_ON_ROLL")),
        (&owner, body(&story.unsold_home.home_id), (403, "NOT_ON_ROLL")),
        (&owner, body(&format!("home_{:032x}", 7)), (403, "NOT_ON_ROLL")),
        (&developer, body(&single.home_ids[0]), (403, "NOT_ON_ROLL")),
        (&manager, body(&single.home_ids[0]), (403, "NOT_ON_ROLL")),
        (&community, body(&single.home_ids[0]), (403, "NOT_ALLOWED")),
        (&stranger, body(&single.home_ids[0]), (404, "BALLOT_NOT_FOUND")),
    ] {
        desk.refuses(who, &votes, &body, expected).await?;
    }

    let cast = cast_vote(&owner, &ballot_id, &single.home_ids[0], "CHOICE_FOR", "vote").await?;
    let again = cast_vote(&owner, &ballot_id, &single.home_ids[0], "CHOICE_FOR", "vote").await?;
    assert_eq!(again, cast, "the same key is the same vote");
    desk.refuses(&owner, &votes, &own, (409, "ALREADY_VOTED")).await?;
    let change = json!({ "homeId": single.home_ids[0], "choice": "CHOICE_AGAINST" });
    desk.refuses(&owner, &votes, &change, (409, "ALREADY_VOTED"))
        .await?;
    let one = desk.people.owner(&couple.accounts[0]).await?;
    let other = desk.people.owner(&couple.accounts[1]).await?;
    cast_vote(&one, &ballot_id, &couple.home_ids[0], "CHOICE_FOR", "vote").await?;
    desk.refuses(&other, &votes, &body(&couple.home_ids[0]), (409, "ALREADY_VOTED"))
        .await?;
    let rich = desk.people.owner(&several.accounts[0]).await?;
    cast_vote(&rich, &ballot_id, &several.home_ids[0], "CHOICE_FOR", "vote").await?;
    desk.refuses(&rich, &votes, &body(&several.home_ids[1]), (409, "ALREADY_VOTED"))
        .await?;
    cast_vote(
        &developer,
        &ballot_id,
        &story.unsold_home.home_id,
        "CHOICE_FOR",
        "vote",
    )
    .await?;
    let mut late = None;
    for head in heads
        .iter()
        .filter(|head| ![single, couple, several].contains(head))
    {
        let voter = desk.people.owner(&head.accounts[0]).await?;
        if late.is_none() {
            late = Some((voter, head));
            continue;
        }
        cast_vote(&voter, &ballot_id, &head.home_ids[0], "CHOICE_FOR", "vote").await?;
    }

    desk.people.move_clock_to(window.closes_at).await?;
    let (late, head) = late.context("nobody is late")?;
    let reserved = desk
        .people
        .draw_in(&draw_id, "DRAW_STATE_RESERVED", WITHIN)
        .await?;
    assert_eq!(reserved["ballotId"], ballot_id.as_str());
    desk.refuses(&late, &votes, &body(&head.home_ids[0]), (409, "VOTING_CLOSED"))
        .await?;
    let withdraw = json!({ "reason": "改由保修单位负责" });
    desk.refuses(
        &manager,
        &format!("/v1/draws/{draw_id}/withdraw"),
        &withdraw,
        (409, "DRAW_WRONG_STATE"),
    )
    .await?;
    desk.refuses(
        &community,
        &format!("/v1/ballots/{ballot_id}/withdraw"),
        &withdraw,
        (409, "BALLOT_WRONG_STATE"),
    )
    .await?;
    let accept = format!("/v1/draws/{draw_id}/accept");
    for (settled, reason) in [
        (json!("0"), "AMOUNT_NOT_POSITIVE"),
        (json!("-5"), "AMOUNT_NOT_POSITIVE"),
        (json!((BUDGET_FEN + 1).to_string()), "COST_OVER_BUDGET"),
        (json!("9223372036854775807"), "COST_OVER_BUDGET"),
    ] {
        desk.refuses(
            &community,
            &accept,
            &json!({ "settledFen": settled }),
            (400, reason),
        )
        .await?;
    }
    Ok(())
}

/// An account of an owner in another estate.
fn stranger(desk: &Desk) -> Result<String> {
    let accounts: Vec<seeds::Account> = serde_json::from_str(&std::fs::read_to_string(
        desk.platform.city.join(seeds::ACCOUNTS_FILE),
    )?)?;
    let of_another = accounts
        .into_iter()
        .find(|account| account.account.starts_with("owner-e2-"));
    Ok(of_another.context("no owner in another estate")?.account)
}
