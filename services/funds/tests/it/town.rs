//! The world of a test: one area with three buildings, its homes, and the people around it.

use std::fmt::Display;

use access::Principal;
use funds::api::inbound;
use funds::app::{App, RegistryChange};
use funds::store::Store;
use ids::{BallotId, DrawId, EventId};
use outbox::{Incoming, Message, Received, Standing};
use proto::committees;
use proto::common::v1 as common;
use proto::funds::v1 as pb;
use proto::funds::v1::funds_service_client::FundsServiceClient;
use rpc::{AppError, CallContext, Cause, Peer};
use sea_orm::{ConnectionTrait, Statement};
use testkit::{Backend, World, people};
use tonic::{Code, Status};

pub use crate::places::*;
use crate::sources::{Registry, publish};

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

pub fn caused_by(reaction: &str, id: EventId) -> CallContext {
    CallContext::of_service(
        "funds",
        "reaction",
        Cause::Event {
            consumer: format!("funds--{reaction}"),
            id,
        },
    )
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
        world.add::<Registry>().await;
        let hosted = world.add::<funds::Funds>().await;
        let (peer, store) = (hosted.peer(), Store::new(hosted.store.clone()));
        let host = &world.host;
        let app = App::new(store, host.clock.clone(), host.access.clone(), host.rules.clone());
        Town { app, peer, world }
    }

    pub fn client(&self) -> FundsServiceClient<Peer> {
        FundsServiceClient::new(self.peer.clone())
    }

    /// The registry tells of something, over the stream.
    pub async fn registry<E: proto::Event>(&self, aggregate: impl Display, version: i64, event: &E) {
        let message = Message::of(event, aggregate, version, &COMMUNITY.parse().unwrap());
        publish(&self.world.hosted("registry").store, [message]).await;
        self.world.pump().await;
    }

    /// Follows one change; where it stood.
    pub async fn replicate(
        &self,
        aggregate: &str,
        version: i64,
        change: RegistryChange,
    ) -> Result<Standing, funds::error::AppError> {
        let standings = self
            .replicate_all([(aggregate.to_owned(), version, change)])
            .await?;
        Ok(standings[0])
    }

    /// Follows changes in one batch.
    pub async fn replicate_all(
        &self,
        changes: impl IntoIterator<Item = (String, i64, RegistryChange)>,
    ) -> Result<Vec<Standing>, funds::error::AppError> {
        let received = |(aggregate, version, event)| Received {
            event,
            incoming: Incoming {
                consumer: "funds--replicate_registry".into(),
                id: EventId::generate(),
                aggregate,
                version,
                happened_at: self.world.host.clock.now(),
            },
        };
        let batch: Vec<_> = changes.into_iter().map(received).collect();
        self.app.replicate_registry(&batch).await
    }

    pub fn proposal(&self, buildings: &[&str], budget_fen: i64) -> pb::ProposeDrawRequest {
        let scope = common::Scope {
            area_id: area_id().to_string(),
            building_ids: buildings
                .iter()
                .map(|number| building_id(number).to_string())
                .collect(),
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
        let request = self
            .world
            .request(&manager(), self.proposal(buildings, budget_fen));
        self.client().propose_draw(request).await.unwrap().into_inner()
    }

    pub async fn check(&self, draw_id: &str) -> Result<pb::Draw, Status> {
        let message = pb::CheckDrawRequest {
            draw_id: draw_id.into(),
            remark: "属实".into(),
        };
        Ok(self
            .client()
            .check_draw(self.world.request(&community(), message))
            .await?
            .into_inner())
    }

    pub async fn accept(&self, draw_id: &str, settled_fen: i64) -> Result<pb::Draw, Status> {
        let message = pb::AcceptWorkRequest {
            draw_id: draw_id.into(),
            settled_fen,
        };
        Ok(self
            .client()
            .accept_work(self.world.request(&committee(), message))
            .await?
            .into_inner())
    }

    pub async fn pay(&self, draw_id: &str) -> Result<pb::Draw, Status> {
        let message = pb::PayDrawRequest {
            draw_id: draw_id.into(),
            bank_reference: "20260302-1".into(),
        };
        Ok(self
            .client()
            .pay_draw(self.world.request(&authority(), message))
            .await?
            .into_inner())
    }

    pub async fn get(&self, draw_id: &str) -> pb::Draw {
        let message = pb::GetDrawRequest {
            draw_id: draw_id.into(),
        };
        self.client()
            .get_draw(self.world.request(&authority(), message))
            .await
            .unwrap()
            .into_inner()
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
        let fraction = |numerator, denominator| {
            Some(committees::v1::Fraction {
                numerator,
                denominator,
            })
        };
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
        self.deliver(EventId::generate(), Self::decided(draw_id, verdict))
            .await
    }

    pub async fn deliver(
        &self,
        id: EventId,
        event: committees::v1::BallotDecided,
    ) -> Result<(), funds::error::AppError> {
        let outcome = inbound::outcome(event).unwrap().unwrap();
        self.app
            .on_ballot_decided(&caused_by("on_ballot_decided", id), outcome)
            .await
    }

    /// A draw that the owners agreed to.
    pub async fn reserved(&self, buildings: &[&str], budget_fen: i64) -> pb::Draw {
        let draw = self.propose(buildings, budget_fen).await;
        self.check(&draw.draw_id).await.unwrap();
        self.decide(&draw.draw_id, Verdict::Passed).await.unwrap();
        self.get(&draw.draw_id).await
    }

    pub async fn shares(&self, draw_id: &str) -> Vec<pb::Share> {
        let message = pb::ListSharesRequest {
            draw_id: draw_id.into(),
            ..Default::default()
        };
        let request = self.world.request(&authority(), message);
        self.client()
            .list_shares(request)
            .await
            .unwrap()
            .into_inner()
            .shares
    }

    /// A table of deposits: building, room, amount in yuan, reference.
    pub fn table(rows: &[(&str, &str, &str, &str)]) -> String {
        let mut text = "unit_number,amount,paid_on,reference\n".to_owned();
        for (building, room, amount, reference) in rows {
            text.push_str(&format!(
                "{},{amount},2012-06-30,{reference}\n",
                unit_number(building, room)
            ));
        }
        text
    }

    pub async fn import(&self, table: impl Into<Vec<u8>>) -> Result<pb::DepositReport, Status> {
        let message = pb::ImportDepositsRequest {
            content: table.into(),
            dry_run: false,
        };
        Ok(self
            .client()
            .import_deposits(self.world.request(&authority(), message))
            .await?
            .into_inner())
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

    pub async fn statement_as(
        &self,
        who: &Principal,
        building: &str,
        room: &str,
    ) -> Result<pb::Statement, Status> {
        let message = pb::GetStatementRequest {
            home_id: home_id(building, room).to_string(),
        };
        Ok(self
            .client()
            .get_statement(self.world.request(who, message))
            .await?
            .into_inner())
    }

    pub async fn trial_balance(&self) -> pb::TrialBalance {
        let message = pb::GetTrialBalanceRequest {
            area_id: area_id().to_string(),
        };
        self.client()
            .get_trial_balance(self.world.request(&authority(), message))
            .await
            .unwrap()
            .into_inner()
    }

    /// What is in the outbox: kind, aggregate, version, body, address.
    pub async fn outbox(&self) -> Vec<(String, String, i64, serde_json::Value, String)> {
        let reader = self.world.hosted("funds").store.reader();
        let sql = "SELECT kind, aggregate, version, body, address FROM outbox ORDER BY seq";
        let rows = reader
            .query_all_raw(Statement::from_string(reader.get_database_backend(), sql))
            .await
            .unwrap();
        let read = |row: &sea_orm::QueryResult| {
            let body: String = row.try_get_by_index(3).unwrap();
            (
                row.try_get_by_index::<String>(0)
                    .unwrap()
                    .trim_start_matches("heju.funds.v1.")
                    .to_owned(),
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
        all.into_iter()
            .filter(|event| event.1 == aggregate)
            .map(|event| (event.0, event.2))
            .collect()
    }
}

/// Asserts a refusal by code and reason, and that it says it in Chinese too.
pub fn assert_refused<T: std::fmt::Debug>(answer: Result<T, Status>, code: Code, reason: &str) {
    use tonic_types::StatusExt;
    let status = answer.expect_err("it is refused");
    assert_eq!(
        (rpc::failure::reason_of(&status).as_str(), status.code()),
        (reason, code),
        "{status:?}"
    );
    let zh = status
        .get_details_localized_message()
        .expect("a Chinese message")
        .message;
    assert!(!zh.is_ascii(), "{zh}");
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
