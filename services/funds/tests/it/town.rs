//! The world of a test: one area with three buildings, its homes, and the people around it.

use access::Principal;
use funds::api::inbound;
use funds::app::{App, RegistryChange};
use funds::store::Store;
use ids::{AreaId, BallotId, BuildingId, DrawId, EventId, FirmId, HomeId, OwnerId};
use outbox::Incoming;
use proto::common::v1 as common;
use proto::funds::v1 as pb;
use proto::funds::v1::funds_service_client::FundsServiceClient;
use proto::{committees, registry};
use rpc::{AppError, CallContext, Cause, Peer};
use sea_orm::{ConnectionTrait, Statement};
use testkit::{Backend, World, people};
use tonic::{Code, Status};

/// The community of the area, and one under another street.
pub const COMMUNITY: &str = "330783004015";
pub const ELSEWHERE: &str = "330783005001";
const AREA: &str = "330783004015-0001";

/// Homes: building, room, area in 0.01 m², use, sale state, hand-over.
const HOMES: &[(&str, &str, i64, common::HomeUse, common::SaleState, &str)] = &[
    ("3", "101", 8937, common::HomeUse::Residential, common::SaleState::Delivered, "2012-06-30"),
    ("3", "102", 8937, common::HomeUse::Residential, common::SaleState::Delivered, "2012-06-30"),
    ("3", "201", 12654, common::HomeUse::Residential, common::SaleState::Delivered, "2012-06-30"),
    ("3", "P1", 1200, common::HomeUse::Parking, common::SaleState::Delivered, "2012-06-30"),
    ("4", "101", 9000, common::HomeUse::Residential, common::SaleState::Delivered, "2020-06-30"),
    ("5", "101", 900_000, common::HomeUse::Commercial, common::SaleState::Delivered, "2010-01-01"),
    ("5", "102", 60_000, common::HomeUse::Residential, common::SaleState::Unsold, ""),
    ("5", "103", 40_000, common::HomeUse::Residential, common::SaleState::Sold, ""),
    ("6", "P2", 1200, common::HomeUse::Parking, common::SaleState::Delivered, "2012-06-30"),
];

pub struct Town {
    pub world: World,
    pub app: App,
    peer: Peer,
}

/// Runs a test on every database that can be had.
pub async fn each(test: impl AsyncFn(Town)) {
    for backend in testkit::backends().await {
        test(Town::new(backend).await).await;
    }
}

pub fn area_id() -> AreaId {
    AreaId::derive(AREA)
}

pub fn building_id(number: &str) -> BuildingId {
    BuildingId::derive(&format!("{AREA}/{number}"))
}

pub fn unit_number(building: &str, room: &str) -> String {
    let place = HOMES.iter().position(|home| home.0 == building && home.1 == room).unwrap();
    format!("330783004015GB00001F{:08}", place + 1)
}

pub fn home_id(building: &str, room: &str) -> HomeId {
    HomeId::derive(&unit_number(building, room))
}

pub fn owner_of(building: &str, room: &str) -> OwnerId {
    OwnerId::derive(&format!("owner-of-{building}-{room}"))
}

pub fn manager() -> Principal {
    people::firm(FirmId::derive("manager"))
}

pub fn developer() -> Principal {
    people::firm(FirmId::derive("developer"))
}

pub fn community() -> Principal {
    people::community(COMMUNITY)
}

pub fn authority() -> Principal {
    people::authority("330783")
}

pub fn committee() -> Principal {
    people::committee_member(area_id())
}

