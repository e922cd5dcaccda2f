//! Assemblies of owners (业主大会) that decide: everybody who owns a home votes, each signed in.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};
use heju_tests::repair::{WITHIN, Window, cast_vote, tally};
use heju_tests::rest::text;
use heju_tests::tokens::Token;
use heju_tests::{Caller, People};
use serde_json::{Value, json};

/// A ballot of a whole area that is to be passed.
pub struct Question<'a> {
    /// Who calls the assembly: the area's committee.
    pub committee: &'a Caller,
    /// `area_…`
    pub area_id: &'a str,
    /// The line that says what is decided.
    pub title: &'a str,
}

/// Every owner of each area agrees, all in one window; returns the decided ballots, in the order of the questions.
pub async fn agree(people: &People, questions: &[Question<'_>], pem: &str, key: &str) -> Result<Vec<Value>> {
    let mut ballot_ids = Vec::new();
    for question in questions {
        let body = json!({
            "scope": { "areaId": question.area_id },
            "matter": "MATTER_OTHER",
            "title": question.title,
            "text": format!("{}。请各位业主审议。", question.title),
        });
        let key = format!("{key}-{}", question.area_id);
        // An area that is new reaches committees by its event.
        let ballot = question
            .committee
            .write_after("/v1/ballots", &key, &body, "AREA_NOT_FOUND")
            .await?;
        ballot_ids.push(text(&ballot["ballotId"])?);
    }
    let window = Window::after(people.now().await?);
    for (question, ballot_id) in questions.iter().zip(&ballot_ids) {
        let path = format!("/v1/ballots/{ballot_id}/announce");
        let key = format!("announce-{ballot_id}");
        question.committee.write(&path, &key, &window.json()).await?;
    }
    people.move_clock_to(window.opens_at).await?;
    let mut votes = Vec::new();
    for (question, ballot_id) in questions.iter().zip(&ballot_ids) {
        let heads = heads(people, question.area_id).await?;
        for (owners, home_id) in &heads {
            let voter = signed_in(people, &owners[0], pem).await?;
            // One account may vote for several heads: alone and together with others.
            let key = format!("vote-{ballot_id}-{home_id}");
            cast_vote(&voter, ballot_id, home_id, "CHOICE_FOR", &key).await?;
        }
        votes.push(heads.len());
    }
    people
        .move_clock_to(window.closes_at + TimeDelta::seconds(1))
        .await?;
    let mut decided = Vec::new();
    for ((question, ballot_id), votes) in questions.iter().zip(&ballot_ids).zip(votes) {
        let ballot = question
            .committee
            .wait_for(&format!("/v1/ballots/{ballot_id}"), WITHIN, |ballot| {
                ballot["state"] == "BALLOT_STATE_DECIDED"
            })
            .await?;
        assert_eq!(ballot["result"]["passed"], true, "{ballot}");
        assert_eq!(tally(&ballot["result"]["for"]).heads as usize, votes);
        decided.push(ballot);
    }
    Ok(decided)
}

/// Every set of owners of an area with one of its homes that votes.
pub async fn heads(people: &People, area_id: &str) -> Result<BTreeMap<Vec<String>, String>> {
    let mut heads = BTreeMap::new();
    let mut token = String::new();
    loop {
        let path = format!("/v1/homes?area_id={area_id}&page_size=500&page_token={token}");
        let page = people.authority.read(&path).await?;
        for home in page["homes"].as_array().context("no homes")? {
            let votes = home["saleState"] == "SALE_STATE_DELIVERED" && home["use"] != "HOME_USE_PARKING";
            let Some(owners) = home["ownerIds"].as_array().filter(|_| votes) else {
                continue;
            };
            let mut owners = owners.iter().map(text).collect::<Result<Vec<_>>>()?;
            owners.sort();
            heads.insert(owners, text(&home["homeId"])?);
        }
        token = page["nextPageToken"].as_str().unwrap_or_default().to_owned();
        if token.is_empty() {
            return Ok(heads);
        }
    }
}

/// An owner, most of whom have no account in the demonstration: signed in by the platform's own key.
pub async fn signed_in(people: &People, owner_id: &str, pem: &str) -> Result<Caller> {
    let account = &people.story().owner_accounts[0].account;
    let any = people.owner(account).await?;
    let token = Token::read(any.token())?
        .with("sub", format!("account-of-{owner_id}"))
        .with("owner", owner_id)
        .signed(pem)?;
    Ok(any.with_token(&token))
}

/// The committee of an area that has no account in the demonstration.
pub async fn committee_of(people: &People, area_id: &str, pem: &str) -> Result<Caller> {
    let other = people.owner(&people.story().committee_account).await?;
    let token = Token::read(other.token())?
        .with("sub", format!("committee-of-{area_id}"))
        .with("org", area_id)
        .signed(pem)?;
    Ok(other.with_token(&token))
}

/// China's clocks are eight hours ahead.
fn china() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).expect("eight hours are in range")
}

/// The day in China.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&china()).date_naive()
}

/// The first instant of a day in China.
pub fn midnight(day: NaiveDate) -> Result<DateTime<Utc>> {
    let local = day.and_hms_opt(0, 0, 0).context("a midnight")?;
    let at = local
        .and_local_timezone(china())
        .single()
        .context("one midnight")?;
    Ok(at.with_timezone(&Utc))
}
