//! An estate, its people, and the service around them.

use access::Principal;
use chrono::{DateTime, TimeDelta, Utc};
use committees::Committees;
use ids::{AreaId, BuildingId, FirmId, HomeId, OwnerId};
use outbox::Message;
use proto::committees::v1 as pb;
use proto::committees::v1::committees_service_client::CommitteesServiceClient;
use proto::common::v1 as common;
use proto::registry::v1 as registry;
use rpc::Peer;
use sea_orm::{ConnectionTrait, Statement};
use testkit::{World, people};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::registry_peer::Rolls;
use crate::sources::{Funds, Registry, publish};

pub const COMMUNITY: &str = "330783004015";
pub const STREET: &str = "330783004";
pub const OTHER_STREET: &str = "330783001";
/// Half past nine in China, on the day the world begins.
pub const NOTICE: &str = "2026-03-17T16:00:00Z";
/// Ten days after the opening.
pub const CLOSING: &str = "2026-03-27T16:00:00Z";

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn area() -> AreaId {
    AreaId::derive("湖畔花园")
}

pub fn elsewhere() -> AreaId {
    AreaId::derive("别处")
}

/// Building 1 or 2 of the estate.
pub fn building(number: u8) -> BuildingId {
    BuildingId::derive(&format!("湖畔花园/{number}"))
}

pub fn home(number: u8) -> HomeId {
    HomeId::derive(&number.to_string())
}

pub fn owner_id(name: &str) -> OwnerId {
    OwnerId::derive(name)
}

pub fn owner(name: &str) -> Principal {
    people::owner(owner_id(name))
}

pub fn manager() -> FirmId {
    FirmId::derive("物业")
}

pub fn developer() -> FirmId {
    FirmId::derive("开发")
}

pub fn community() -> Principal {
    people::community(COMMUNITY)
}

/// Homes 1 and 2 are A's, 3 is B's, 4 is B's and C's, 5 is C's, 6 and 7 are the developer's; all in building 1.
/// Homes 8 and 9 in building 2 are D's and E's.
fn homes() -> Vec<(u8, u8, &'static [&'static str])> {
    vec![
        (1, 1, &["A"]),
        (1, 2, &["A"]),
        (1, 3, &["B"]),
        (1, 4, &["B", "C"]),
        (1, 5, &["C"]),
        (1, 6, &[]),
        (1, 7, &[]),
        (2, 8, &["D"]),
        (2, 9, &["E"]),
    ]
}

fn owner_ids(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| owner_id(name).to_string()).collect()
}

/// A line of a roll: every home has 100.00 m², and a head is named after its people.
pub fn entry(building_number: u8, home_number: u8, names: &[&str]) -> registry::RollEntry {
    let is_developers = names.is_empty();
    registry::RollEntry {
        home_id: home(home_number).to_string(),
        building_id: building(building_number).to_string(),
        head_key: if is_developers {
            "developer".into()
        } else {
            names.join("+")
        },
        exclusive_area: 10_000,
        owner_ids: owner_ids(names),
        developer_id: if is_developers {
            developer().to_string()
        } else {
            String::new()
        },
        stairwell: "1".into(),
        room: home_number.to_string(),
        voter_ids: owner_ids(names),
        voters: names
            .iter()
            .map(|name| voter(name, common::VoterCapacity::Owner))
            .collect(),
    }
}

/// Somebody who may cast a head's vote.
pub fn voter(name: &str, capacity: common::VoterCapacity) -> registry::RollVoter {
    registry::RollVoter {
        voter_id: owner_id(name).to_string(),
        capacity: capacity.into(),
    }
}

/// The service with everything it needs, and an estate that it knows of.
pub struct Stage {
    pub world: World,
    pub rolls: Rolls,
}

impl Stage {
    pub async fn new(backend: testkit::Backend) -> Self {
        let mut world = World::new(backend).await;
        world.add::<Registry>().await;
        world.add::<Funds>().await;
        let rolls = Rolls::default();
        rolls.set(
            homes()
                .into_iter()
                .map(|(at, number, names)| entry(at, number, names))
                .collect(),
        );
        world
            .host
            .peers
            .set("registry", rolls.peer(world.host.verifier.clone()));
        world.add::<Committees>().await;
        let stage = Stage { world, rolls };
        stage.found().await;
        stage
    }