/// What the registry told, in order, as `(aggregate, version, change)`.
pub fn registry_story() -> Vec<(String, i64, RegistryChange)> {
    let area = registry::v1::Area {
        area_id: area_id().to_string(),
        number: AREA.into(),
        name: "湖畔花园".into(),
        division_code: COMMUNITY.into(),
        developer_id: FirmId::derive("developer").to_string(),
        manager_id: FirmId::derive("manager").to_string(),
        version: 1,
    };
    let event = registry::v1::AreaRegistered { area: Some(area) };
    let mut story = vec![(area_id().to_string(), 1, inbound::area(event).unwrap())];
    for number in ["3", "4", "5", "6"] {
        let id = building_id(number).to_string();
        let building = registry::v1::Building {
            building_id: id.clone(),
            area_id: area_id().to_string(),
            number: number.into(),
            floors: 6,
            version: 1,
        };
        let event = registry::v1::BuildingRegistered { building: Some(building) };
        story.push((id.clone(), 1, inbound::building(event).unwrap()));
        let homes: Vec<_> = HOMES.iter().filter(|home| home.0 == number).collect();
        let event = registry::v1::HomesRegistered {
            building_id: id.clone(),
            area_id: area_id().to_string(),
            homes: homes.iter().map(|home| registry_home(home)).collect(),
        };
        story.push((id.clone(), 2, inbound::homes(event).unwrap()));
        let sold = homes.iter().filter(|home| home.4 != common::SaleState::Unsold);
        let ownerships = sold.map(|home| registry::v1::Ownership {
            home_id: home_id(home.0, home.1).to_string(),
            owner_ids: vec![owner_of(home.0, home.1).to_string()],
            since: "2012-06-30".into(),
        });
        let event = registry::v1::OwnershipsRecorded { building_id: id.clone(), ownerships: ownerships.collect() };
        story.push((id, 3, inbound::ownerships(event).unwrap()));
    }
    story
}

fn registry_home(home: &(&str, &str, i64, common::HomeUse, common::SaleState, &str)) -> registry::v1::Home {
    let mut message = registry::v1::Home {
        home_id: home_id(home.0, home.1).to_string(),
        area_id: area_id().to_string(),
        building_id: building_id(home.0).to_string(),
        stairwell: "1".into(),
        room: home.1.into(),
        unit_number: unit_number(home.0, home.1),
        exclusive_area: home.2,
        delivered_on: home.5.into(),
        ..Default::default()
    };
    message.set_use(home.3);
    message.set_sale_state(home.4);
    message
}

pub fn caused_by(reaction: &str, id: EventId) -> CallContext {
    CallContext::of_service("funds", "reaction", Cause::Event { consumer: format!("funds--{reaction}"), id })
}

/// The decision on a draw, 40 on the roll: enough for, too few for, or too few at all.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Passed,
    NotEnoughFor,
    TooFewTookPart,
}

impl Town {
    pub async fn new(backend: Backend) -> Self {
        let town = Self::empty(backend).await;
        for (aggregate, version, change) in registry_story() {
            town.replicate(&aggregate, version, change).await.unwrap();
        }
        town
    }

    pub async fn empty(backend: Backend) -> Self {
        let mut world = World::new(backend).await;
        let hosted = world.add::<funds::Funds>().await;
        let (peer, store) = (hosted.peer(), Store::new(hosted.store.clone()));
        let host = &world.host;
        let app = App::new(store, host.clock.clone(), host.access.clone(), host.rules.clone());
        Town { app, peer, world }
    }

    pub fn client(&self) -> FundsServiceClient<Peer> {
        FundsServiceClient::new(self.peer.clone())
    }

    pub async fn replicate(
        &self,
        aggregate: &str,
        version: i64,
        change: RegistryChange,
    ) -> Result<(), funds::error::AppError> {
        let id = EventId::generate();
        let incoming = Incoming {
            consumer: "funds--replicate_registry".into(),
            id,
            aggregate: aggregate.into(),
            version,
            happened_at: self.world.host.clock.now(),
        };
        self.app.replicate_registry(&caused_by("replicate_registry", id), &incoming, change).await
    }

    pub fn proposal(&self, buildings: &[&str], budget_fen: i64) -> pb::ProposeDrawRequest {
        let scope = common::Scope {
            area_id: area_id().to_string(),
            building_ids: buildings.iter().map(|number| building_id(number).to_string()).collect(),
            stairwells: Vec::new(),
        };
        let mut request = pb::ProposeDrawRequest {
            scope: Some(scope),
            title: "屋面防水维修".into(),
            text: "重做防水层。".into(),
            budget_fen,
            ..Default::default()
        };
        request.set_part(common::SharedPart::RoofWaterproofing);
        request
    }

