//! A price that the owners raise, from the firm's plan to the first day of the new price; then a plan that is given up,
//! and a merger after which another street looks after the estate.

use anyhow::{Context, Result};
use chrono::{Datelike, Days, NaiveDate};
use heju_tests::expected::Scope;
use heju_tests::platform::Options;
use heju_tests::repair::{WITHIN, Window, cast_vote, tally};
use heju_tests::rest::{number, text};
use heju_tests::{Caller, Layout, People, Platform};
use serde_json::{Value, json};
use testkit::Backend;

use crate::assembly::{day_of, heads, midnight, signed_in};

/// What a high-rise flat costs a month for each m², in fen.
const BEFORE_FEN: i64 = 140;
/// What it is to cost.
const AFTER_FEN: i64 = 165;
/// Full days for which audit and plan are public (杭州市物业管理条例 article 53).
const PUBLICITY_DAYS: u64 = 30;

/// Tells it on one layout and database.
pub async fn on(layout: Layout, backend: Backend) -> Result<()> {
    let platform = Platform::start(Options {
        layout,
        backend,
        otlp_endpoint: None,
    })
    .await?;
    let people = People::enter(&platform).await?;
    let committee = people.owner(&people.story().committee_account).await?;
    are_raised(&platform, &people, &committee).await?;
    println!("the owners agreed: the new price holds");
    a_plan_is_given_up(&people, &committee).await?;
    println!("a plan was given up: its ballot is withdrawn");
    another_street_takes_over(&people).await?;
    println!("after a merger the surviving street sees draws and ballots");
    assert_eq!(
        platform.run(&["dead-letters", "list"])?,
        "",
        "there are dead letters"
    );
    platform.passed();
    Ok(())
}

