//! A platform to measure: a city with one large estate, whose owners are all signed in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{load, stop};
use crate::rest::Caller;
use crate::up::{self, Platform};

/// Owners that vote; each has its own account.
const VOTERS_MAX: usize = 512;
/// How far ahead ballots are announced: within what the law and the rule set allow.
pub const NOTICE: TimeDelta = TimeDelta::days(16);
/// How long votes are taken.
const WINDOW: TimeDelta = TimeDelta::days(50);

/// What a stage is set up with.
pub struct Setup<'a> {
    /// The binary that is measured.
    pub binary: &'a Path,
    /// Folder of its data; thrown away before.
    pub data: PathBuf,
    /// Size of the city.
    pub city: &'a str,
    /// A PostgreSQL server, without a database; none for SQLite.
    pub postgres: Option<String>,
}

impl Setup<'_> {
    /// The options of `up` that it stands for.
    pub fn options(&self) -> up::Options {
        up::Options {
            fresh: false,
            postgres: self.postgres.clone(),
            city: self.city.to_owned(),
            port: 0,
            nats_port: 0,
            release: true,
            data: self.data.clone(),
            binary: Some(self.binary.to_path_buf()),
            load: true,
            // Every span of every request would be exported to a viewer on the same processors.
            traces: false,
            settings: [
                ("HEJU__GATEWAY__LIMITS__PER_ADDRESS_PER_S", "0"),
                ("HEJU__GATEWAY__LIMITS__PER_ACCOUNT_PER_S", "0"),
            ]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .to_vec(),
        }
    }
}

/// Somebody with a head in the estate.
pub struct Voter {
    /// The token of the account.
    pub token: Arc<str>,
    /// A home of which this owner is the only one.
    pub home_id: String,
}

/// A platform that is ready to be measured.
pub struct Stage {
    /// The platform.
    pub platform: Platform,
    /// The large estate.
    pub area_id: String,
    /// Its owners.
    pub voters: Vec<Voter>,
    /// Whose territory it is.
    pub community: Caller,
    /// The authority.
    pub authority: Caller,
    /// The story's firm, which proposes draws, as a token.
    pub firm: Arc<str>,
    /// The story of the city.
    pub story: Value,
    administrator: Caller,
    writes: u32,
}

/// An estate whose owners vote.
struct Estate {
    area_id: String,
    division_code: String,
    /// Home by its only owner.
    homes: BTreeMap<String, String>,
}

impl Stage {
    /// Loads the city, gives every owner of the large estate an account, and signs them in.
    /// `between` runs once with the city loaded and the platform stopped.
    pub fn open(setup: &Setup, between: impl FnOnce() -> Result<()>) -> Result<Self> {
        let mut options = setup.options();
        let platform = up::start(&options)?;
        let estate = largest_estate(&up::sign_in(&platform.run, "authority")?)?;
        let accounts = add_accounts(&platform.run.city, &estate)?;
        drop(platform);
        between()?;

        options.load = false;
        let platform = up::start(&options)?;
        let gateway = &platform.run.gateway;
        println!("signing {} owners in", accounts.len());
        let tokens = load::sign_in_all(gateway, &accounts, up::DEMO_PASSWORD)?;
        let voters = tokens.into_iter().zip(estate.homes.into_values());
        let voters = voters.map(|(token, home_id)| Voter { token, home_id }).collect();
        let story = up::read_json(&platform.run.city.join("manifest.json"))?["story"].take();
        let firm = vec![
            story["manager_account"]
                .as_str()
                .context("the story has no firm")?
                .to_owned(),
        ];
        let firm = load::sign_in_all(gateway, &firm, up::DEMO_PASSWORD)?
            .pop()
            .context("the firm cannot sign in")?;
        Ok(Stage {
            community: up::sign_in(&platform.run, &format!("community-{}", estate.division_code))?,
            authority: up::sign_in(&platform.run, "authority")?,
            administrator: up::sign_in(&platform.run, "administrator")?,
            area_id: estate.area_id,
            voters,
            firm,
            story,
            platform,
            writes: 0,
        })
    }