    pub async fn propose(&self, buildings: &[&str], budget_fen: i64) -> pb::Draw {
        let request = self.world.request(&manager(), self.proposal(buildings, budget_fen));
        self.client().propose_draw(request).await.unwrap().into_inner()
    }

    pub async fn check(&self, draw_id: &str) -> Result<pb::Draw, Status> {
        let message = pb::CheckDrawRequest { draw_id: draw_id.into(), remark: "属实".into() };
        Ok(self.client().check_draw(self.world.request(&community(), message)).await?.into_inner())
    }

    pub async fn accept(&self, draw_id: &str, settled_fen: i64) -> Result<pb::Draw, Status> {
        let message = pb::AcceptWorkRequest { draw_id: draw_id.into(), settled_fen };
        Ok(self.client().accept_work(self.world.request(&committee(), message)).await?.into_inner())
    }

    pub async fn pay(&self, draw_id: &str) -> Result<pb::Draw, Status> {
        let message = pb::PayDrawRequest { draw_id: draw_id.into(), bank_reference: "20260302-1".into() };
        Ok(self.client().pay_draw(self.world.request(&authority(), message)).await?.into_inner())
    }

    pub async fn get(&self, draw_id: &str) -> pb::Draw {
        let message = pb::GetDrawRequest { draw_id: draw_id.into() };
        self.client().get_draw(self.world.request(&authority(), message)).await.unwrap().into_inner()
    }

    /// The ballot of a draw; one per draw.
    pub fn ballot_of(draw_id: &str) -> BallotId {
        BallotId::derive(draw_id)
    }

    pub fn decided(draw_id: &str, verdict: Verdict) -> committees::v1::BallotDecided {
        let tally = |heads, area| Some(committees::v1::Tally { heads, area });
        let (took_part, approved) = match verdict {
            Verdict::Passed => (30, 16),
            Verdict::NotEnoughFor => (30, 15),
            Verdict::TooFewTookPart => (20, 20),
        };
        let fraction = |numerator, denominator| Some(committees::v1::Fraction { numerator, denominator });
        let result = committees::v1::Result {
            r#for: tally(approved, approved * 9_000),
            enough_took_part: verdict != Verdict::TooFewTookPart,
            passed: verdict == Verdict::Passed,
            participation_required: fraction(2, 3),
            approval_required: fraction(1, 2),
            approval_strict: true,
            ..Default::default()
        };
        let ballot = committees::v1::Ballot {
            ballot_id: Self::ballot_of(draw_id).to_string(),
            draw_id: draw_id.into(),
            roll: tally(40, 360_000),
            turnout: tally(took_part, took_part * 9_000),
            result: Some(result),
            ..Default::default()
        };
        committees::v1::BallotDecided { ballot: Some(ballot) }
    }

    pub async fn decide(&self, draw_id: &str, verdict: Verdict) -> Result<(), funds::error::AppError> {
        self.deliver(EventId::generate(), Self::decided(draw_id, verdict)).await
    }

    pub async fn deliver(
        &self,
        id: EventId,
        event: committees::v1::BallotDecided,
    ) -> Result<(), funds::error::AppError> {
        let outcome = inbound::outcome(event).unwrap().unwrap();
        self.app.on_ballot_decided(&caused_by("on_ballot_decided", id), outcome).await
    }

    /// A draw that the owners agreed to.
    pub async fn reserved(&self, buildings: &[&str], budget_fen: i64) -> pb::Draw {
        let draw = self.propose(buildings, budget_fen).await;
        self.check(&draw.draw_id).await.unwrap();
        self.decide(&draw.draw_id, Verdict::Passed).await.unwrap();
        self.get(&draw.draw_id).await
    }

    pub async fn shares(&self, draw_id: &str) -> Vec<pb::Share> {
        let message = pb::ListSharesRequest { draw_id: draw_id.into(), ..Default::default() };
        let request = self.world.request(&authority(), message);
        self.client().list_shares(request).await.unwrap().into_inner().shares
    }