/// Proposed, published, asked for, voted on by the whole area, decided, in force.
async fn are_raised(platform: &Platform, people: &People, committee: &Caller) -> Result<()> {
    let area_id = &people.story().area_id;
    let standard = json!({
        "areaId": area_id,
        "homes": flats(),
        "priceFen": BEFORE_FEN.to_string(),
        "grade": 2,
        "charging": "FEE_CHARGING_LUMP_SUM",
        "effectiveFrom": "2024-01-01",
    });
    people
        .authority
        .write("/v1/fee-standards", "first-price", &standard)
        .await?;
    let planned = day_of(people.now().await?) + Days::new(120);
    let adjustment_id = propose(people, planned, "raise").await?;
    let path = format!("/v1/price-adjustments/{adjustment_id}");
    let ballot_id = bring_to_the_vote(people, committee, &adjustment_id, "raise").await?;
    let ballot = committee.read(&format!("/v1/ballots/{ballot_id}")).await?;
    assert_eq!(ballot["matter"], "MATTER_OTHER");
    assert_eq!(ballot["scope"]["areaId"], area_id.as_str());
    assert!(text(&ballot["text"])?.contains("由1.40元/平方米·月调整为1.65元/平方米·月"));

    let scope = Scope::of(people.story(), None);
    let couple = scope.heads.iter().find(|head| head.accounts.len() == 2);
    let couple = couple.context("the story has a couple")?;
    let chosen = person(people, &couple.accounts[0])?;
    let choice = json!({ "ownerId": chosen, "fromOn": day_of(people.now().await?).to_string() });
    people
        .community
        .write(
            &format!("/v1/homes/{}/representative", couple.home_ids[0]),
            "representative",
            &choice,
        )
        .await?;

    let window = Window::after(people.now().await?);
    let announced = committee
        .write(
            &format!("/v1/ballots/{ballot_id}/announce"),
            "raise-announce",
            &window.json(),
        )
        .await?;
    people.move_clock_to(window.opens_at).await?;
    let other = people.owner(&couple.accounts[1]).await?;
    let body = json!({ "homeId": couple.home_ids[0], "choice": "CHOICE_AGAINST" });
    let votes = format!("/v1/ballots/{ballot_id}/votes");
    let refused = other.decide(&votes, "not-chosen", &body).await?;
    assert_eq!((refused.status, refused.reason()), (403, "CAST_BY_ANOTHER"));

    // Everybody who owns a home of the area agrees; the couple by whom they chose.
    let pem = platform.signing_key()?;
    let mut votes_cast = 0;
    for (mut owners, home_id) in heads(people, area_id).await? {
        if owners.contains(&chosen) && owners.len() == 2 {
            owners = vec![chosen.clone()];
        }
        let voter = signed_in(people, &owners[0], &pem).await?;
        // One account may vote for several heads: alone and together with others.
        let key = format!("raise-vote-{home_id}");
        let cast = cast_vote(&voter, &ballot_id, &home_id, "CHOICE_FOR", &key).await?;
        let expected = match owners == [chosen.clone()] && home_id == couple.home_ids[0] {
            true => "VOTER_CAPACITY_REPRESENTATIVE",
            false => "VOTER_CAPACITY_OWNER",
        };
        assert_eq!(cast["capacity"], expected, "{cast}");
        votes_cast += 1;
    }
    let own = other.read(&format!("/v1/ballots/{ballot_id}/own-votes")).await?;
    let line = &own["votes"][0];
    assert_eq!(line["capacity"], "VOTER_CAPACITY_REPRESENTATIVE", "{own}");
    let said = line["choice"].as_str().unwrap_or("CHOICE_UNSPECIFIED");
    assert_eq!(said, "CHOICE_UNSPECIFIED", "that it was cast, and not how: {own}");
    assert!(!line["mayCast"].as_bool().unwrap_or_default(), "{own}");

    people
        .move_clock_to(window.closes_at + chrono::TimeDelta::seconds(1))
        .await?;
    let decided = committee
        .wait_for(&format!("/v1/ballots/{ballot_id}"), WITHIN, |ballot| {
            ballot["state"] == "BALLOT_STATE_DECIDED"
        })
        .await?;
    assert_eq!(decided["result"]["passed"], true, "{decided}");
    assert_eq!(tally(&decided["turnout"]).heads, votes_cast);
    assert!(tally(&announced["roll"]).heads >= votes_cast);

    let decision = json!({ "ballotId": ballot_id });
    let decide = format!("{path}/decide");
    // Registry learns of the count from its event.
    let after = committee
        .write_after(&decide, "raise-decide", &decision, "BALLOT_NOT_DECIDED")
        .await?;
    assert_eq!(after["state"], "ADJUSTMENT_STATE_DECIDED");
    assert_eq!(after["effectiveOn"], planned.to_string());
    assert_eq!(price_of(people, planned.pred_opt().unwrap()).await?, BEFORE_FEN);
    assert_eq!(price_of(people, planned).await?, AFTER_FEN);
    people.move_clock_to(midnight(planned)?).await?;
    committee
        .wait_for(&path, WITHIN, |seen| {
            seen["state"] == "ADJUSTMENT_STATE_EFFECTIVE"
        })
        .await?;
    assert_eq!(price_of(people, day_of(people.now().await?)).await?, AFTER_FEN);
    Ok(())
}

/// A second plan comes as far as its ballot, and its firm gives it up.
async fn a_plan_is_given_up(people: &People, committee: &Caller) -> Result<()> {
    let planned = day_of(people.now().await?) + Days::new(120);
    let adjustment_id = propose(people, planned, "second").await?;
    let ballot_id = bring_to_the_vote(people, committee, &adjustment_id, "second").await?;
    let reason = "与业主协商后另行提出方案。";
    people
        .firm
        .write(
            &format!("/v1/price-adjustments/{adjustment_id}/withdraw"),
            "second-withdraw",
            &json!({ "reason": reason }),
        )
        .await?;
    let withdrawn = committee
        .wait_for(&format!("/v1/ballots/{ballot_id}"), WITHIN, |ballot| {
            ballot["state"] == "BALLOT_STATE_WITHDRAWN"
        })
        .await?;
    assert_eq!(withdrawn["withdrawalReason"], reason);
    Ok(())
}

