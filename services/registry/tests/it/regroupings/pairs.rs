//! Many pairs of areas in two streets, each with an approval that waits: one pair for each round of a race. And what the
//! outbox must say after it, whoever won.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use calendar::Clock;
use ids::{AreaId, BuildingId, HomeId, OwnerId};
use proto::committees::v1::Matter;
use proto::registry::v1 as pb;
use proto::registry::v1::propose_regrouping_request::Plan;
use serde_json::Value;
use tonic::Status;

use super::land::*;
use crate::contracts::desk::ballot;
use crate::world::*;

/// How often a race is run on each database.
pub const ROUNDS: u32 = 16;
/// What one of the two waits longer with every round, so that each comes first some time and they meet in between.
const STEP: Duration = Duration::from_micros(1_500);
/// The number of the building that moves.
pub const MOVING: &str = "2";

/// Two areas of a round: `from` with buildings 1 and 2, of which 2 moves to `to`, in another street.
///
/// Building 2 has five homes: 1 belongs to a couple and is handed over, 2 to 5 are sold to one owner each and are not.
pub struct Pair {
    pub round: u32,
    pub from: String,
    pub to: String,
    /// Whether `from` ends in `to`, or building 2 alone changes over.
    pub ends: bool,
    pub regrouping_id: String,
}

impl Pair {
    fn new(round: u32, ends: bool) -> Self {
        Pair {
            round,
            from: format!("{COMMUNITY}-1{round:03}"),
            to: format!("{OTHER_COMMUNITY}-1{round:03}"),
            ends,
            regrouping_id: String::new(),
        }
    }

    pub fn source_id(&self) -> AreaId {
        area_of(&self.from)
    }

    pub fn to_id(&self) -> AreaId {
        area_of(&self.to)
    }

    pub fn building(&self) -> BuildingId {
        building_of(&self.from, MOVING)
    }

    /// A home of the building that moves.
    pub fn home(&self, number: u32) -> HomeId {
        home(1_000 + self.round, number)
    }

    /// The owner of home `number`; those of home 1 are 1 and 9.
    pub fn owner(&self, number: u32) -> OwnerId {
        owner(self.serial(number))
    }

    fn serial(&self, number: u32) -> u32 {
        10_000 + 10 * self.round + number
    }

    /// A row of a home of the building that moves, in the area with this number.
    pub fn home_row(&self, area_number: &str, number: u32, state: &str) -> String {
        let row = home_row(1_000 + self.round, number, state);
        row.replace(
            &format!("{AREA},{},", 1_000 + self.round),
            &format!("{area_number},{MOVING},"),
        )
    }

    fn plan(&self) -> pb::ProposeRegroupingRequest {
        if !self.ends {
            return adjustment(&self.from, &self.to, &[MOVING]);
        }
        pb::ProposeRegroupingRequest {
            plan: Some(Plan::Merge(pb::AreaMerger {
                ended_area_ids: vec![self.source_id().to_string()],
                surviving_area_id: self.to_id().to_string(),
            })),
            numbers: vec![pb::BuildingNumber {
                building_id: building_of(&self.from, "1").to_string(),
                number: "11".into(),
            }],
            reason: "共用道路。".into(),
            ..Default::default()
        }
    }
}

/// Runs a race on every database, each round on a pair of its own, and then looks at what was told of all of them. In every
/// other round the area ends.
pub async fn each_round(race: impl AsyncFn(&Land, &Pair)) {
    each_of(|round| round % 2 == 1, race).await;
}

/// The same, with an area that ends in every round.
pub async fn each_end(race: impl AsyncFn(&Land, &Pair)) {
    each_of(|_| true, race).await;
}

async fn each_of(ends: impl Fn(u32) -> bool, race: impl AsyncFn(&Land, &Pair)) {
    each(async |land| {
        let pairs = (0..ROUNDS).map(|round| Pair::new(round, ends(round)));
        for pair in waiting(&land, pairs.collect()).await {
            race(&land, &pair).await;
        }
        told_in_order(&land).await;
    })
    .await;
}