    /// A table of deposits: building, room, amount in yuan, reference.
    pub fn table(rows: &[(&str, &str, &str, &str)]) -> String {
        let mut text = "unit_number,amount,paid_on,reference\n".to_owned();
        for (building, room, amount, reference) in rows {
            text.push_str(&format!("{},{amount},2012-06-30,{reference}\n", unit_number(building, room)));
        }
        text
    }

    pub async fn import(&self, table: impl Into<Vec<u8>>) -> Result<pb::DepositReport, Status> {
        let message = pb::ImportDepositsRequest { content: table.into().into(), dry_run: false };
        Ok(self.client().import_deposits(self.world.request(&authority(), message)).await?.into_inner())
    }

    /// Enough for every home that may have to pay.
    pub async fn endow(&self) {
        let rows = [
            ("3", "101", "5808.75", "D-1"),
            ("3", "102", "5808.75", "D-2"),
            ("3", "201", "8225.10", "D-3"),
            ("5", "101", "585000.00", "D-4"),
        ];
        assert_eq!(self.import(Self::table(&rows)).await.unwrap().posted, 4);
    }

    pub async fn statement(&self, building: &str, room: &str) -> pb::Statement {
        let owner = people::owner(owner_of(building, room));
        self.statement_as(&owner, building, room).await.unwrap()
    }

    pub async fn statement_as(&self, who: &Principal, building: &str, room: &str) -> Result<pb::Statement, Status> {
        let message = pb::GetStatementRequest { home_id: home_id(building, room).to_string() };
        Ok(self.client().get_statement(self.world.request(who, message)).await?.into_inner())
    }

    pub async fn trial_balance(&self) -> pb::TrialBalance {
        let message = pb::GetTrialBalanceRequest { area_id: area_id().to_string() };
        self.client().get_trial_balance(self.world.request(&authority(), message)).await.unwrap().into_inner()
    }

    /// What is in the outbox: kind, aggregate, version, body, address.
    pub async fn outbox(&self) -> Vec<(String, String, i64, serde_json::Value, String)> {
        let reader = self.world.hosted("funds").store.reader();
        let sql = "SELECT kind, aggregate, version, body, address FROM outbox ORDER BY seq";
        let rows = reader.query_all_raw(Statement::from_string(reader.get_database_backend(), sql)).await.unwrap();
        let read = |row: &sea_orm::QueryResult| {
            let body: String = row.try_get_by_index(3).unwrap();
            (
                row.try_get_by_index::<String>(0).unwrap().trim_start_matches("heju.funds.v1.").to_owned(),
                row.try_get_by_index(1).unwrap(),
                row.try_get_by_index(2).unwrap(),
                serde_json::from_str(&body).unwrap(),
                row.try_get_by_index(4).unwrap(),
            )
        };
        rows.iter().map(read).collect()
    }

    /// The kinds of events of one aggregate with their versions.
    pub async fn events_of(&self, aggregate: &str) -> Vec<(String, i64)> {
        let all = self.outbox().await;
        all.into_iter().filter(|event| event.1 == aggregate).map(|event| (event.0, event.2)).collect()
    }
}

/// Asserts a refusal by code and reason, and that it says it in Chinese too.
pub fn assert_refused<T: std::fmt::Debug>(answer: Result<T, Status>, code: Code, reason: &str) {
    use tonic_types::StatusExt;
    let status = answer.expect_err("it is refused");
    assert_eq!((rpc::failure::reason_of(&status).as_str(), status.code()), (reason, code), "{status:?}");
    let zh = status.get_details_localized_message().expect("a Chinese message").message;
    assert!(zh.chars().any(|c| !c.is_ascii()), "{zh}");
}

/// The reason of a use case that was refused without the API.
pub fn reason_of(answer: Result<(), funds::error::AppError>) -> &'static str {
    use rpc::Refusal as _;
    match answer.expect_err("it is refused") {
        AppError::Refused(refusal) => refusal.reason(),
        AppError::General(general) => general.reason(),
    }
}

pub fn draw_id(draw: &pb::Draw) -> DrawId {
    draw.draw_id.parse().unwrap()
}