/// The story's street ends in another, whose officer then finds a draw and the ballots, and checks the draw.
async fn another_street_takes_over(people: &People) -> Result<()> {
    let scope = Scope::of(people.story(), None);
    let draw = people
        .propose(&scope, "3 幢屋面防水维修", 1_000_000, "merged-propose")
        .await?;
    let draw_id = text(&draw["drawId"])?;
    let heir = &people.other_street;
    let hidden = heir.get(&format!("/v1/draws/{draw_id}")).await?;
    assert_eq!((hidden.status, hidden.reason()), (404, "DRAW_NOT_FOUND"));
    let street = &people.story().division_code[..9];
    let into = people.story().other_street_account.trim_start_matches("street-");
    let merger = json!({
        "fromCodes": [street],
        "effectiveOn": day_of(people.now().await?).to_string(),
    });
    people
        .authority
        .write(&format!("/v1/divisions/{into}/merge"), "merger", &merger)
        .await?;
    let there = |list: &'static str| {
        move |page: &Value| page[list].as_array().is_some_and(|listed| !listed.is_empty())
    };
    heir.wait_for("/v1/draws", WITHIN, there("draws")).await?;
    heir.wait_for("/v1/ballots", WITHIN, there("ballots")).await?;
    let body = json!({ "remark": "现场查看属实" });
    let checked = heir
        .write(&format!("/v1/draws/{draw_id}/check"), "merged-check", &body)
        .await?;
    assert_eq!(checked["state"], "DRAW_STATE_VOTING");
    Ok(())
}

/// The firm proposes the new price from a day on; returns the adjustment's id.
async fn propose(people: &People, from: NaiveDate, key: &str) -> Result<String> {
    let today = day_of(people.now().await?);
    let price = if key == "raise" { AFTER_FEN } else { BEFORE_FEN };
    let plan = json!({
        "areaId": people.story().area_id,
        "lines": [{ "homes": flats(), "priceFen": price.to_string(), "grade": 2 }],
        "effectiveFrom": from.to_string(),
        "reason": "人工成本上涨，上年度亏损。",
        "audit": {
            "reportDigest": "9f".repeat(32),
            "auditorCreditCode": "91350100M000100Y43",
            "auditorName": "东阳会计师事务所（演示）",
            "year": today.year() - 1,
        },
    });
    let proposed = people
        .firm
        .write("/v1/price-adjustments", &format!("{key}-propose"), &plan)
        .await?;
    text(&proposed["adjustmentId"])
}

/// The committee publishes a plan, waits for the end of its publicity, and asks for the owners' decision; returns the
/// ballot that committees prepares by itself.
async fn bring_to_the_vote(
    people: &People,
    committee: &Caller,
    adjustment_id: &str,
    key: &str,
) -> Result<String> {
    let path = format!("/v1/price-adjustments/{adjustment_id}");
    let today = day_of(people.now().await?);
    committee
        .write(
            &format!("{path}/publish"),
            &format!("{key}-publish"),
            &json!({ "publishedOn": today.to_string() }),
        )
        .await?;
    let ask = format!("{path}/request-ballot");
    let early = committee
        .decide(&ask, &format!("{key}-early"), &json!({}))
        .await?;
    assert_eq!(early.reason(), "PUBLICITY_RUNNING");
    people
        .move_clock_to(midnight(today + Days::new(PUBLICITY_DAYS + 1))?)
        .await?;
    committee
        .write(&ask, &format!("{key}-request"), &json!({ "objections": 0 }))
        .await?;
    let list = format!("/v1/ballots?adjustment_id={adjustment_id}");
    let page = committee
        .wait_for(&list, WITHIN, |page| {
            page["ballots"].as_array().is_some_and(|found| found.len() == 1)
        })
        .await?;
    text(&page["ballots"][0]["ballotId"])
}

/// The owner behind an account of the story.
fn person(people: &People, account: &str) -> Result<String> {
    let owners = &people.story().owner_accounts;
    let found = owners.iter().find(|owner| owner.account == account);
    Ok(found.context("the account is an owner's")?.owner_id.clone())
}

/// What the flats of the area cost on a day, in fen.
async fn price_of(people: &People, day: NaiveDate) -> Result<i64> {
    let area_id = &people.story().area_id;
    let path = format!("/v1/fee-standards?area_id={area_id}&as_of={day}");
    let page = people.community.read(&path).await?;
    Ok(number(&page["standards"][0]["priceFen"]))
}

fn flats() -> Value {
    json!({
        "use": "HOME_USE_RESIDENTIAL",
        "buildingType": "BUILDING_TYPE_HIGH_RISE",
        "housingClass": "HOUSING_CLASS_ORDINARY",
    })
}
