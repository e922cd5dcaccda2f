//! Draws brought to where they can be paid: proposed, checked, voted, counted, reserved and accepted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use chrono::TimeDelta;
use serde_json::json;

use super::load::{self, Request, Until};
use super::stage::{NOTICE, Stage, pages};
use super::stop;
use crate::up;

/// Clients that bring the draws there.
const CLIENTS: usize = 8;
/// Votes are taken for so long.
const WINDOW: TimeDelta = TimeDelta::days(8);
/// Budget of a draw: a yuan for each of the building's 24 homes, so that no sub-account runs dry.
const BUDGET_FEN: &str = "2400";
/// Heads that vote on each.
const VOTERS: usize = 18;
/// Longest wait for what other services do with events.
const WITHIN: Duration = Duration::from_secs(120);
/// Pause between looks.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Draws that wait for their payment.
pub struct Payments {
    draws: Vec<String>,
    authority: Arc<str>,
    next: AtomicUsize,
    /// Draws reserved a second, from the closing of all their votes together.
    pub reserved_per_s: f64,
}

impl Payments {
    /// Brings so many draws of the story's building there, and says how fast they were reserved.
    pub fn prepare(stage: &mut Stage, count: usize) -> Result<Self> {
        println!("bringing {count} draws to where they can be paid");
        let authority = sign_in(stage, "authority")?;
        let community = sign_in(
            stage,
            stage.story["community_account"].as_str().unwrap_or_default(),
        )?;
        let draws = propose(stage, count)?;
        write_all(stage, &draws, |draw_id| Request {
            path: format!("/v1/draws/{draw_id}/check"),
            token: community.clone(),
            key: format!("check-{draw_id}"),
            body: "{}".into(),
        })?;
        let ballots = wait_for(count, || {
            listed(
                stage,
                "/v1/ballots",
                "BALLOT_STATE_PREPARED",
                "ballots",
                "ballotId",
            )
        })?;
        let opens_at = stage.now()? + NOTICE;
        let closes_at = opens_at + WINDOW;
        let window =
            json!({ "opensAt": opens_at.to_rfc3339(), "closesAt": closes_at.to_rfc3339() }).to_string();
        write_all(stage, &ballots, |ballot_id| Request {
            path: format!("/v1/ballots/{ballot_id}/announce"),
            token: community.clone(),
            key: format!("announce-{ballot_id}"),
            body: window.clone(),
        })?;
        stage.move_clock_to(opens_at)?;
        vote(stage, &ballots)?;
        stage.move_clock_to(closes_at + TimeDelta::seconds(1))?;
        let closed = Instant::now();
        wait_for(count, || {
            listed(stage, "/v1/draws", "DRAW_STATE_RESERVED", "draws", "drawId")
        })?;
        let reserved_per_s = count as f64 / closed.elapsed().as_secs_f64();
        write_all(stage, &draws, |draw_id| Request {
            path: format!("/v1/draws/{draw_id}/accept"),
            token: community.clone(),
            key: format!("accept-{draw_id}"),
            body: json!({ "settledFen": BUDGET_FEN }).to_string(),
        })?;
        Ok(Payments {
            draws,
            authority,
            next: AtomicUsize::new(0),
            reserved_per_s,
        })
    }

    /// The next payment; none when all are paid.
    pub fn next(&self) -> Option<Request> {
        let draw_id = self.draws.get(self.next.fetch_add(1, Ordering::Relaxed))?;
        Some(Request {
            path: format!("/v1/draws/{draw_id}/pay"),
            token: self.authority.clone(),
            key: format!("pay-{draw_id}"),
            body: r#"{"bankReference":"ICBC-4b4efa19"}"#.into(),
        })
    }
}

fn propose(stage: &Stage, count: usize) -> Result<Vec<String>> {
    let body = json!({
        "scope": { "areaId": stage.story["area_id"], "buildingIds": [stage.story["building_id"]] },
        "part": "SHARED_PART_ROOF_WATERPROOFING",
        "title": "屋面防水翻修",
        "text": "屋面防水层老化，多户渗漏；拟整体翻修并更换排水口。",
        "budgetFen": BUDGET_FEN,
    });
    let numbers: Vec<String> = (0..count).map(|number| number.to_string()).collect();
    write_all(stage, &numbers, |number| Request {
        path: "/v1/draws".into(),
        token: stage.firm.clone(),
        key: format!("to-be-paid-{number}"),
        body: body.to_string(),
    })?;
    listed(stage, "/v1/draws", "DRAW_STATE_PROPOSED", "draws", "drawId")
}

/// More than two thirds of the 23 heads of the building vote for.
fn vote(stage: &Stage, ballots: &[String]) -> Result<()> {
    let owners = stage.story["owner_accounts"]
        .as_array()
        .context("the story has no owners")?;
    // Co-owners have one vote together.
    let mut heads = BTreeMap::new();
    for owner in owners {
        let home_id = owner["homes"][0]["home_id"]
            .as_str()
            .context("an owner without a home")?;
        heads.insert(home_id, owner["account"].as_str().unwrap_or_default().to_owned());
    }
    let heads: BTreeMap<_, _> = heads.into_iter().take(VOTERS).collect();
    let accounts: Vec<String> = heads.values().cloned().collect();
    let tokens = load::sign_in_all(&stage.platform.run.gateway, &accounts, up::DEMO_PASSWORD)?;
    for (home_id, token) in heads.keys().zip(tokens) {
        write_all(stage, ballots, |ballot_id| Request {
            path: format!("/v1/ballots/{ballot_id}/votes"),
            token: token.clone(),
            key: format!("vote-{ballot_id}"),
            body: json!({ "homeId": home_id, "choice": "CHOICE_FOR" }).to_string(),
        })?;
    }
    Ok(())
}

/// Makes a write for each of these.
fn write_all(stage: &Stage, ids: &[String], request: impl Fn(&str) -> Request + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let next = || Some(request(ids.get(next.fetch_add(1, Ordering::Relaxed))?));
    load::run(&stage.platform.run.gateway, CLIENTS, Until::Done, &next)?;
    Ok(())
}

/// The ids of what the story's area has in this state.
fn listed(stage: &Stage, path: &str, state: &str, field: &str, id: &str) -> Result<Vec<String>> {
    let area_id = stage.story["area_id"].as_str().context("the story has no area")?;
    let all = pages(
        &stage.authority,
        &format!("{path}?area_id={area_id}&state={state}&"),
        field,
    )?;
    Ok(all
        .iter()
        .filter_map(|item| item[id].as_str().map(str::to_owned))
        .collect())
}

fn wait_for(count: usize, look: impl Fn() -> Result<Vec<String>>) -> Result<Vec<String>> {
    let started = Instant::now();
    loop {
        stop::check()?;
        let found = look()?;
        if found.len() >= count {
            return Ok(found);
        }
        if started.elapsed() > WITHIN {
            bail!(
                "after {} s only {} of {count} came",
                WITHIN.as_secs(),
                found.len()
            );
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

fn sign_in(stage: &Stage, account: &str) -> Result<Arc<str>> {
    let tokens = load::sign_in_all(
        &stage.platform.run.gateway,
        &[account.to_owned()],
        up::DEMO_PASSWORD,
    )?;
    tokens
        .into_iter()
        .next()
        .with_context(|| format!("{account} cannot sign in"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn waiting_ends_when_enough_came() {
        let found = super::wait_for(2, || Ok(vec!["a".into(), "b".into(), "c".into()]));
        assert!(found.is_ok_and(|found| found.len() == 3));
    }
}
