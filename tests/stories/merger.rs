//! Two estates of one street merge: proposed by a committee, agreed to by both assemblies, heard, approved; and then every
//! service knows one area, to the fen.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use heju_tests::platform::Options;
use heju_tests::repair::{WITHIN, Window, tally};
use heju_tests::rest::{number, text};
use heju_tests::{Caller, Layout, People, Platform};
use serde_json::{Value, json};
use testkit::Backend;

use crate::assembly::{self, Question};
use crate::imports::{self, Estate};

/// What building 3 of the estate that ends is called where there is a building 3 already.
const RENUMBERED: &str = "93";

/// Tells it on one layout and database.
pub async fn on(layout: Layout, backend: Backend) -> Result<()> {
    let platform = Platform::start(Options {
        layout,
        backend,
        otlp_endpoint: None,
    })
    .await?;
    let people = People::enter(&platform).await?;
    let estate = imports::next_door(&people).await?;
    println!("an estate was loaded next door: its wrong row told, mended and loaded");
    let story = Merger::of(&platform, &people, &estate).await?;
    let before = story.balances().await?;
    let (ballots, effective_on) = story.is_decided().await?;
    println!("both assemblies agreed: the areas are one");
    story.registry_knows_one_area(&effective_on).await?;
    story.funds_hold_every_fen(&before).await?;
    println!("the money followed to the fen");
    story.committees_ask_everybody(&ballots).await?;
    println!("the next ballot is that of both");
    story.an_owner_finds_the_own().await?;
    println!("an owner of the old estate finds home, account and area");
    assert_eq!(
        platform.run(&["dead-letters", "list"])?,
        "",
        "there are dead letters"
    );
    platform.passed();
    Ok(())
}

/// The estate next door ends in the story's.
struct Merger<'a> {
    people: &'a People,
    estate: &'a Estate,
    pem: String,
    /// The committee of the estate that ends, and that of the one that goes on.
    committees: [Caller; 2],
    street: Caller,
}

impl<'a> Merger<'a> {
    async fn of(platform: &Platform, people: &'a People, estate: &'a Estate) -> Result<Self> {
        let pem = platform.signing_key()?;
        let ending = assembly::committee_of(people, &estate.area_id, &pem).await?;
        let going_on = people.owner(&people.story().committee_account).await?;
        Ok(Merger {
            people,
            estate,
            pem,
            committees: [ending, going_on],
            street: people.owner(&people.story().street_account).await?,
        })
    }

    fn survivor(&self) -> &str {
        &self.people.story().area_id
    }

    /// Proposed, voted on, agreed to, heard and approved; returns the ballots of both and the day of the merger.
    async fn is_decided(&self) -> Result<(Vec<Value>, String)> {
        let (people, ended) = (self.people, self.estate.area_id.as_str());
        let [ending, going_on] = &self.committees;
        let path = format!("/v1/areas/{ended}/buildings");
        let buildings = people.authority.read(&path).await?;
        let taken = buildings["buildings"].as_array().context("no buildings")?;
        let taken = taken.iter().find(|building| building["number"] == "3");
        let building_id = text(&taken.context("a building 3")?["buildingId"])?;
        let mut plan = json!({
            "merge": { "endedAreaIds": [ended], "survivingAreaId": self.survivor() },
            "reason": "两小区共用水泵房和出入口。",
            "sharedFacilities": ["水泵房"],
        });
        let clash = ending.decide("/v1/regroupings", "clash", &plan).await?;
        assert_eq!(clash.reason(), "BUILDING_NUMBER_TAKEN");
        plan["numbers"] = json!([{ "buildingId": building_id, "number": RENUMBERED }]);
        let proposed = ending.write("/v1/regroupings", "merge", &plan).await?;
        let path = format!("/v1/regroupings/{}", text(&proposed["regroupingId"])?);

        let titles = ["同意并入西邻小区", "同意东邻小区并入"];
        let questions = [
            Question {
                committee: ending,
                area_id: ended,
                title: titles[0],
            },
            Question {
                committee: going_on,
                area_id: self.survivor(),
                title: titles[1],
            },
        ];
        let ballots = assembly::agree(people, &questions, &self.pem, "merge").await?;
        for (question, ballot) in questions.iter().zip(&ballots) {
            let body = json!({ "areaId": question.area_id, "ballotId": ballot["ballotId"] });
            let key = format!("consent-{}", question.area_id);
            let to = format!("{path}/consent");
            question
                .committee
                .write_after(&to, &key, &body, "BALLOT_NOT_DECIDED")
                .await?;
        }
        let opinion = json!({ "agrees": true, "text": "两小区相邻，同意合并。" });
        for (office, key) in [(&people.community, "community"), (&self.street, "street")] {
            office.write(&format!("{path}/opinion"), key, &opinion).await?;
        }
        let stranger = people.other_street.get(&path).await?;
        assert_eq!(
            (stranger.status, stranger.reason()),
            (404, "REGROUPING_NOT_FOUND")
        );
        let decision = json!({ "approve": true, "reasons": "经核实，同意合并。" });
        let to = format!("{path}/decide");
        let early = self.street.decide(&to, "not-the-street", &decision).await?;
        assert_eq!((early.status, early.reason()), (403, "NOT_ALLOWED"));
        let approved = people.authority.write(&to, "approve", &decision).await?;
        assert_eq!(approved["state"], "REGROUPING_STATE_APPROVED");
        assert_eq!(approved["opinions"].as_array().map(Vec::len), Some(2));
        Ok((ballots, text(&approved["decision"]["effectiveOn"])?))
    }