    /// Registry tells of the estate.
    async fn found(&self) {
        for (area_id, number, division) in [(area(), "1", COMMUNITY), (elsewhere(), "2", "330783001002")] {
            let is_here = area_id == area();
            let area = registry::Area {
                area_id: area_id.to_string(),
                number: number.into(),
                name: number.into(),
                division_code: division.into(),
                developer_id: if is_here {
                    developer().to_string()
                } else {
                    String::new()
                },
                manager_id: if is_here {
                    manager().to_string()
                } else {
                    String::new()
                },
                version: 1,
                ..registry::Area::default()
            };
            self.registry(area_id, 1, &registry::AreaRegistered { area: Some(area) })
                .await;
        }
        for number in [1, 2] {
            let building_id = building(number);
            let record = registry::Building {
                building_id: building_id.to_string(),
                area_id: area().to_string(),
                number: number.to_string(),
                floors: 6,
                version: 1,
            };
            self.registry(
                building_id,
                1,
                &registry::BuildingRegistered {
                    building: Some(record),
                },
            )
            .await;
            let homes =
                homes()
                    .into_iter()
                    .filter(|(at, ..)| *at == number)
                    .map(|(_, home_number, names)| registry::Home {
                        home_id: home(home_number).to_string(),
                        area_id: area().to_string(),
                        building_id: building_id.to_string(),
                        exclusive_area: 10_000,
                        owner_ids: owner_ids(names),
                        ..registry::Home::default()
                    });
            let homes = registry::HomesRegistered {
                building_id: building_id.to_string(),
                area_id: area().to_string(),
                homes: homes.collect(),
                sales: Vec::new(),
            };
            self.registry(building_id, 2, &homes).await;
        }
        self.world.pump().await;
    }

    /// Registry tells of something.
    pub async fn registry<E: proto::Event>(
        &self,
        aggregate: impl std::fmt::Display,
        version: i64,
        event: &E,
    ) {
        let message = Message::of(event, aggregate, version, &COMMUNITY.parse().unwrap());
        publish(&self.world.hosted("registry").store, [message]).await;
    }

    /// Funds tells of something.
    pub async fn funds<E: proto::Event>(&self, aggregate: impl std::fmt::Display, version: i64, event: &E) {
        let message = Message::of(event, aggregate, version, &COMMUNITY.parse().unwrap());
        publish(&self.world.hosted("funds").store, [message]).await;
    }

    pub fn client(&self) -> CommitteesServiceClient<Peer> {
        CommitteesServiceClient::new(self.world.hosted("committees").peer())
    }

    pub fn store(&self) -> &outbox::Store {
        &self.world.hosted("committees").store
    }

    pub async fn prepare(
        &self,
        who: &Principal,
        request: pb::PrepareBallotRequest,
    ) -> Result<pb::Ballot, Status> {
        let request = self.world.request(who, request);
        Ok(self.client().prepare_ballot(request).await?.into_inner())
    }

    pub async fn announce(
        &self,
        who: &Principal,
        request: pb::AnnounceBallotRequest,
    ) -> Result<pb::Ballot, Status> {
        let request = self.world.request(who, request);
        Ok(self.client().announce_ballot(request).await?.into_inner())
    }

    pub async fn withdraw(
        &self,
        who: &Principal,
        ballot_id: &str,
        reason: &str,
    ) -> Result<pb::Ballot, Status> {
        let request = pb::WithdrawBallotRequest {
            ballot_id: ballot_id.into(),
            reason: reason.into(),
        };
        Ok(self
            .client()
            .withdraw_ballot(self.world.request(who, request))
            .await?
            .into_inner())
    }

    pub async fn vote(
        &self,
        who: &Principal,
        ballot_id: &str,
        home_id: HomeId,
        choice: pb::Choice,
    ) -> Result<pb::Vote, Status> {
        let key = uuid::Uuid::now_v7().to_string();
        self.vote_with_key(who, &key, ballot_id, home_id, choice).await
    }

    pub async fn vote_with_key(
        &self,
        who: &Principal,
        key: &str,
        ballot_id: &str,
        home_id: HomeId,
        choice: pb::Choice,
    ) -> Result<pb::Vote, Status> {
        let request = pb::CastVoteRequest {
            ballot_id: ballot_id.into(),
            home_id: home_id.to_string(),
            choice: choice.into(),
        };
        let request = self.world.request_with_key(who, key, request);
        Ok(self.client().cast_vote(request).await?.into_inner())
    }

    pub async fn get(&self, who: &Principal, ballot_id: &str) -> Result<pb::Ballot, Status> {
        let request = self.world.request(
            who,
            pb::GetBallotRequest {
                ballot_id: ballot_id.into(),
            },
        );
        Ok(self.client().get_ballot(request).await?.into_inner())
    }

    pub async fn own_votes(&self, who: &Principal, ballot_id: &str) -> Result<Vec<pb::Vote>, Status> {
        let request = self.world.request(
            who,
            pb::ListOwnVotesRequest {
                ballot_id: ballot_id.into(),
            },
        );
        Ok(self.client().list_own_votes(request).await?.into_inner().votes)
    }

    pub async fn list(
        &self,
        who: &Principal,
        request: pb::ListBallotsRequest,
    ) -> Result<pb::ListBallotsResponse, Status> {
        Ok(self
            .client()
            .list_ballots(self.world.request(who, request))
            .await?
            .into_inner())
    }