    /// Announces ballots of the large estate and moves the clock to their opening.
    pub fn open_ballots(&mut self, count: usize) -> Result<Vec<String>> {
        let mut ballots = Vec::with_capacity(count);
        let opens_at = self.now()? + NOTICE;
        let window =
            json!({ "opensAt": opens_at.to_rfc3339(), "closesAt": (opens_at + WINDOW).to_rfc3339() });
        for _ in 0..count {
            stop::check()?;
            let proposal = json!({
                "scope": { "areaId": self.area_id },
                "matter": "MATTER_PROPERTY_FIRM",
                "title": "续聘物业服务企业",
                "text": "合同到期，拟续聘三年，服务内容与收费标准不变。",
            });
            let community = self.community.clone();
            let ballot = self.write(&community, "/v1/ballots", &proposal)?;
            let ballot_id = ballot["ballotId"]
                .as_str()
                .context("the ballot has no id")?
                .to_owned();
            self.write(&community, &format!("/v1/ballots/{ballot_id}/announce"), &window)?;
            ballots.push(ballot_id);
        }
        self.move_clock_to(opens_at)?;
        Ok(ballots)
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

    /// The platform's time.
    pub fn now(&self) -> Result<DateTime<Utc>> {
        let clock = self.authority.get("/v1/clock")?.accepted()?;
        Ok(
            DateTime::parse_from_rfc3339(clock["now"].as_str().unwrap_or_default())
                .context("the clock's answer")?
                .to_utc(),
        )
    }

    /// A write that must be accepted.
    fn write(&mut self, who: &Caller, path: &str, body: &Value) -> Result<Value> {
        self.writes += 1;
        let answer = who.post(path, &format!("stage-{}", self.writes), body)?;
        answer
            .accepted()
            .with_context(|| format!("{path} as {}", who.name))
    }
}

/// The area with most owners who are the only one of a home.
fn largest_estate(authority: &Caller) -> Result<Estate> {
    let mut largest: Option<Estate> = None;
    for area in pages(authority, "/v1/areas?", "areas")? {
        let area_id = area["areaId"]
            .as_str()
            .context("an area without an id")?
            .to_owned();
        let mut homes = BTreeMap::new();
        for home in pages(authority, &format!("/v1/homes?area_id={area_id}&"), "homes")? {
            let (Some([owner]), Some(home_id)) = (
                home["ownerIds"].as_array().map(Vec::as_slice),
                home["homeId"].as_str(),
            ) else {
                continue;
            };
            if homes.len() < VOTERS_MAX
                && let Some(owner) = owner.as_str()
            {
                homes
                    .entry(owner.to_owned())
                    .or_insert_with(|| home_id.to_owned());
            }
        }
        if largest
            .as_ref()
            .is_none_or(|estate| estate.homes.len() < homes.len())
        {
            let division_code = area["divisionCode"].as_str().unwrap_or_default().to_owned();
            largest = Some(Estate {
                area_id,
                division_code,
                homes,
            });
        }
    }
    largest
        .filter(|estate| !estate.homes.is_empty())
        .context("the city has no estate with owners")
}

/// Reads a list to its end.
pub fn pages(who: &Caller, path: &str, field: &str) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    let mut token = String::new();
    loop {
        let mut page = who
            .get(&format!("{path}page_size=500&page_token={token}"))?
            .accepted()?;
        if let Value::Array(items) = page[field].take() {
            all.extend(items);
        }
        match page["nextPageToken"].as_str() {
            None | Some("") => return Ok(all),
            Some(next) => next.clone_into(&mut token),
        }
    }
}

/// Adds an account for every owner to those of the city, with the hash of the password that all of them have.
fn add_accounts(city: &Path, estate: &Estate) -> Result<Vec<String>> {
    let file = city.join("accounts.hashed.json");
    let Value::Array(mut accounts) = up::read_json(&file)? else {
        bail!("{} is not a list", file.display())
    };
    let hash = accounts.first().context("the city has no accounts")?["password_hash"].clone();
    let mut names = Vec::with_capacity(estate.homes.len());
    for (number, owner_id) in estate.homes.keys().enumerate() {
        let name = format!("bench-{number}");
        accounts.push(
            json!({ "account": name, "password_hash": hash, "roles": ["owner"], "owner_id": owner_id }),
        );
        names.push(name);
    }
    std::fs::write(&file, serde_json::to_vec(&accounts)?)
        .with_context(|| format!("writing {}", file.display()))?;
    Ok(names)
}
