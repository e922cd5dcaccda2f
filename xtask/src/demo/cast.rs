//! The people of the story, each signed in with their own account.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::WITHIN;
use crate::rest::{Caller, number};
use crate::run_file::RunFile;
use crate::up;

/// The story's building and cast, from the city's manifest.
#[derive(Debug, Deserialize)]
pub struct Story {
    /// The estate.
    pub area_name: String,
    /// Its id.
    pub area_id: String,
    /// The building.
    pub building_number: String,
    /// Its id.
    pub building_id: String,
    manager_account: String,
    community_account: String,
    other_street_account: String,
    /// The owners.
    pub owner_accounts: Vec<Owner>,
}

/// An owner in the building.
#[derive(Debug, Deserialize)]
pub struct Owner {
    /// The account.
    pub account: String,
    /// The homes.
    pub homes: Vec<Home>,
}

/// A home of an owner.
#[derive(Debug, Deserialize)]
pub struct Home {
    /// Its id.
    pub home_id: String,
}

/// Everybody, and the key under which this telling makes its writes.
pub struct Cast {
    /// Who is who.
    pub story: Story,
    /// The property firm.
    pub firm: Caller,
    /// The community.
    pub community: Caller,
    /// The housing authority.
    pub authority: Caller,
    /// A street that has no business here.
    pub other_street: Caller,
    administrator: Caller,
    run: RunFile,
    telling: String,
    /// The trace that the whole telling belongs to.
    pub trace_id: String,
    writes: u32,
}

impl Cast {
    /// Signs everybody in.
    pub fn enter(run: &RunFile) -> Result<Self> {
        let manifest = up::read_json(&run.city.join("manifest.json"))?;
        let mut story: Story = serde_json::from_value(manifest["story"].clone())
            .context("the city's manifest tells no story")?;
        // A couple has two accounts and one vote: the first of them casts it.
        let mut homes = BTreeSet::new();
        story.owner_accounts.retain(|owner| {
            owner
                .homes
                .first()
                .is_some_and(|home| homes.insert(home.home_id.clone()))
        });
        let now = Utc::now().timestamp_micros();
        let trace_id = format!("{now:016x}{:016x}", u64::from(std::process::id()) + 1);
        let sign_in = |account: &str| anyhow::Ok(up::sign_in(run, account)?.traced(&trace_id));
        Ok(Cast {
            firm: sign_in(&story.manager_account)?,
            community: sign_in(&story.community_account)?,
            authority: sign_in("authority")?,
            other_street: sign_in(&story.other_street_account)?,
            administrator: sign_in("administrator")?,
            story,
            run: run.clone(),
            telling: format!("demo-{now}"),
            trace_id: trace_id.clone(),
            writes: 0,
        })
    }

    /// Signs an owner in.
    pub fn owner(&self, owner: &Owner) -> Result<Caller> {
        Ok(up::sign_in(&self.run, &owner.account)?.traced(&self.trace_id))
    }

    /// A key for the next write.
    pub fn key(&mut self) -> String {
        self.writes += 1;
        format!("{}-{}", self.telling, self.writes)
    }

    /// A write that must be accepted.
    pub fn write(&mut self, who: &Caller, path: &str, body: &Value) -> Result<Value> {
        let key = self.key();
        let answer = who
            .post(path, &key, body)
            .with_context(|| format!("{path} as {}", who.name))?;
        answer
            .accepted()
            .with_context(|| format!("{path} as {}", who.name))
    }

    /// The platform's time.
    pub fn now(&self) -> Result<DateTime<Utc>> {
        let clock = self.authority.get("/v1/clock")?.accepted()?;
        instant(&clock["now"])
    }

    /// Moves the platform's clock.
    pub fn move_clock_to(&mut self, to: DateTime<Utc>) -> Result<()> {
        let administrator = self.administrator.clone();
        self.write(
            &administrator,
            "/v1/clock/advance",
            &json!({ "to": to.to_rfc3339() }),
        )?;
        Ok(())
    }