/// Pairs whose regroupings wait for the approval.
async fn waiting(land: &Land, mut pairs: Vec<Pair>) -> Vec<Pair> {
    let registry = land.registry();
    let mut places = Vec::new();
    let mut buildings = "area_number,number,floors\n".to_owned();
    let mut homes = HOMES_HEADER.to_owned();
    let mut owners = OWNERSHIPS_HEADER.to_owned();
    for pair in &pairs {
        places.extend([
            (pair.from.as_str(), COMMUNITY),
            (pair.to.as_str(), OTHER_COMMUNITY),
        ]);
        buildings += &format!("{},1,6\n{},{MOVING},6\n{},1,6\n", pair.from, pair.from, pair.to);
        let (there, building) = (2_000 + pair.round, 1_000 + pair.round);
        homes +=
            &home_row(there, 1, "DELIVERED").replace(&format!("{AREA},{there},"), &format!("{},1,", pair.to));
        owners += &ownership_row(there, 1, pair.serial(0));
        for number in 1..=5 {
            let state = if number == 1 { "DELIVERED" } else { "SOLD" };
            homes += &pair.home_row(&pair.from, number, state);
            owners += &ownership_row(building, number, pair.serial(number));
        }
        owners += &ownership_row(building, 1, pair.serial(9));
    }
    registry.load(pb::TableKind::Areas, &areas(&places)).await;
    registry.load(pb::TableKind::Buildings, &buildings).await;
    registry.load(pb::TableKind::Homes, &homes).await;
    registry.load(pb::TableKind::Ownerships, &owners).await;
    let mut ballots = Vec::new();
    for pair in &mut pairs {
        pair.regrouping_id = land.proposed(pair.plan()).await.regrouping_id;
        for number in [&pair.from, &pair.to] {
            let mut ballot = ballot(number, Matter::Other, true);
            ballot.scope = Some(scope_of(number));
            if let Some(result) = &mut ballot.result {
                result.decided_at = Some(registry.world.clock.now().into());
            }
            ballots.push((pair.regrouping_id.clone(), number.clone(), ballot));
        }
    }
    land.desk
        .tell_all(ballots.iter().map(|(.., ballot)| ballot.clone()))
        .await;
    for (id, number, ballot) in &ballots {
        land.consent_as(&committee_of(number), id, number, &ballot.ballot_id)
            .await
            .unwrap();
    }
    pairs
}

/// Approves a pair's regrouping while `other` is done: in some rounds the one waits a little, in most the other. An
/// approval that loses is repeated.
pub async fn while_approved<T>(land: &Land, pair: &Pair, other: impl Future<Output = T>) -> T {
    // An approval takes several times as long as what it meets.
    let even = ROUNDS * 3 / 4;
    let (first, second) = (pair.round.saturating_sub(even), even.saturating_sub(pair.round));
    let approve = async {
        tokio::time::sleep(STEP * first).await;
        land.approve(&pair.regrouping_id).await
    };
    let other = async {
        tokio::time::sleep(STEP * second).await;
        other.await
    };
    let (approved, done) = tokio::join!(approve, other);
    if let Err(status) = approved {
        assert_eq!(refused::<()>(Err(status)), "CONFLICT");
        land.approve(&pair.regrouping_id).await.unwrap();
    }
    done
}

/// Repeats what lost against an approval; it lost for no other reason.
pub async fn repeated<T: std::fmt::Debug>(
    first: Result<T, Status>,
    again: impl AsyncFn() -> Result<T, Status>,
) -> T {
    match first {
        Ok(done) => done,
        Err(status) => {
            assert_eq!(refused::<()>(Err(status)), "CONFLICT");
            again().await.unwrap()
        }
    }
}