    /// A ballot of building 1, prepared by the community.
    pub async fn prepared(&self) -> pb::Ballot {
        self.prepare(&community(), proposal()).await.unwrap()
    }

    /// It, announced for the first possible instant and ten days.
    pub async fn announced(&self) -> pb::Ballot {
        let ballot = self.prepared().await;
        self.announce(&community(), window(&ballot.ballot_id))
            .await
            .unwrap()
    }

    /// It, with the clock at the instant of its opening.
    pub async fn open(&self) -> pb::Ballot {
        let ballot = self.announced().await;
        self.world.advance_to(at(NOTICE)).await;
        ballot
    }

    /// Runs the deadline of a ballot as if it were due now.
    pub async fn close_now(&self, ballot_id: &str) {
        let mut tx = self.store().begin_write().await.unwrap();
        let ctx = rpc::CallContext::of_service("committees", "test", rpc::Cause::Call { key: None });
        let now = self.store().clock().now() - TimeDelta::seconds(1);
        tx.schedule(&ctx, committees::app::CLOSE_BALLOT, ballot_id, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        self.world.pump().await;
    }

    /// The service's events so far: kind without package, aggregate, version, body.
    pub async fn events(&self) -> Vec<(String, String, i64, String)> {
        let connection = self.store().reader();
        let text = "SELECT kind, aggregate, version, body FROM outbox ORDER BY seq";
        let statement = Statement::from_string(connection.get_database_backend(), text);
        let rows = connection.query_all_raw(statement).await.unwrap();
        rows.iter()
            .map(|row| {
                let kind: String = row.try_get("", "kind").unwrap();
                let kind = kind.rsplit('.').next().unwrap().to_owned();
                (
                    kind,
                    row.try_get("", "aggregate").unwrap(),
                    row.try_get("", "version").unwrap(),
                    row.try_get("", "body").unwrap(),
                )
            })
            .collect()
    }

    /// Kinds and versions of the events so far.
    pub async fn told(&self) -> Vec<(String, i64)> {
        self.events()
            .await
            .into_iter()
            .map(|(kind, _, version, _)| (kind, version))
            .collect()
    }

    /// One number from the service's database.
    pub async fn number(&self, query: &str) -> i64 {
        let connection = self.store().reader();
        let statement = Statement::from_string(connection.get_database_backend(), query);
        connection
            .query_one_raw(statement)
            .await
            .unwrap()
            .unwrap()
            .try_get_by_index(0)
            .unwrap()
    }

    /// Changes the service's database behind its back.
    pub async fn write(&self, statement: &str) {
        let tx = self.store().begin_write().await.unwrap();
        tx.connection().execute_unprepared(statement).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Everything comes to rest, and nothing was given up.
    pub async fn end(self) {
        self.world.pump().await;
        self.world.assert_no_dead_letters().await;
    }
}

/// A ballot of building 1 on the use of the fund.
pub fn proposal() -> pb::PrepareBallotRequest {
    pb::PrepareBallotRequest {
        scope: Some(common::Scope {
            area_id: area().to_string(),
            building_ids: vec![building(1).to_string()],
            stairwells: Vec::new(),
        }),
        matter: pb::Matter::FundUse.into(),
        title: "1幢屋面防水维修".into(),
        text: "1幢屋面多处渗漏，拟重做防水层。".into(),
    }
}

/// The first possible instant and ten days.
pub fn window(ballot_id: &str) -> pb::AnnounceBallotRequest {
    pb::AnnounceBallotRequest {
        ballot_id: ballot_id.into(),
        opens_at: Some(at(NOTICE).into()),
        closes_at: Some(at(CLOSING).into()),
    }
}

/// A tally.
pub fn tally(heads: i64, area: i64) -> Option<pb::Tally> {
    Some(pb::Tally { heads, area })
}

/// Panics unless the call was refused like this, in both languages.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(result: Result<T, Status>, reason: &str, code: Code) {
    let status = result.expect_err("the call should have been refused");
    assert_eq!(
        (rpc::failure::reason_of(&status).as_str(), status.code()),
        (reason, code),
        "{status:?}"
    );
    let details = status.get_error_details();
    let zh = details
        .localized_message()
        .map(|message| message.message.clone())
        .unwrap_or_default();
    let has_chinese = zh.chars().any(|letter| letter >= '\u{4e00}');
    assert!(has_chinese && !status.message().is_empty(), "{status:?}");
}

/// Runs a test on every database that can be had, each in a world of its own.
pub async fn on_each(test: impl AsyncFn(&Stage)) {
    for backend in testkit::backends().await {
        let stage = Stage::new(backend).await;
        test(&stage).await;
        stage.end().await;
    }
}