    /// The list has one area, with the buildings of both; the old one is found with its successor.
    async fn registry_knows_one_area(&self, since: &str) -> Result<()> {
        let reader = &self.street;
        let listed = |page: &Value| -> Result<Vec<String>> {
            let areas = page["areas"].as_array().context("no areas")?;
            areas.iter().map(|area| text(&area["areaId"])).collect()
        };
        let (ended, survivor) = (self.estate.area_id.clone(), self.survivor().to_owned());
        let now = listed(&reader.read("/v1/areas?page_size=500").await?)?;
        assert!(now.contains(&survivor) && !now.contains(&ended), "{now:?}");
        let all = listed(&reader.read("/v1/areas?page_size=500&include_ended=true").await?)?;
        assert!(all.contains(&survivor) && all.contains(&ended), "{all:?}");
        let old = reader.read(&format!("/v1/areas/{ended}")).await?;
        assert_eq!(old["successorId"], survivor.as_str());
        assert_eq!(old["endedOn"], since);

        let path = format!("/v1/areas/{survivor}/buildings?page_size=500");
        let page = reader.read(&path).await?;
        let buildings = page["buildings"].as_array().context("no buildings")?;
        let numbers: Vec<&str> = buildings
            .iter()
            .filter_map(|one| one["number"].as_str())
            .collect();
        assert!(
            numbers.contains(&RENUMBERED) && numbers.contains(&"92"),
            "{numbers:?}"
        );
        let left = reader.read(&format!("/v1/areas/{ended}/buildings")).await?;
        assert!(left["buildings"].as_array().is_none_or(Vec::is_empty), "{left}");
        Ok(())
    }

    /// The trial balances of both areas: bank, available, reserved.
    async fn balances(&self) -> Result<[[i64; 3]; 2]> {
        Ok([
            self.balance(&self.estate.area_id).await?,
            self.balance(self.survivor()).await?,
        ])
    }

    async fn balance(&self, area_id: &str) -> Result<[i64; 3]> {
        let path = format!("/v1/areas/{area_id}/trial-balance");
        let balance = self.people.authority.read(&path).await?;
        assert_eq!(balance["balanced"], true, "{balance}");
        assert_eq!(number(&balance["differenceFen"]), 0);
        Ok(sums(&balance))
    }

    /// The survivor's trial balance is that of both before, nothing is left behind, and each home holds what it held.
    async fn funds_hold_every_fen(&self, before: &[[i64; 3]; 2]) -> Result<()> {
        let [ended, survivor] = before;
        let deposited: i64 = self.estate.deposits.values().sum();
        assert_eq!(*ended, [deposited, deposited, 0]);
        let together: Vec<i64> = ended
            .iter()
            .zip(survivor)
            .map(|(one, other)| one + other)
            .collect();
        let path = format!("/v1/areas/{}/trial-balance", self.survivor());
        self.people
            .authority
            .wait_for(&path, WITHIN, |balance| sums(balance)[..] == together)
            .await?;
        let after = self.balances().await?;
        assert_eq!(after[0], [0, 0, 0], "nothing is left in the area that ended");
        assert_eq!(after[1][..], together);
        for (home_id, deposit) in &self.estate.deposits {
            let path = format!("/v1/homes/{home_id}/statement");
            let statement = self.people.authority.read(&path).await?;
            assert_eq!(number(&statement["balanceFen"]), *deposit, "{statement}");
        }
        Ok(())
    }