/// Versions of every aggregate have no gap; what is told of a building or a home names the area in which it stood then and
/// is addressed to its division, whoever hears that a building moves hears of every home in it, and nothing is told of an
/// area that ended.
pub async fn told_in_order(land: &Land) {
    let mut told = Told::default();
    for event in land.registry().outbox().await {
        told.take(&event);
    }
    for (building_id, moved) in told.moved {
        assert_eq!(moved, told.to_move[&building_id], "{building_id}");
    }
}

/// What somebody knows who hears every event in turn.
#[derive(Default)]
struct Told {
    versions: BTreeMap<(String, String), i64>,
    divisions: BTreeMap<String, String>,
    ended: BTreeSet<String>,
    /// Areas of buildings, by building.
    places: BTreeMap<String, String>,
    /// Buildings of homes, by home.
    homes: BTreeMap<String, String>,
    /// Homes that moved, and those that were there when the building began to move, by building.
    moved: BTreeMap<String, BTreeSet<String>>,
    to_move: BTreeMap<String, BTreeSet<String>>,
}

impl Told {
    fn take(&mut self, event: &Stored) {
        let sort = event.address.split('.').nth(3).unwrap().to_owned();
        let last = self.versions.entry((sort, event.aggregate.clone())).or_default();
        *last += 1;
        assert_eq!(event.version, *last, "{event:?}");
        let body: Value = serde_json::from_str(&event.body).unwrap();
        let Some(area_id) = self.place(event, &body) else {
            return;
        };
        if let Some(named) = body.get("areaId") {
            assert_eq!(text(named), area_id, "{event:?}");
        }
        assert!(!self.ended.contains(&area_id), "after the end: {event:?}");
        let division = self.divisions[&area_id].as_str();
        let address = [&division[..6], &division[6..9], &division[9..]].join(".");
        assert!(event.address.ends_with(&address), "{event:?} of {division}");
    }

    /// The area of which an event tells; none where it tells of something else, or of the end.
    fn place(&mut self, event: &Stored, body: &Value) -> Option<String> {
        let of = event.aggregate.clone();
        match event.kind.rsplit('.').next().unwrap() {
            "AreaRegistered" => {
                self.divisions
                    .insert(of.clone(), text(&body["area"]["divisionCode"]));
                Some(of)
            }
            "AreaEnded" => {
                assert!(self.ended.insert(of), "{event:?}");
                None
            }
            "SetUpDue" | "ServiceRoomsChecked" | "BoundarySet" => Some(of),
            "ManagerAssigned" => {
                // It is addressed to the city, where the firm is filed.
                let area_id = text(&body["areaId"]);
                assert!(!self.ended.contains(&area_id), "after the end: {event:?}");
                None
            }
            "EquipmentRegistered" | "EquipmentInspected" => {
                let building_id = text(&body["equipment"]["buildingId"]);
                let area_id = text(&body["equipment"]["areaId"]);
                assert_eq!(area_id, self.places[&building_id], "{event:?}");
                Some(area_id)
            }
            "RepresentativeChosen" => Some(text(&body["representation"]["areaId"])),
            "HoldingRecorded" => {
                let building_id = &self.homes[&text(&body["holding"]["homeId"])];
                self.places.get(building_id).cloned()
            }
            "BuildingRegistered" => {
                let area_id = text(&body["building"]["areaId"]);
                self.places.insert(of, area_id.clone());
                Some(area_id)
            }
            "BuildingMoved" => {
                let area_id = text(&body["building"]["areaId"]);
                let there = self.homes.iter().filter(|(_, building_id)| **building_id == of);
                let there = there.map(|(home_id, _)| home_id.clone());
                self.to_move.entry(of.clone()).or_insert(there.collect());
                let moved = body["homeIds"].as_array().into_iter().flatten().map(text);
                self.moved.entry(of.clone()).or_default().extend(moved);
                self.places.insert(of, area_id.clone());
                Some(area_id)
            }
            "HomesRegistered" => {
                let new = body["homes"].as_array().into_iter().flatten();
                self.homes
                    .extend(new.map(|home| (text(&home["homeId"]), of.clone())));
                self.places.get(&of).cloned()
            }
            _ => self.places.get(&of).cloned(),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