    /// Proposes, checks and announces a repair; returns the draw, and its ballot with its window.
    pub fn bring_to_the_vote(&mut self, title: &str, budget_fen: i64) -> Result<Vote> {
        let firm = self.firm.clone();
        let community = self.community.clone();
        let proposal = json!({
            "scope": { "areaId": self.story.area_id, "buildingIds": [self.story.building_id] },
            "part": "SHARED_PART_ROOF_WATERPROOFING",
            "title": title,
            "text": "屋面防水层老化，多户渗漏；拟整体翻修并更换排水口。报价含材料、人工与五年质保。",
            "budgetFen": budget_fen.to_string(),
        });
        let draw = self.write(&firm, "/v1/draws", &proposal)?;
        let draw_id = text(&draw["drawId"])?;
        let check = json!({ "remark": "现场查看属实" });
        self.write(&community, &format!("/v1/draws/{draw_id}/check"), &check)?;
        let page = community.wait_for(&format!("/v1/ballots?draw_id={draw_id}"), WITHIN, |page| {
            page["ballots"]
                .as_array()
                .is_some_and(|ballots| !ballots.is_empty())
        })?;
        let ballot_id = text(&page["ballots"][0]["ballotId"])?;
        let opens_at = self.now()? + TimeDelta::days(17);
        let closes_at = opens_at + TimeDelta::days(7);
        let window = json!({ "opensAt": opens_at.to_rfc3339(), "closesAt": closes_at.to_rfc3339() });
        let ballot = self.write(&community, &format!("/v1/ballots/{ballot_id}/announce"), &window)?;
        Ok(Vote {
            draw_id,
            ballot_id,
            ballot,
            opens_at,
            closes_at,
        })
    }

    /// Casts one owner's vote.
    pub fn cast_vote(&mut self, vote: &Vote, index: usize, choice: &str) -> Result<()> {
        let owner = &self.story.owner_accounts[index];
        let home_id = owner
            .homes
            .first()
            .context("an owner without a home")?
            .home_id
            .clone();
        let caller = self.owner(owner)?;
        let body = json!({ "homeId": home_id, "choice": choice });
        self.write(&caller, &format!("/v1/ballots/{}/votes", vote.ballot_id), &body)?;
        Ok(())
    }

    /// Moves the clock to the closing and waits for the count.
    pub fn close(&mut self, vote: &Vote) -> Result<Value> {
        self.move_clock_to(vote.closes_at + TimeDelta::seconds(1))?;
        self.community
            .wait_for(&format!("/v1/ballots/{}", vote.ballot_id), WITHIN, |ballot| {
                ballot["state"] == "BALLOT_STATE_DECIDED"
            })
    }

    /// Waits until the draw has come to a state.
    pub fn draw_in(&self, vote: &Vote, state: &str) -> Result<Value> {
        self.community
            .wait_for(&format!("/v1/draws/{}", vote.draw_id), WITHIN, |draw| {
                draw["state"] == state
            })
    }
}

/// A repair that is before the owners.
pub struct Vote {
    /// The draw.
    pub draw_id: String,
    /// The ballot.
    pub ballot_id: String,
    /// As announced.
    pub ballot: Value,
    /// Votes are taken from here.
    pub opens_at: DateTime<Utc>,
    /// Votes are taken before this.
    pub closes_at: DateTime<Utc>,
}

/// A text field that must be there.
pub fn text(value: &Value) -> Result<String> {
    match value.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => bail!("the answer lacks a field: {value}"),
    }
}

/// Heads and area of a tally.
pub fn tally(value: &Value) -> (i64, i64) {
    (number(&value["heads"]), number(&value["area"]))
}

fn instant(value: &Value) -> Result<DateTime<Utc>> {
    Ok(DateTime::parse_from_rfc3339(value.as_str().unwrap_or_default())
        .context("the clock's answer")?
        .with_timezone(&Utc))
}