    /// A ballot of the surviving area freezes the roll of both, and one of a building that came asks its owners alone.
    async fn committees_ask_everybody(&self, ballots: &[Value]) -> Result<()> {
        let [_, committee] = &self.committees;
        let moved = self.moved_homes().await?;
        let building = moved
            .values()
            .find(|home| home["room"] == "101")
            .context("a home")?;
        let mut together = tally(&ballots[0]["roll"]);
        let survivor = tally(&ballots[1]["roll"]);
        // Nobody of the old estate owns a home in the other one.
        together.heads += survivor.heads;
        together.area += survivor.area;
        let in_building: Vec<&Value> = moved
            .values()
            .filter(|home| home["buildingId"] == building["buildingId"])
            .collect();
        let mut of_building = tally(&Value::Null);
        for home in &in_building {
            of_building.heads += 1;
            of_building.area += number(&home["exclusiveArea"]);
        }
        let window = Window::after(self.people.now().await?);
        for (name, buildings, expected) in [
            ("all", json!([]), together),
            ("part", json!([building["buildingId"]]), of_building),
        ] {
            let body = json!({
                "scope": { "areaId": self.survivor(), "buildingIds": buildings },
                "matter": "MATTER_OTHER",
                "title": "公共道路夜间照明",
                "text": "拟增设路灯。",
            });
            // Committees follows the move by its events.
            let ballot = committee
                .write_after(
                    "/v1/ballots",
                    &format!("after-{name}"),
                    &body,
                    "BUILDING_NOT_FOUND",
                )
                .await?;
            let path = format!("/v1/ballots/{}", text(&ballot["ballotId"])?);
            let announced = committee
                .write(
                    &format!("{path}/announce"),
                    &format!("after-{name}-announce"),
                    &window.json(),
                )
                .await?;
            assert_eq!(tally(&announced["roll"]), expected, "{name}");
        }
        // In the area that ended nobody is left to ask; what was decided there is still found.
        let [old, _] = &self.committees;
        let body = json!({
            "scope": { "areaId": self.estate.area_id },
            "matter": "MATTER_OTHER",
            "title": "公共道路夜间照明",
            "text": "拟增设路灯。",
        });
        let late = old.write("/v1/ballots", "late", &body).await?;
        let path = format!("/v1/ballots/{}/announce", text(&late["ballotId"])?);
        let late = old.decide(&path, "late-announce", &window.json()).await?;
        assert_eq!(late.reason(), "ROLL_EMPTY", "{late:?}");
        let path = format!("/v1/ballots/{}", text(&ballots[0]["ballotId"])?);
        let found = self.people.community.read(&path).await?;
        assert_eq!(found["state"], "BALLOT_STATE_DECIDED");
        Ok(())
    }

    /// The homes that came, by id, as the survivor's list has them.
    async fn moved_homes(&self) -> Result<BTreeMap<String, Value>> {
        let mut moved = BTreeMap::new();
        for home_id in self.estate.deposits.keys() {
            let home = self
                .people
                .authority
                .read(&format!("/v1/homes/{home_id}"))
                .await?;
            assert_eq!(home["areaId"], self.survivor());
            moved.insert(home_id.clone(), home);
        }
        Ok(moved)
    }

    /// An owner of the old estate still has the homes, their accounts, and both areas.
    async fn an_owner_finds_the_own(&self) -> Result<()> {
        let moved = self.moved_homes().await?;
        let (home_id, home) = moved.iter().next().context("homes")?;
        let owner_id = text(&home["ownerIds"][0])?;
        let owner = assembly::signed_in(self.people, &owner_id, &self.pem).await?;
        let own = owner.read("/v1/homes").await?;
        let own = own["homes"].as_array().context("no homes")?;
        assert!(own.iter().any(|one| one["homeId"] == home_id.as_str()), "{own:?}");
        assert!(own.iter().all(|one| one["areaId"] == self.survivor()), "{own:?}");
        let statement = owner.read(&format!("/v1/homes/{home_id}/statement")).await?;
        assert_eq!(number(&statement["balanceFen"]), self.estate.deposits[home_id]);
        let listed = owner.read("/v1/areas").await?;
        let areas = listed["areas"].as_array().context("no areas")?;
        assert_eq!(areas.len(), 1, "{listed}");
        assert_eq!(areas[0]["areaId"], self.survivor());
        let old = owner.read(&format!("/v1/areas/{}", self.estate.area_id)).await?;
        assert_eq!(
            (&old["number"], &old["successorId"]),
            (&json!(self.estate.number), &areas[0]["areaId"])
        );
        Ok(())
    }
}

fn sums(balance: &Value) -> [i64; 3] {
    ["bankFen", "availableFen", "reservedFen"].map(|field| number(&balance[field]))
}
